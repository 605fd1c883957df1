"""A package manager works from files and tools that its templates name; a preset can change, not remove them."""

from __future__ import annotations

from collections.abc import Iterator

from generator.rules.finding import Finding
from generator.spec.project import BuiltService, Project, PythonService, PythonWorker


def check(project: Project) -> Iterator[Finding]:
    """A fact under `install` that the service's manager needs and that is not there."""
    for service in project.built():
        for fact in _needed(service):
            if getattr(service.install, fact) is None:
                yield Finding(
                    ("services", service.name, "install"),
                    f"{service.name} needs install.{fact} with manager {service.manager}",
                    _FIXES[fact],
                )


_FIXES = {
    "manifest": "name the project's manifest, as install: {manifest: pyproject.toml}",
    "tool": "name the image that holds the tool, or do not remove the one of the base preset",
}


def _needed(service: BuiltService) -> tuple[str, ...]:
    if isinstance(service, (PythonService, PythonWorker)):
        if service.manager == "uv":
            return ("manifest", "tool")
        return ("manifest",) if service.package else ()
    return ("manifest",)
