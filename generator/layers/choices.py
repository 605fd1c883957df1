"""Keys of which a mapping has one: the one that a layer chooses stands in the place of what a lower layer has chosen.

So a service writes `healthcheck: {command: [...]}`, and need not know which probe its presets have. Two that stand in
one layer are a mistake, which the model tells.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from generator.text.errors import KeyPath

_Choices = tuple[tuple[str, ...], ...]
"""The choices at one place: of each, the key that chooses it, then the keys that belong to it."""

_CACHE: _Choices = (("registry",), ("gha",), ("s3",), ("azblob",), ("local",), ("inline",))
_VARIABLE: _Choices = (("variable", "default", "message"), ("literal",))
# By the end of the path of the mapping; `*` is any one step.
_CHOICES: dict[str, list[tuple[int, _Choices]]] = {
    "cache": [(1, _CACHE)],
    "healthcheck": [(1, (("http", "headers"), ("heartbeat",), ("command",)))],
    "secrets": [(2, (("target",), ("env",))), (2, (("variable",), ("file",)))],
    "environment": [(2, _VARIABLE)],
    "variables": [(2, _VARIABLE)],
    "steps": [(3, (("run", "mounts", "network", "variables"), ("copy", "to"), ("env",)))],
}


def replaced(path: KeyPath, values: Mapping[str, Any]) -> Collection[str]:
    """Give the keys that lower layers may have in the mapping at `path`, and that `values` there replace by others."""
    found: set[str] = set()
    for length in range(1, min(len(path), 3) + 1):
        for expected, choices in _CHOICES.get(str(path[-length]), ()):
            chosen = [choice for choice in choices if values.get(choice[0]) is not None] if expected == length else []
            if chosen:
                found.update(key for choice in choices if choice not in chosen for key in choice)
    return found - values.keys()
