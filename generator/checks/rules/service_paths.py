"""Every built service has a folder of its own: its Dockerfile would overwrite another's."""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks.rules.finding import Finding
from generator.model.project import Project
from generator.render.tree import PROJECT_FILES, SERVICE_FILES

_TAKEN = {*PROJECT_FILES, *SERVICE_FILES}


def check(project: Project) -> Iterator[Finding]:
    """A path that an earlier service has already, or that a generated file needs for itself."""
    owner: dict[str, str] = {}
    for service in project.built():
        for name in sorted(_TAKEN.intersection(service.path.split("/"))):
            yield Finding(
                ("services", service.name, "path"),
                f"{service.name} has a folder called {name}, which is a generated file",
                "call the folder something else",
            )
        first = owner.setdefault(service.path, service.name)
        if first != service.name:
            yield Finding(
                ("services", service.name, "path"),
                f"{service.name} has the path {service.path!r}, which {first} has already",
                "give each service a folder of its own",
            )
