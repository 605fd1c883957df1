"""Install scripts run in a step of their own, offline; not every layout of packages allows that."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.project import Project
from generator.model.runtimes import JavaScript
from generator.text.errors import Finding


def check(project: Project) -> Iterator[Finding]:
    """Packages to rebuild with Plug'n'Play, which then resolves everything anew, or with Bun, which has no node-gyp."""
    for service in project.built():
        if not isinstance(service, JavaScript) or not service.rebuild:
            continue
        path = ("services", service.name, "rebuild")
        if service.runtime == "bun":
            fix = "leave it out where the packages bring binaries of their own, or set runtime: node"
            yield project.finding(
                path, f"{service.name} rebuilds packages, which needs Node, and it runs on Bun", fix, "rebuild-on-bun"
            )
        elif service.manager == "yarn" and service.install.linker == "pnp":
            fix = "set nodeLinker: node-modules in .yarnrc.yml and install again"
            yield project.finding(
                path,
                f"{service.name} rebuilds packages, which Plug'n'Play cannot do without a network",
                fix,
                "rebuild-with-pnp",
            )
