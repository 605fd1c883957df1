"""Where each value of a service was set, and what it overrode: the merge, read backwards."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from generator.layers.layer import MISSING, Layer
from generator.layers.resolve import Resolved
from generator.text.documents import KeyPath
from generator.text.errors import Location, SpecError

_COMPUTED = "computed: services/<name>"


def explain(resolved: Resolved, service: str, key: str = "") -> Iterator[str]:
    """One line for each value of a service, or of what is below `key` (`healthcheck.interval`): value, place, history.

    Raises:
        SpecError: there is no such service or key.
    """
    services = resolved.values["services"]
    if service not in services:
        raise _unknown(resolved, f"there is no service {service!r}", service, list(services))
    values = {name: value for name, value in services[service].items() if name != "name"}
    if taken := resolved.fragments(service):
        values["fragments"] = dict.fromkeys(taken, True)
    start = _find(values, key)
    if start is None:
        raise _unknown(
            resolved, f"{service} has no value {key!r}", key, [".".join(map(str, path)) for path, _ in _leaves(values)]
        )
    yield from _told(resolved, service, _leaves(_at(values, start), start))


def explain_line(resolved: Resolved, service: str, number: int) -> Iterator[str]:
    """What made one line of a service's Dockerfile: the lines of templates, and the values that stand in it.

    Raises:
        SpecError: there is no such service, it has no Dockerfile, or its Dockerfile is shorter.
    """
    # Imported here: the rest of explaining needs no templates.
    from generator.checks.validate import validate
    from generator.render.trace import trace

    values = resolved.values["services"].get(service)
    if values is None or "runtime" not in values:
        known = [name for name, one in resolved.values["services"].items() if "runtime" in one]
        raise _unknown(resolved, f"there is no service {service!r} with a Dockerfile", service, known)
    lines = list(trace(validate(resolved), service, "Dockerfile", resolved.templates.get(service, ())))
    if not 1 <= number <= len(lines):
        where = Location(file=resolved.spec.name)
        raise SpecError.at(
            where, f"the Dockerfile of {service} has {len(lines)} lines", "name one of them", code="line-unknown"
        )
    text, places = lines[number - 1]
    yield text
    for place in places:
        yield f"  {place.template}:{place.line}"
    leaves = _leaves({name: value for name, value in values.items() if name != "name"})
    standing = ((path, value) for path, value in leaves if not text.startswith("#") and _stands_in(value, text))
    for line in _told(resolved, service, standing):
        yield f"  {line}"


def _told(resolved: Resolved, service: str, leaves: Iterable[tuple[KeyPath, Any]]) -> Iterator[str]:
    layers, additions = resolved.layers(service), resolved.additions(service)
    for path, value in leaves:
        history = [*_history(layers, path), *_added(additions, path)]
        # A list of fragments alone has nothing below it that was computed.
        told = history[1:] if len(history) > 1 and history[0] == _COMPUTED else history
        yield f"{'.'.join(str(step) for step in path)}: {_text(value)}  # {'; '.join(told)}"


def _added(additions: list[Layer], path: KeyPath) -> Iterator[str]:
    """What fragments have put into a list."""
    for layer in additions:
        if (value := layer.value(path)) is not MISSING:
            yield f"with {_text(value)} of {layer.locate(path)}"


def _stands_in(value: Any, text: str) -> bool:
    """Whether a value is in a line, as a word of its own; a value too short to be told from chance is left out."""
    if isinstance(value, list):
        return any(_stands_in(item, text) for item in value)
    if isinstance(value, bool) or not isinstance(value, (str, int)) or len(str(value)) < 2:
        return False
    return re.search(rf"(?<!\w){re.escape(str(value))}(?!\w)", text) is not None


def _history(layers: list[Layer], path: KeyPath) -> Iterator[str]:
    """Who set the value that stands, then whom it overrode, from the nearest to the farthest."""
    said = [(layer, layer.value(path)) for layer in layers]
    told = [(layer, value) for layer, value in said if value is not MISSING]
    if not told:
        yield "gen-dockerfiles.lock" if path[-1] == "digest" else _COMPUTED
    for index, (layer, value) in enumerate(reversed(told)):
        place = layer.locate(path)
        yield str(place) if index == 0 else f"over {'nothing' if value is None else _text(value)} of {place}"


def _leaves(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every value that is no mapping, with its path; a list is one value, since lists replace each other."""
    if not isinstance(value, dict) or not value:
        yield path, value
        return
    for key, part in value.items():
        yield from _leaves(part, (*path, key))


def _find(values: Any, key: str) -> KeyPath | None:
    """The path that a dotted key means; names may have dots themselves, as labels do."""
    if not key:
        return ()
    if not isinstance(values, dict):
        return None
    for name, part in values.items():
        if key == name:
            return (name,)
        if key.startswith(f"{name}."):
            rest = _find(part, key[len(name) + 1 :])
            if rest is not None:
                return (name, *rest)
    return None


def _at(values: Any, path: KeyPath) -> Any:
    for step in path:
        values = values[step]
    return values


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _unknown(resolved: Resolved, message: str, word: str, known: list[str]) -> SpecError:
    near = get_close_matches(word, known, n=3) or known[:5]
    return SpecError.at(
        Location(file=resolved.spec.name), message, f"use one of {', '.join(near)}", code="name-unknown"
    )
