"""Packages are rebuilt by node-gyp, which needs Node."""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks.rules.finding import Finding
from generator.model.project import JAVASCRIPT, Project


def check(project: Project) -> Iterator[Finding]:
    """Yield each service that rebuilds packages on Bun, which has no node-gyp."""
    for service in project.built():
        if isinstance(service, JAVASCRIPT) and service.rebuild and service.runtime == "bun":
            yield Finding(
                ("services", service.name, "rebuild"),
                f"{service.name} rebuilds packages, which needs Node, and it runs on Bun",
                "leave it out where the packages bring binaries of their own, or set runtime: node",
            )
