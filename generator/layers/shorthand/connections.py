"""What a service is connected to, in Compose's forms: `depends_on`, `networks`, `volumes`.

https://docs.docker.com/reference/compose-file/services/#depends_on, #networks and #volumes of the same page.
"""

from __future__ import annotations

import re
from typing import Any

from generator.layers.shorthand.forms import Form, Given
from generator.text.errors import KeyPath

CONDITIONS = {
    "service_started": "started",
    "service_healthy": "healthy",
    "service_completed_successfully": "completed",
}
"""Compose's words for what is waited for, and ours."""

_NAME = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
# What Compose takes where the long form does not say it.
_DEFAULTS = {"restart": False, "required": True}


def depends_on(given: Given) -> Form | None:
    """Read a list of names, of services that have started, or Compose's mapping with a condition for each."""
    if isinstance(given.value, list):
        names = given.value
        if not names or not all(isinstance(one, str) for one in names) or len(set(names)) < len(names):
            return None
        moves: dict[KeyPath, KeyPath] = {(name,): (index,) for index, name in enumerate(names)}
        return Form(dict.fromkeys(names, "started"), moves)
    if not isinstance(given.value, dict):
        return None
    read = {name: _condition(said) for name, said in given.value.items()}
    changed = [name for name, said in given.value.items() if read[name] is not said]
    return Form(read, {(name,): (name, "condition") for name in changed}) if changed else None


def _condition(said: Any) -> Any:
    if not isinstance(said, dict) or said.get("condition") not in CONDITIONS:
        return said
    others = {key: value for key, value in said.items() if key != "condition"}
    return CONDITIONS[said["condition"]] if all(_DEFAULTS.get(key) is one for key, one in others.items()) else said


def networks(given: Given) -> Form | None:
    """Read Compose's mapping of networks, where none of them has an option."""
    if not isinstance(given.value, dict) or not given.value or any(given.value.values()):
        return None
    return Form([*given.value], {(index,): (name,) for index, name in enumerate(given.value)})


def volumes(given: Given) -> Form | None:
    """Read a list of volumes by their names, each `name:/path` or Compose's long form."""
    if not isinstance(given.value, list) or not given.value:
        return None
    found: dict[str, Any] = {}
    moves: dict[KeyPath, KeyPath] = {}
    for index, entry in enumerate(given.value):
        name, target = _volume(entry)
        if not name or name in found:
            return None
        found[name], moves[(name,)] = target, (index,)
    return Form(found, moves)


def _volume(entry: Any) -> tuple[str, Any]:
    """Return the name and the target of a volume; an empty name for anything else."""
    if isinstance(entry, dict):
        is_volume = entry.keys() == {"type", "source", "target"} and entry["type"] == "volume"
        return (
            (entry["source"], entry["target"])
            if is_volume and re.fullmatch(_NAME, str(entry["source"]))
            else ("", None)
        )
    source, _, rest = str(entry).partition(":")
    target, _, options = rest.partition(":")
    is_named = (
        isinstance(entry, str) and re.fullmatch(_NAME, source) and target.startswith("/") and options in ("", "rw")
    )
    return (source, target) if is_named else ("", None)
