"""npm: a lock file that repeats the manifests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generator.detect.managers.git_sources import git_sources
from generator.detect.managers.manager import Dependency, Manager
from generator.detect.managers.package_json import unlocked_by_importer
from generator.detect.managers.package_json_paths import ByPath
from generator.detect.service_folder import Installation
from generator.text.errors import Finding
from generator.text.files import dig, mapping


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with the entries of the manifests, which stand between those of the packages."""
    return unlocked_by_importer(installation, mapping(installation.repository.json(lock), "packages"))


def links(installation: Installation, _: str, path: str) -> bool:
    """Link to every folder, unless the settings say otherwise of those that are not below the lock file."""
    settings = installation.repository.text(installation.beside_lock(".npmrc")) or ""
    copies = re.search(r"^[ \t]*install-links[ \t]*=[ \t]*true[ \t\r]*$", settings, re.MULTILINE)
    return not copies or installation.is_below_lock(path)


def check_lock(installation: Installation, lock: str, _: str) -> Iterator[Finding]:
    """Report a lock file of npm 6, and one from another platform (https://github.com/npm/cli/issues/4828)."""
    data = installation.repository.json(lock)
    packages = mapping(data, "packages")
    if dig(data, "lockfileVersion") == 1:
        yield Finding(
            location=installation.repository.locate(lock, '"lockfileVersion"'),
            message=f"{lock} has lockfileVersion 1, of npm 6, which does not say where packages are",
            fix="write it anew with npm 7 or later; versions stay: npm install --package-lock-only",
            code="lock-format",
        )
    yield from _binaries_elsewhere(installation, lock, packages)


def _binaries_elsewhere(installation: Installation, lock: str, packages: dict[str, Any]) -> Iterator[Finding]:
    """Report each package whose binaries are locked for other platforms only."""
    locked = {path.rpartition("node_modules/")[2] for path in packages}
    for path, package in packages.items():
        optional = mapping(package, "optionalDependencies")
        binaries = [name for name in optional if "linux" in name]
        others = [name for name in optional if name in locked]
        if path and binaries and others and locked.isdisjoint(binaries):
            name = path.rpartition("node_modules/")[2]
            yield Finding(
                location=installation.repository.locate(lock, f'"{path}"'),
                message=f"{lock} has {others[0]} for {name}, and nothing for Linux, as {_common(binaries)}",
                fix="write it anew, from nothing: rm -rf node_modules package-lock.json && npm install",
                code="lock-platform",
            )


def _common(binaries: list[str]) -> str:
    return next((name for name in binaries if re.search(r"linux-x64(?:-gnu)?$", name)), binaries[0])


MANAGER = Manager(
    runtimes=("node",),
    required_facts=("manifest", "lock"),
    find_unlocked=find_unlocked,
    package_json_name="npm",
    locked=git_sources,
    find_local=ByPath(
        links=links,
        links_with_packages=("", "file:"),
        copies_instead="write install-links=true into .npmrc, and run: npm install",
    ).find_local,
    other_locks={"npm-shrinkwrap.json": "mv npm-shrinkwrap.json package-lock.json"},
    prefers_other_lock=True,
    check_lock=check_lock,
)
