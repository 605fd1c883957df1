"""Extras and dependency groups of pyproject.toml: which requirements each of them has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.detect.managers.pyproject import canonical
from generator.text.files import dig, mapping, texts

Requirements = Mapping[str, list[str]]


def extras_by_name(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """Give the requirements of each extra, by its normalised name."""
    table = mapping(data, "project", "optional-dependencies")
    return {canonical(name): texts(table, name) for name in table}


def groups_by_name(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """Give the requirements of each dependency group, by its normalised name, with those of groups it includes."""
    table = {canonical(name): entries for name, entries in mapping(data, "dependency-groups").items()}
    if isinstance(older := dig(data, "tool", "uv", "dev-dependencies"), list):
        table["dev"] = [*older, *table.get("dev", [])]
    return {name: _requirements(table, name) for name in table}


def default_groups(data: Mapping[str, Any], *key: str) -> list[str]:
    """List the normalised names of the groups that are installed unless they are refused: those at `key`, or dev."""
    said = dig(data, *key)
    if said == "all":
        return [canonical(name) for name in mapping(data, "dependency-groups")]
    return [canonical(name) for name in texts(data, *key)] if isinstance(said, list) else ["dev"]


def _requirements(table: Mapping[str, Any], start: str) -> list[str]:
    """List the requirements of a group; groups that include each other end."""
    found: list[str] = []
    waiting, seen = [start], {start}
    while waiting:
        entries = table.get(waiting.pop())
        for entry in entries if isinstance(entries, list) else ():
            included = canonical(str(dig(entry, "include-group")))
            if isinstance(entry, str):
                found.append(entry)
            elif included in table and included not in seen:
                seen.add(included)
                waiting.append(included)
    return found
