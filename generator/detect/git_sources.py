"""Packages that git fetches, where the build stages have no git: slim images have none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.detect.managers.manager import LockedPackage
from generator.detect.service_folder import Installation
from generator.text.errors import Finding
from generator.text.files import dig, texts


def detect_git_sources(installation: Installation, packages: Iterable[LockedPackage]) -> Iterator[Finding]:
    """Warn of the first package that git would fetch, if git or what it needs is missing."""
    service = installation.service
    first = next((package for package in packages if package.from_git), None)
    has_ssh = dig(service.merged, "ssh") is not None
    build = texts(service.merged, "packages", "build")
    known = {package.partition("=")[0].partition(":")[0] for package in build}
    needed = ("git", "openssh-client") if has_ssh else ("git", "ca-certificates")
    missing = [name for name in needed if name not in known]
    if first is None or not missing:
        return
    more = ""
    if first.over_ssh and not has_ssh:
        more = "; for a private repository also openssh-client, and ssh: {known_hosts: FILE}"
    what = first.name or "a package"
    yield Finding(
        location=first.place,
        message=f"{service.name} fetches {what} with git, and the build stages have no {' and no '.join(missing)}",
        fix=f"add packages: {{build: [{', '.join([*build, *missing])}]}}{more}",
        code="git-needed",
        level="warn",
    )
