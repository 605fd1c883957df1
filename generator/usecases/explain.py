"""Where each value of a service was set, and what it overrode: the layers, read backwards."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from generator.layers.resolve import Resolved, ResolvedService
from generator.model.artefacts import DOCKERFILE
from generator.model.project import Project
from generator.text.errors import KeyPath, Location, SpecError


def explain(resolved: Resolved, name: str, key: str = "") -> Iterator[str]:
    """Tell each value of the service `name`, or of what is below `key` (`healthcheck.interval`): value, place, history.

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
    """Tell what made one line of a service's Dockerfile: the lines of templates, and the values that stand in it.

    Lines are counted from 1.

    Raises:
        SpecError: there is no such service, it has no Dockerfile, or its Dockerfile is shorter.
    """
    from generator.render.trace import trace  # noqa: PLC0415  # Jinja takes 60 ms to load

    built = [one.name for one in project.built()]
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
    """Who set the value that stands, then whom it overrode, from the nearest to the farthest; who added to it."""
    replacing, adding = service.history(path)
    for index, layer in enumerate(replacing):
        value, source = layer.value(path), layer.source(path)
        yield source if index == 0 else f"over {'nothing' if value is None else _text(value)} of {source}"
    for layer in adding:
        yield f"with {_text(layer.value(path))} of {layer.source(path)}"


def _stands_in(value: Any, text: str) -> bool:
    """Whether a value is in a line, as a word of its own; a value too short to be told from chance is left out."""
    if isinstance(value, list):
        return any(_stands_in(item, text) for item in value)
    if isinstance(value, bool) or not isinstance(value, (str, int)) or len(str(value)) < 2:
        return False
    return re.search(rf"(?<!\w){re.escape(str(value))}(?!\w)", text) is not None


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
