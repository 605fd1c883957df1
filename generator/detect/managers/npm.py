"""npm: a lock file that repeats the manifests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from generator.detect.managers.git_sources import git_sources
from generator.detect.managers.manager import Dependency, Manager
from generator.detect.managers.package_json import unlocked_by_importer
from generator.detect.managers.package_json_paths import ByPath
from generator.detect.managers.platforms import check_architectures, check_binaries
from generator.detect.service_folder import Installation
from generator.text.errors import Finding
from generator.text.files import dig, mapping

_VERSIONS = (None, 2, 3)


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with the entries of the manifests, which stand between those of the packages."""
    return unlocked_by_importer(installation, mapping(installation.repository.json(lock), "packages"))


def links(installation: Installation, _: str, path: str) -> bool:
    """Link to every folder, unless the settings say otherwise of those that are not below the lock file."""
    settings = installation.repository.text(installation.beside_lock(".npmrc")) or ""
    copies = re.search(r"^[ \t]*install-links[ \t]*=[ \t]*true[ \t\r]*$", settings, re.MULTILINE)
    return not copies or installation.is_below_lock(path)


def check_lock(installation: Installation, lock: str, _: str) -> Iterator[Finding]:
    """Report a lock file in another form than those of npm 7 and later, and one from another platform."""
    data = installation.repository.json(lock)
    said = dig(data, "lockfileVersion")
    if said not in _VERSIONS or not isinstance(dig(data, "packages"), dict):
        what = "of npm 6, which does not say where packages are" if said in (None, 1) else "which is not known"
        yield Finding(
            location=installation.repository.locate(lock, '"lockfileVersion"'),
            message=f"{lock} has {'no lockfileVersion' if said is None else f'lockfileVersion {said!r}'}, {what}",
            fix="write it anew with npm 7 or later; versions stay: npm install --package-lock-only",
            code="lock-format",
        )
    yield from check_binaries(installation, lock, mapping(data, "packages"))


def read_files(installation: Installation) -> Iterator[Finding]:
    """Report settings that choose another platform (https://docs.npmjs.com/cli/using-npm/config#os)."""
    file = installation.beside_lock(".npmrc")
    settings = installation.repository.text(file) if ".npmrc" in installation.settings() else None
    said = dict(re.findall(r"(?m)^[ \t]*(os|cpu|libc)[ \t]*=[ \t]*(\w+)", settings or ""))
    fix = "leave it out, so that npm installs for the machine that it runs on"
    yield from (replace(one, fix=fix) for one in check_architectures(installation, file, said))


MANAGER = Manager(
    runtimes=("node",),
    required_facts=("manifest", "lock"),
    find_unlocked=find_unlocked,
    package_json_name="npm",
    member_range="*",
    locked=git_sources,
    find_local=ByPath(
        links=links,
        links_with_packages=("", "file:"),
        copies_instead="write install-links=true into .npmrc, and run: npm install",
    ).find_local,
    other_locks={"npm-shrinkwrap.json": "mv npm-shrinkwrap.json package-lock.json"},
    prefers_other_lock=True,
    check_lock=check_lock,
    read_files=read_files,
)
