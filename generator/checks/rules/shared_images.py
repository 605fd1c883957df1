"""A service that runs the image of another one: there is such an image, and it can start what the service starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.model.images import FromDockerfile, OwnImage, SharedImage
from generator.model.project import Project
from generator.model.roles import Background, Framed
from generator.model.services import Service
from generator.text.errors import Finding


def impossible_images(project: Project) -> Iterator[Finding]:
    """Find services that run an image which nobody builds, or that start nothing of their own in it."""
    built = {service.name: service for service in project.image_owners()}
    for service in project.services.values():
        if not isinstance(service, SharedImage):
            continue
        name = service.image_of
        if name in built:
            yield from _started(project, service, built[name])
        elif name not in project.names or name in project.services:
            yield _nobody(project, service, built)


def _nobody(project: Project, service: SharedImage, built: Mapping[str, Service]) -> Finding:
    """Tell of an image that nobody builds, with the service at the end of the chain, if there is one."""
    other = project.services.get(service.image_of)
    seen, end = {service.name}, other
    while isinstance(end, SharedImage) and end.name not in seen:
        seen.add(end.name)
        end = project.services.get(end.image_of)
    if other is None:
        why = "is not a service"
    elif other is service:
        why = "is itself"
    elif isinstance(other, SharedImage):
        circle = end is not None and end.name in seen
        why = f"runs that of {other.image_of}" + (", in a circle" if circle else "")
    else:
        why = "has no Dockerfile"
    names = [end.name] if end is not None and end.name in built else [*built]
    fix = (
        f"name the service that builds it, as image_of: {names[0]}"
        if names
        else "add the service that builds it, or remove image_of"
    )
    message = f"{service.name} runs the image of {service.image_of}, which {why}"
    return project.finding(("services", service.name, "image_of"), message, fix, "image-of-unknown")


def _started(project: Project, service: SharedImage, owner: FromDockerfile) -> Iterator[Finding]:
    # A second server, with another environment, is what the image starts; a worker or a job is not.
    if isinstance(service, Background) and service.command is None and service.entrypoint is None:
        app = isinstance(service, Framed) and service.framework_command is not None
        yield project.finding(
            ("services", service.name),
            f"{service.name} runs the image of {owner.name}, and would start what {owner.name} starts",
            "add app, as the framework names it, or command: [...]" if app else "add command: [...]",
            "key-missing",
        )
    if not isinstance(service, Framed) or not isinstance(owner, OwnImage):
        return
    known = service.frameworks[owner.runtime]
    if service.framework not in known:
        yield project.finding(
            ("services", service.name, "framework"),
            f"{service.name} has {service.framework}, and runs the image of {owner.name}, which has {owner.runtime}",
            f"use one of {', '.join(known)}",
            "value-unknown",
        )
