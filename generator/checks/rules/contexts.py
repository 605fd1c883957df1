"""A build context that a service spells out itself has to have the service's folder in it."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.project import Project
from generator.model.runtimes import JavaScript
from generator.text.errors import Finding


def foreign_contexts(project: Project) -> Iterator[Finding]:
    """Find build contexts that do not have the folder of the service in them, or that a workspace decides already."""
    for service in project.built():
        if not isinstance(service, JavaScript) or service.context is None:
            continue
        above = service.context in (".", service.path) or service.path.startswith(f"{service.context}/")
        where = f"is in {service.path}"
        if service.workspace is not None:
            above, where = False, f"is built from {service.workspace.root}, the root of its workspace"
        if not above:
            yield project.finding(
                ("services", service.name, "context"),
                f"{service.name} {where}, but its context is {service.context}",
                "leave context out, it is found; or name a folder above path",
                "context-disagrees",
            )
