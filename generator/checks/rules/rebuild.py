"""Packages are rebuilt by node-gyp, which needs Node."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.project import Project
from generator.model.runtimes import JavaScript
from generator.text.errors import Finding


def rebuilds_without_node(project: Project) -> Iterator[Finding]:
    """Yield each service that rebuilds packages on Bun, which has no node-gyp."""
    for service in project.built():
        if isinstance(service, JavaScript) and service.rebuild and service.runtime == "bun":
            yield project.finding(
                ("services", service.name, "rebuild"),
                f"{service.name} rebuilds packages, which needs Node, and it runs on Bun",
                "leave it out where the packages bring binaries of their own, or set runtime: node",
                "rebuild-unsupported",
            )
