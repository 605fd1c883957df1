"""What the Compose file for development does has an effect: there is something to run, and it sees its sources."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.development import builder, runs_in_dev, runs_once
from generator.model.images import OwnImage, SharedImage
from generator.model.project import Project
from generator.model.services import Service
from generator.text.errors import Finding


def impossible_dev_actions(project: Project) -> Iterator[Finding]:
    """Find a file for development without a service, and what would be done with sources in vain."""
    if not project.dev:
        return
    if len(project.services) == len(project.names) and not project.with_dockerfiles():
        message = "dev asks for compose.dev.yaml, and no service has a generated Dockerfile, so that none is in it"
        yield project.finding(("dev",), message, "remove dev, or add a service that is built", "dev-without-services")
    for service in project.services.values():
        if isinstance(service, (OwnImage, SharedImage)) and service.dev_action is not None:
            yield from _in_vain(project, service, service.dev_action)


def _in_vain(project: Project, service: Service, action: str) -> Iterator[Finding]:
    owner = builder(service, project.services)
    name = service.image_of if isinstance(service, SharedImage) else service.name
    image = "the image" if name == service.name else f"the image of {name}"
    if runs_once(service):
        why, fix = "it runs once", "remove it: docker compose run starts it again"
    elif owner is None and name in project.services:
        why, fix = f"no Dockerfile is generated for {image}", "remove it, or write compose: {develop: {watch: [...]}}"
    elif owner is not None and action != "rebuild" and not runs_in_dev(owner):
        kind = getattr(owner, "output", "")
        why = f"{image} has the output {kind}, which the stage dev does not start"
        fix = f"write dev_action: rebuild, or give {name} a server, as dev_command: [node_modules/.bin/vite, --host]"
    else:
        return
    message = f"{service.name} has dev_action: {action}, and {why}"
    yield project.finding(("services", service.name, "dev_action"), message, fix, "dev-action-impossible")
