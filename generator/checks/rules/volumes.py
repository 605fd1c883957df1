"""A named volume belongs to one service, or to those that run its image, and is mounted at a place of its own."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.images import SharedImage
from generator.model.project import Project
from generator.text.errors import Finding


def shared_volumes(project: Project) -> Iterator[Finding]:
    """Find volumes that Compose sees by one name, as `b-c` of `a` and `c` of `a-b`, and two at one place."""
    owner: dict[str, str] = {}
    for service in project.services.values():
        places: dict[str, str] = {}
        for name, target in service.volumes.items():
            holder = (service.image_of if isinstance(service, SharedImage) else None) or service.name
            volume = f"{holder}-{name}"
            first = owner.setdefault(volume, holder)
            if first != holder:
                yield project.finding(
                    ("services", service.name, "volumes", name),
                    f"{service.name} and {first} would share the volume {volume}",
                    f"give it another name, as {name}-data",
                    "volume-shared",
                )
            before = places.setdefault(target, name)
            if before != name:
                yield project.finding(
                    ("services", service.name, "volumes", name),
                    f"{service.name} mounts {name} at {target}, where {before} is mounted already",
                    "mount it elsewhere, or leave it out",
                    "mount-taken",
                )
