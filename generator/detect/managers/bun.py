"""Bun as a package manager: a lock file of JSON with commas that JSON does not allow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from generator.detect.managers.manager import Dependency, Manager, Patch
from generator.detect.managers.package_json import listed_patches, unlocked_by_importer
from generator.detect.service_folder import Installation
from generator.text.files import mapping


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with the part of the lock file that repeats the manifests."""
    text = installation.repository.text(lock) or ""
    found = re.search(r'^  "workspaces": (\{.*?^  \}),?$', text, re.MULTILINE | re.DOTALL)
    if found:
        workspaces = json.loads(re.sub(r",(\s*[}\]])", r"\1", found[1]))  # it writes commas before closing brackets
        yield from unlocked_by_importer(installation, workspaces)


def find_patches(installation: Installation) -> Iterator[Patch]:
    """Read those of the root's manifest."""
    manifest = installation.repository.json(installation.beside_lock("package.json"))
    return listed_patches("package.json", mapping(manifest, "patchedDependencies"))


MANAGER = Manager(
    runtimes=("node", "bun"),
    required_facts=("manifest", "lock", "version", "tool", "patches"),
    find_unlocked=find_unlocked,
    find_patches=find_patches,
    package_json_name="bun",
)
