"""Explain where each value of a service was set and what it overrode, by reading the layers backwards."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from generator.layers.layer import Layer
from generator.layers.resolve import Resolved, ResolvedService
from generator.model.artefacts import DOCKERFILE
from generator.model.project import Project
from generator.text.errors import KeyPath, Location, SpecError
from generator.text.files import dig


def explain(resolved: Resolved, name: str, key: str = "") -> Iterator[str]:
    """Yield each value of the service `name`, or only those below `key` (`healthcheck.interval`), with its history.

    Gives one line for each value.

    Raises:
        SpecError: there is no such service or key.
    """
    service = resolved.services.get(name)
    if service is None:
        raise _unknown(resolved, f"there is no service {name!r}", name, list(resolved.services))
    start = _find(service.values, key)
    if start is None:
        known = [".".join(map(str, path)) for path, _ in _leaves(service.values)]
        raise _unknown(resolved, f"{name} has no value {key!r}", key, known)
    yield from _lines(service, _leaves(_at(service.values, start), start))


def explain_line(resolved: Resolved, project: Project, name: str, number: int) -> Iterator[str]:
    """Yield the sources of one line of a service's Dockerfile: lines of templates, and the values in the line.

    Lines are counted from 1.

    Raises:
        SpecError: there is no such service, it has no Dockerfile, or its Dockerfile is shorter.
    """
    from generator.render.trace import trace  # noqa: PLC0415  # Jinja takes 60 ms to load

    built = [one.name for one in project.with_dockerfiles()]
    if name not in built:
        raise _unknown(resolved, f"there is no service {name!r} with a Dockerfile", name, built)
    lines = list(trace(project, name, DOCKERFILE, resolved.services[name].overrides))
    if not 1 <= number <= len(lines):
        where = Location(file=resolved.spec.name)
        message = f"the Dockerfile of {name} has {len(lines)} lines"
        raise SpecError.at(where, message, "name one of them", code="line-unknown")
    text, places = lines[number - 1]
    yield text
    for place in places:
        yield f"  {place.template}:{place.line}"
    service = resolved.services[name]
    leaves = _leaves(service.values) if not text.startswith("#") else ()
    for line in _lines(service, ((path, value) for path, value in leaves if _stands_in(value, text))):
        yield f"  {line}"


def _lines(service: ResolvedService, leaves: Iterable[tuple[KeyPath, Any]]) -> Iterator[str]:
    for path, value in leaves:
        yield f"{'.'.join(str(step) for step in path)}: {_text(value)}  # {'; '.join(_history(service, path))}"


def _history(service: ResolvedService, path: KeyPath) -> Iterator[str]:
    """Yield the source of the value, then of the values it overrode, nearest first, then of added entries."""
    replacing, adding = service.history(path)
    for index, layer in enumerate(replacing):
        value, source = layer.value(path), layer.source(path)
        yield source if index == 0 else f"over {_removal(layer, path) if value is None else _text(value)} of {source}"
    for layer in adding:
        yield f"with {_text(layer.value(path))} of {layer.source(path)}"


def _removal(layer: Layer, path: KeyPath) -> str:
    """Say what a layer has instead of a value: a null, or a key that stands in the place of this one."""
    above = dig(layer.values, *path[:-1])
    return "another choice" if isinstance(above, dict) and path[-1] not in above else "nothing"


def _stands_in(value: Any, text: str) -> bool:
    """Tell whether a line contains a value as a whole word. Values of one character are left out."""
    if isinstance(value, list):
        return any(_stands_in(item, text) for item in value)
    if isinstance(value, bool) or not isinstance(value, (str, int)) or len(str(value)) < 2:
        return False
    return re.search(rf"(?<!\w){re.escape(str(value))}(?!\w)", text) is not None


def _leaves(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Yield every value that is not a mapping, with its path. A list is one value: lists replace each other."""
    if not isinstance(value, dict) or not value:
        yield path, value
        return
    for key, part in value.items():
        yield from _leaves(part, (*path, key))


def _find(values: Any, key: str) -> KeyPath | None:
    """Return the path of a dotted key; None if there is none. Names may contain dots, as labels do."""
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
    return json.dumps(value, ensure_ascii=False, default=str)


def _unknown(resolved: Resolved, message: str, word: str, known: list[str]) -> SpecError:
    near = get_close_matches(word, known, n=3) or known[:5]
    fix = f"use one of {', '.join(near)}" if near else "add a service that has one"
    return SpecError.at(Location(file=resolved.spec.name), message, fix, code="name-unknown")
