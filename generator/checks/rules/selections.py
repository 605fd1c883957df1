"""Extras, groups and packages to rebuild are only selected where the package manager supports it."""

from __future__ import annotations

from collections.abc import Iterator

from generator.detect.managers import MANAGERS
from generator.model.project import Project
from generator.text.errors import Finding


def unsupported_selections(project: Project) -> Iterator[Finding]:
    """Yield what the record of the service's manager refuses."""
    for service in project.built():
        for refusal in MANAGERS[service.manager].refuse(service):
            path = ("services", service.name, *refusal.path)
            yield project.finding(path, refusal.message, refusal.fix, refusal.code)
