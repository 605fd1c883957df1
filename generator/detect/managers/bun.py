"""Bun as a package manager: a lock file of JSON with commas that JSON does not allow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.detect.managers.git_sources import git_sources
from generator.detect.managers.manager import Dependency, Manager, Patch
from generator.detect.managers.package_json import listed_patches, unlocked_by_importer
from generator.detect.managers.package_json_paths import ByPath
from generator.detect.service_folder import Installation
from generator.text.errors import Finding
from generator.text.files import mapping
from generator.text.objects import json_object

_HEAD = 1_000  # characters
# From which Bun on a version of the lock file is read; tried with each of them.
_READ_FROM = {0: [1, 1, 39], 1: [1, 2, 0], 2: [1, 4, 0]}


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with the part of the lock file that repeats the manifests."""
    text = (installation.repository.text(lock) or "").replace("\r\n", "\n")
    _, _, rest = text.partition('\n  "workspaces": {\n')
    inside, end, _ = rest.partition("\n  }")
    if end:
        # It writes commas before closing brackets.
        said = re.sub(r",(?=\s*[}\]])", "", f"{{{inside}\n}}")
        yield from unlocked_by_importer(installation, json_object(lock, said))


def check_lock(installation: Installation, lock: str, version: str) -> Iterator[Finding]:
    """Report a version of the lock file that this Bun does not read; before 1.1.39 it reads none, and locks nothing."""
    head = (installation.repository.text(lock) or "")[:_HEAD]
    written = re.search(r'"lockfileVersion": (\d{1,9})\b', head)
    bun = [int(number) for number in re.findall(r"\d{1,9}", version)[:3]]
    needed = _READ_FROM.get(int(written[1])) if written else None
    if written and needed and bun < needed[: len(bun)]:
        first = ".".join(str(number) for number in needed)
        yield Finding(
            location=installation.repository.locate(lock, '"lockfileVersion"'),
            message=f"{lock} is of version {written[1]}, which Bun reads from {first} on, and not Bun {version}",
            fix='name the Bun that has written it, as "packageManager": "bun@…" in package.json, '
            "or write it anew with that version: bun install",
            code="lock-format",
        )


def find_patches(installation: Installation) -> Iterator[Patch]:
    """Read those of the root's manifest."""
    manifest = installation.repository.json(installation.beside_lock("package.json"))
    return listed_patches("package.json", mapping(manifest, "patchedDependencies"))


MANAGER = Manager(
    runtimes=("node", "bun"),
    required_facts=("manifest", "lock", "version", "tool", "patches"),
    find_unlocked=find_unlocked,
    locked=git_sources,
    find_local=ByPath().find_local,
    find_patches=find_patches,
    check_lock=check_lock,
    package_json_name="bun",
    other_locks={"bun.lockb": "bun install --save-text-lockfile --frozen-lockfile --lockfile-only"},
)
