"""Every built service has a folder of its own: its Dockerfile would overwrite another's."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.artefacts import ARTEFACTS
from generator.model.project import Project
from generator.text.errors import Finding

_TAKEN = {artefact.name for artefact in ARTEFACTS}


def shared_paths(project: Project) -> Iterator[Finding]:
    """Find paths that an earlier service has, or that contain the name of a generated file."""
    owner: dict[str, str] = {}
    for service in project.built():
        for name in sorted(_TAKEN.intersection(service.path.split("/"))):
            yield project.finding(
                ("services", service.name, "path"),
                f"{service.name} has a folder called {name}, which is a generated file",
                "call the folder something else",
                "path-reserved",
            )
        first = owner.setdefault(service.path, service.name)
        if first != service.name:
            yield project.finding(
                ("services", service.name, "path"),
                f"{service.name} has the path {service.path!r}, which {first} has already",
                "give each service a folder of its own",
                "path-taken",
            )
