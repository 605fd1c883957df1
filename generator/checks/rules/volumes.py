"""A named volume belongs to one service, to those that run its image, or to all who share it, with one owner."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.images import SharedImage
from generator.model.parts import NumericUser, User
from generator.model.project import Project
from generator.model.services import Service
from generator.text.errors import Finding


def _owners(project: Project) -> Iterator[Finding]:
    """Find services that share a volume as different users: the folder in it belongs to one of them alone."""
    first: dict[str, tuple[str, tuple[int, int]]] = {}
    for service in project.services.values():
        if (user := _user(project, service)) is None:
            continue
        for name in service.volumes:
            if name not in project.volumes:
                continue
            other, theirs = first.setdefault(name, (service.name, user))
            if theirs != user:
                said = f"{service.name} as {user[0]}:{user[1]}, and {other} as {theirs[0]}:{theirs[1]}"
                yield project.finding(
                    ("services", service.name, "volumes", name),
                    f"the volume {name} is used by {said}",
                    f"give both one user, as user: {{uid: {theirs[0]}, gid: {theirs[1]}}}",
                    "volume-owners-differ",
                )


def _user(project: Project, service: Service) -> tuple[int, int] | None:
    """Return the user and the group of a service; None where only its image knows them."""
    own = getattr(service, "user", None)
    if own is None and isinstance(service, SharedImage) and service.image_of in project.services:
        own = getattr(project.services[service.image_of], "user", None)
    return (own.uid, own.gid) if isinstance(own, (User, NumericUser)) else None


def shared_volumes(project: Project) -> Iterator[Finding]:
    """Find volumes that Compose sees by one name, as `b-c` of `a` and `c` of `a-b`, two at one place and two owners."""
    yield from _owners(project)
    owner = dict.fromkeys(project.volumes, "the project")
    for service in project.services.values():
        places: dict[str, str] = {}
        for name, target in service.volumes.items():
            volume = project.volume_name(service, name)
            holder = project.volume_holder(service, name) or "the project"
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
