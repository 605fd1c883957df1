"""Every built service has a folder of its own, on every disk: its Dockerfile would overwrite another's.

That two paths are one folder by a link is seen where the repository is read: `generator/detect/shared_folders.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.artefacts import ARTEFACTS
from generator.model.images import FromDockerfile, OwnImage, WrittenImage
from generator.model.names import dockerfile_name
from generator.model.project import Project
from generator.text.errors import Finding, KeyPath
from generator.text.spelling import disk_name

_TAKEN = {disk_name(artefact.name) for artefact in ARTEFACTS}
# What compose-go takes for the start of a repository's address and what a path can start with.
_REMOTE = ("github.com/", "git@")


def shared_paths(project: Project) -> Iterator[Finding]:
    """Find paths that an earlier service has, that contain a generated file, or that Compose would fetch."""
    owners: dict[str, list[FromDockerfile]] = {}
    for service in project.image_owners():
        for name in service.path.split("/"):
            if disk_name(name) in {*_TAKEN, disk_name(project.compose_file)}:
                yield project.finding(
                    ("services", service.name, "path"),
                    f"{service.name} has a folder called {name}, which is a generated file",
                    "call the folder something else",
                    "path-reserved",
                )
        first = next((one for one in owners.setdefault(disk_name(service.path), []) if _clash(one, service)), None)
        owners[disk_name(service.path)].append(service)
        if first is not None:
            yield _taken(project, service, first)
        yield from _remote(project, service)


def _clash(first: FromDockerfile, second: FromDockerfile) -> bool:
    """Tell whether the Dockerfile of one service is that of another one, or may be on some disk."""
    names = [disk_name(dockerfile_name(one.dockerfile)) for one in (first, second)]
    # One Dockerfile that the team writes may have several stages to build.
    written = isinstance(first, WrittenImage) and isinstance(second, WrittenImage)
    return first.path != second.path or (names[0] == names[1] and not written)


def _taken(project: Project, service: FromDockerfile, first: FromDockerfile) -> Finding:
    """Tell of a path that `first` has, and how both run one image, which is what is mostly meant."""
    alike = first.path == service.path
    said = "" if alike else f" as {first.path!r}: a disk that ignores case has one folder for both"
    fix = "give each service a folder of its own"
    if alike and getattr(first, "runtime", None) == getattr(service, "runtime", None):
        fix += f"; or let {service.name} run the image of {first.name}, as image_of: {first.name} instead of path"
    if alike:
        fix += f"; for another image of the same folder, write dockerfile: {service.name}.Dockerfile"
    message = f"{service.name} has the path {service.path!r}, which {first.name} has already{said}"
    return project.finding(("services", service.name, "path"), message, fix, "path-taken")


def _remote(project: Project, service: FromDockerfile) -> Iterator[Finding]:
    place: KeyPath = ("path",)
    context = service.path
    if isinstance(service, OwnImage) and service.workspace is not None:
        place, context = ("workspace", "root"), service.workspace.root
    if context.startswith(_REMOTE):
        yield project.finding(
            ("services", service.name, *place),
            f"{service.name} is built from {context!r}, which Compose takes for a repository to fetch",
            f"move the folder, as to services/{service.name}",
            "path-remote",
        )
