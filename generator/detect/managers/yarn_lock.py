"""yarn.lock, whose entries are named by all the ranges that have led to them."""

from __future__ import annotations

from collections.abc import Iterator

from generator.detect.managers.manager import Dependency
from generator.detect.managers.package_json import direct_dependencies, has_overrides
from generator.detect.service_folder import Installation

_LOCAL = ("workspace:", "link:", "file:", "portal:", "patch:", "catalog:")


def unlocked_in_yarn_lock(
    installation: Installation, lock: str, without_entry: frozenset[str] = frozenset()
) -> Iterator[Dependency]:
    """Yield the dependencies whose range names no entry; packages of the names in `without_entry` need none."""
    if has_overrides(installation):
        return
    text = installation.repository.text(lock) or ""
    heads = (line.removeprefix("? ").rstrip(": ") for line in text.splitlines() if line and line[0] not in " #")
    named = {part for head in heads for part in _parts(head)}
    for _, dependency in direct_dependencies(installation):
        name, wanted = dependency.name, dependency.wanted
        if name in without_entry or wanted.startswith(_LOCAL):
            continue
        entries = [f"{name}@{protocol}{wanted}" for protocol in ("", "npm:", "workspace:")]
        if not any(named.issuperset(_parts(entry)) for entry in entries):
            yield dependency


def _parts(head: str) -> list[str]:
    """Split the ranges of a head at commas, also where one has a comma itself."""
    return [part.strip('" ') for part in head.split(",")]
