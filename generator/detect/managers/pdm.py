"""PDM: requirements in [project]."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from generator.detect.managers.locked import LockedPackage, elsewhere, in_toml
from generator.detect.managers.manager import Dependency, Local, Manager
from generator.detect.managers.pyproject import canonical, dependencies, unlocked
from generator.detect.managers.pyproject_groups import extras_by_name, groups_by_name
from generator.detect.managers.toml_lock import locked_packages, locked_tables
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
    chosen = {canonical(name) for key in ("extras", "groups") for name in texts(installation.service.merged, key)}
    for table in locked_tables(installation.repository, lock):
        if path := table.find(_LOCAL):
            groups, folder = table.list_at("groups"), installation.lock_folder
            runs = groups is None or bool({"default", *chosen} & {canonical(group) for group in groups})
            yield Local(place=table.place, folder=folder, path=path, name=table.name, runs=runs)


def read_files(installation: Installation) -> Iterator[Finding]:
    """Report a lock file of PDM before 2.17, which a newer one takes for stale, however fresh it is.

    They write `lock_version` below 4.5, and compute the hash of the manifest in another way; tried with 2.10, 2.12 and
    2.29.
    """
    lock, version = installation.beside_lock(str(installation.fact("lock"))), str(installation.fact("version"))
    found = re.search(r'(?m)^lock_version = "(\d+)\.(\d+)', installation.repository.text(lock) or "")
    major, minor = (int(part) for part in [*re.findall(r"\d+", version), "0", "0"][:2])
    if found and (int(found[1]), int(found[2])) < (4, 5) and (major, minor) >= (2, 17):
        yield Finding(
            location=installation.repository.locate(lock, "lock_version"),
            message=f"{lock} is of an older PDM, and PDM {version} does not take it for fresh",
            fix=f'write it anew with: {installation.fact("refresh")}; or name the PDM that wrote it, as install: '
            '{version: "2.10.4"}',
            code="lock-outdated",
        )
    platforms = set(re.findall(r'(?m)^platform = "([^"]*)"', installation.repository.text(lock) or ""))
    if platforms and not any(re.match("linux|manylinux|musllinux", platform) for platform in platforms):
        yield elsewhere(installation, lock, "platform = ", f"{installation.fact('refresh')} --platform linux")


def options(installation: Installation) -> dict[str, Iterable[str]]:
    """Give extras and groups, which PDM selects alike."""
    data = installation.repository.toml(installation.service.in_service("pyproject.toml")) or {}
    names = {*extras_by_name(data), *groups_by_name(data), *mapping(data, "tool", "pdm", "dev-dependencies")}
    return {"extras": names, "groups": names} if data else {}


def locked(installation: Installation, python: str) -> Iterator[LockedPackage]:
    """Yield the packages of the lock file, for a version of Python."""
    yield from in_toml(installation.repository, installation.beside_lock(str(installation.fact("lock"))), python)


MANAGER = Manager(
    runtimes=("python",),
    required_facts=("manifest", "lock", "version", "installer"),
    find_unlocked=find_unlocked,
    find_local=find_local,
    read_files=read_files,
    locked=locked,
    options=options,
    index_key=("tool", "pdm", "source"),
    package_switch=("tool", "pdm", "distribution"),
)
