"""Fetching over SSH needs git and an SSH client in the build stage; slim images have neither."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.project import Project
from generator.text.errors import Finding

_NEEDED = ("git", "openssh-client")


def missing_ssh_clients(project: Project) -> Iterator[Finding]:
    """Find `ssh` without the packages that it needs."""
    for service in project.built():
        have = {package.split("=")[0] for package in service.packages.build}
        missing = [name for name in _NEEDED if name not in have]
        if service.ssh is not None and missing:
            yield project.finding(
                ("services", service.name, "ssh"),
                f"{service.name} fetches over SSH without {' and '.join(missing)}",
                f"add to packages.build: {', '.join(missing)}",
                "ssh-client-missing",
            )
