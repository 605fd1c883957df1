"""Fragments: named sets of values that a preset offers, and a service takes by name beside its own words.

    fragments:                                     services:
      ffmpeg:                                        api:
        packages: {runtime: [ffmpeg]}                  fragments: {ffmpeg: true}

A fragment merges as the last section of its preset. Only its lists below differ: they do not replace and are not
replaced, they are added to what the service ends up with.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from generator.layers.layer import Layer, Values
from generator.text.errors import Finding

# Lists that are sets: what one of their entries means depends neither on the others nor on their order. An entry is the
# same as another one up to its separator: a package whatever its version, a tmpfs whatever its options.
ADDED: dict[tuple[str, ...], str] = {
    ("packages", "build"): "=",
    ("packages", "runtime"): "=",
    ("extras",): "",
    ("groups",): "",
    ("rebuild",): "",
    ("ignore",): "",
    ("extra_sources",): "",
    ("container", "cap_add"): "",
    ("container", "tmpfs"): ":",
}
# What decides which sections apply, and where a service is, cannot come from a set that it takes by name.
REFUSED = ("kind", "runtime", "manager", "framework", "output", "path", "presets", "fragments")


def named(parts: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the fragments that a service takes, from the `parts` of its presets and its own, lowest first."""
    wanted: Values = {}
    for part in parts:
        if (names := part.get("fragments", wanted)) is None:
            wanted = {}
        elif isinstance(names, dict):
            wanted = {**wanted, **names}
    return [name for name, taken in wanted.items() if taken is True]


def split(fragment: Values) -> tuple[Values, Values]:
    """Split a fragment into the values that merge as in any section, and the lists that are added."""
    merged, added = copy.deepcopy(fragment), Values()
    for path in ADDED:
        holder = _holder(merged, path)
        if holder is not None and isinstance(holder.get(path[-1]), list):
            _hold(added, path)[path[-1]] = holder.pop(path[-1])
    return merged, added


def add(values: Mapping[str, Any], lists: Mapping[str, Any]) -> Values:
    """Give `values` with what of `lists` their own do not have appended to these; both stay as they are."""
    result = dict(values)
    for path, separator in ADDED.items():
        holder = _holder(lists, path)
        if holder is not None and path[-1] in holder:
            place = _hold(result, path)
            standing = place.get(path[-1]) or []
            if isinstance(standing, list):
                known = [_identity(item, separator) for item in standing]
                new = [item for item in holder[path[-1]] if _identity(item, separator) not in known]
                place[path[-1]] = [*standing, *new]
    return result


def _identity(item: Any, separator: str) -> Any:
    return item.partition(separator)[0] if separator and isinstance(item, str) else item


def unknown(layers: Sequence[Layer], presets: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Find what is wrong with the fragments that the `layers` of a service name; its `presets` have them.

    That is a fragment that no preset of the service has, or something else than true, false and null.
    """
    known = {name for preset in presets for name in preset.get("fragments", {})}
    for layer in layers:
        yield from _findings(layer, known)


def _findings(layer: Layer, known: set[str]) -> Iterator[Finding]:
    names = layer.values.get("fragments")
    if names is not None and not isinstance(names, dict):
        fix = "name each of them, as in fragments: {ffmpeg: true}"
        yield Finding(
            location=layer.locate(("fragments",)),
            message="fragments is not a mapping",
            fix=fix,
            code="fragment-malformed",
        )
        return
    for name, taken in (names or {}).items():
        place = layer.locate(("fragments", name))
        if taken is not None and not isinstance(taken, bool):
            message = f"fragments.{name}: {taken!r} is not true or false"
            yield Finding(
                location=place,
                message=message,
                fix="write true; what is in it, its preset says",
                code="fragment-malformed",
            )
        elif taken and name not in known:
            near = get_close_matches(name, known, n=3) or sorted(known)
            fix = f"use one of {', '.join(near)}" if near else "add a preset that has it: docs/presets.md"
            yield Finding(
                location=place,
                message=f"no preset of this service has a fragment {name!r}",
                fix=fix,
                code="fragment-unknown",
            )


def _holder(values: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """Return the mapping of the last key of `path`; None if something above that key is not a mapping."""
    holder: Any = values
    for step in path[:-1]:
        holder = holder.get(step) if isinstance(holder, dict) else None
    return holder if isinstance(holder, dict) else None


def _hold(values: Values, path: tuple[str, ...]) -> Values:
    """Return the mapping of the last key of `path`: a copy in place of what is there, or a new one."""
    for step in path[:-1]:
        there = values.get(step)
        values[step] = dict(there) if isinstance(there, dict) else {}
        values = values[step]
    return values
