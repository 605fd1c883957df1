"""Bun as a package manager: a lock file of JSON with commas that JSON does not allow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.detect.managers.git_sources import git_sources
from generator.detect.managers.manager import Dependency, Manager, Patch
from generator.detect.managers.package_json import listed_patches, unlocked_by_importer
from generator.detect.managers.package_json_paths import ByPath
from generator.detect.service_folder import Installation
from generator.text.files import json_object, mapping


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with the part of the lock file that repeats the manifests."""
    text = (installation.repository.text(lock) or "").replace("\r\n", "\n")
    _, _, rest = text.partition('\n  "workspaces": {\n')
    inside, end, _ = rest.partition("\n  }")
    if end:
        # It writes commas before closing brackets.
        said = re.sub(r",(?=\s*[}\]])", "", f"{{{inside}\n}}")
        yield from unlocked_by_importer(installation, json_object(lock, said))


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
    package_json_name="bun",
    other_locks={"bun.lockb": "bun install --save-text-lockfile --frozen-lockfile --lockfile-only"},
)
