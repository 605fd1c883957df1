"""Packages that git fetches, where the build stages have no git: slim images have none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from generator.detect.managers import record_of
from generator.detect.managers.manager import LockedPackage
from generator.detect.managers.package_json import ranges
from generator.detect.managers.package_json_workspace import PACKAGE_JSON
from generator.detect.service_folder import Installation
from generator.text.errors import Finding
from generator.text.files import dig, join, texts


def detect_git_sources(installation: Installation, packages: Iterable[LockedPackage]) -> Iterator[Finding]:
    """Warn of the first package that git would fetch, if git or what it needs is missing."""
    service = installation.service
    first = next((one for one in packages if one.from_git and not _is_of_others(installation, one.name)), None)
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


def _is_of_others(installation: Installation, source: str) -> bool:
    """Say whether only members of a workspace of JavaScript ask for a repository that the service does not need."""
    named = re.search(r"[\w.-]+/[\w.-]+?(?=(?:\.git)?/?$)", source)
    if not installation.is_member or installation.service.runtime == "python" or not named:
        return False

    def asks(folder: str) -> bool:
        manifest = installation.repository.json(join(folder, "package.json"))
        return any(named[0] in str(wanted) for wanted in ranges(manifest).values())

    kind = record_of(installation.manager).workspace or PACKAGE_JSON
    own = {installation.lock_folder, *(folder for folder, _ in installation.package_folders())}
    others = {*kind.read(installation.repository, installation.lock_folder).folders} - own
    return not any(map(asks, own)) and any(map(asks, others))
