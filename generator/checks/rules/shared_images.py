"""A service that runs the image of another one: there is such an image, and it is prepared for its volumes."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.images import ExistingImage, OwnImage
from generator.model.project import Project
from generator.text.errors import Finding
from generator.text.quote import quoted


def impossible_images(project: Project) -> Iterator[Finding]:
    """Find services that run an image which nobody builds, and volumes that the image has no folder for.

    The folder of a volume belongs to the user of the service only where the image has it
    (https://docs.docker.com/engine/storage/volumes/#populate-a-volume-using-a-container), and the Dockerfile of the
    other service makes those of its own volumes.
    """
    built = {service.name: service for service in project.built()}
    for service in project.services.values():
        if not isinstance(service, ExistingImage) or (name := service.image_of) is None:
            continue
        if name in built:
            yield from _volumes(project, service, built[name])
        elif name not in project.names or name in project.services:
            yield project.finding(
                ("services", service.name, "image_of"),
                f"{service.name} runs the image of {name}, which "
                + ("has no Dockerfile" if name in project.services else "is not a service"),
                f"name a service that is built: {', '.join(built)}" if built else "give image",
                "image-of-unknown",
            )


def _volumes(project: Project, service: ExistingImage, owner: OwnImage) -> Iterator[Finding]:
    for name, target in service.volumes.items():
        if owner.volumes.get(name) != target:
            there = owner.volumes.get(name)
            said = f"mounts {name} at {there}" if there else f"has no volume {name}"
            yield project.finding(
                ("services", service.name, "volumes", name),
                f"{service.name} mounts {name} at {target}, and {owner.name}, whose image it runs, {said}",
                (
                    f"give {owner.name} {quoted({'volumes': {**owner.volumes, name: target}})[1:-1]}"
                    if not there
                    else f"mount it at {there}"
                ),
                "image-of-volume",
            )
