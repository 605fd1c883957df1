"""PDM: requirements in [project]."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from generator.detect.managers.locked import elsewhere, in_toml
from generator.detect.managers.manager import Dependency, Local, LockedPackage, Manager
from generator.detect.managers.pyproject import canonical, dependencies, unlocked
from generator.detect.managers.pyproject_groups import extras_by_name, groups_by_name
from generator.detect.managers.pyproject_paths import by_path
from generator.detect.managers.toml_lock import LockedTable, locked_packages, locked_tables
from generator.detect.service_folder import Installation
from generator.text.errors import Finding
from generator.text.files import mapping, texts

_LOCAL = r'(?m)^path = "([^"\n]*)"'


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with the requirements of the project itself: its lock file may leave out extras and groups."""
    manifest = installation.service.in_service("pyproject.toml")
    data = installation.repository.toml(manifest) or {}
    yield from unlocked(manifest, dependencies(data), locked_packages(installation.repository, lock))


def find_local(installation: Installation) -> Iterator[Local]:
    """Yield the folders and files that the lock file has; an older one does not say the groups."""
    lock = installation.beside_lock(str(installation.fact("lock")))
    for table in locked_tables(installation.repository, lock):
        if path := table.find(_LOCAL):
            local = Local(place=table.place, folder=installation.lock_folder, said=path, name=table.name)
            yield by_path(installation, local, runs=_runs(installation, table))


def _runs(installation: Installation, table: LockedTable) -> bool:
    """Say whether the service runs with a package."""
    chosen = {canonical(name) for key in ("extras", "groups") for name in texts(installation.service.merged, key)}
    groups = table.list_at("groups")
    return groups is None or bool({"default", *chosen} & {canonical(group) for group in groups})


def check_lock(installation: Installation, lock: str, version: str) -> Iterator[Finding]:
    """Report a lock file of PDM before 2.17, which a newer one takes for stale, however fresh it is.

    They write `lock_version` below 4.5, and compute the hash of the manifest in another way; tried with 2.10, 2.12,
    2.16 and 2.29. 2.16 takes the lock files of those before it, which do not run on Python 3.13.
    """
    text, refresh = installation.repository.text(lock) or "", str(installation.fact("refresh"))
    found = re.search(r'(?m)^lock_version = "(\d{1,9})\.(\d{1,9})', text)
    major, minor = (int(part) for part in [*re.findall(r"\d+", version), "0", "0"][:2])
    if found and (int(found[1]), int(found[2])) < (4, 5) and (major, minor) >= (2, 17):
        yield Finding(
            location=installation.repository.locate(lock, "lock_version"),
            message=f"{lock} is of version {found[1]}.{found[2]}, which PDM {version} does not take for fresh",
            fix=f'write it anew with: {refresh}; or name the PDM that wrote it, as install: {{version: "2.16.1"}}',
            code="lock-format",
        )
    platforms = set(re.findall(r'(?m)^platform = "([^"]*)"', text))
    if platforms and not any(re.match("linux|manylinux|musllinux", platform) for platform in platforms):
        yield elsewhere(installation, lock, "platform = ", f"{refresh} --platform linux")


def options(installation: Installation) -> dict[str, Iterable[str]]:
    """Give extras and groups, which PDM selects alike."""
    data = installation.repository.toml(installation.service.in_service("pyproject.toml")) or {}
    names = {*extras_by_name(data), *groups_by_name(data), *mapping(data, "tool", "pdm", "dev-dependencies")}
    return {"extras": names, "groups": names} if data else {}


def locked(installation: Installation, lock: str, python: str) -> Iterator[LockedPackage]:
    """Yield the packages of the lock file, for a version of Python."""
    return in_toml(installation.repository, lock, python, lambda table: _runs(installation, table))


MANAGER = Manager(
    runtimes=("python",),
    required_facts=("manifest", "lock", "version", "installer"),
    find_unlocked=find_unlocked,
    find_local=find_local,
    check_lock=check_lock,
    locked=locked,
    options=options,
    index_key=("tool", "pdm", "source"),
    package_switch=("tool", "pdm", "distribution"),
)
