"""A package manager works from files and tools that its templates name; a preset can change, not remove them."""

from __future__ import annotations

from collections.abc import Iterator

from generator.detect.managers import MANAGERS
from generator.model.project import Project
from generator.text.errors import Finding

_FIXES = {
    "manifest": "name the project's manifest, as install: {manifest: pyproject.toml}",
    "lock": "name the lock file, or do not remove the one of the base preset",
    "tool": "name the image that holds the tool, or do not remove the one of the base preset",
    "installer": "name the image of uv, or do not remove the one of the base preset",
}


def removed_facts(project: Project) -> Iterator[Finding]:
    """Yield each fact under `install` that the service's manager needs and that is not there."""
    for service in project.built():
        for fact in MANAGERS[service.manager].missing_facts(service):
            yield project.finding(
                ("services", service.name, "install"),
                f"{service.name} needs install.{fact} with manager {service.manager}",
                _FIXES.get(fact, "give it a value, or do not remove the one of the base preset"),
                "install-fact-missing",
            )
