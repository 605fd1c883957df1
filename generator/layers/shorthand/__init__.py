"""Shorthands: what Compose takes in several forms is read into the one form of the models, once for each document.

Everything behind it, as layers, models and `explain`, sees that form alone; `Positions.moved` keeps the places of what
was typed. A value that is no shorthand stays as it is, so that the models judge it, and `checks.compose_words` finds
its fix.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from generator.layers.shorthand import amounts, commands, connections, images, ports, variables
from generator.layers.shorthand.forms import Form, Given, Reader
from generator.model.names import NOT_BUILT
from generator.text.documents import Document
from generator.text.errors import KeyPath

__all__ = ["READERS", "read_preset", "read_spec"]

_Values = Mapping[str, Any]


_Moves = dict[KeyPath, KeyPath]

READERS: dict[KeyPath, Reader] = {
    ("image",): images.image,
    ("command",): commands.command,
    ("entrypoint",): commands.command,
    ("dev_command",): commands.command,
    ("environment",): variables.from_shell,
    ("variables",): variables.of_build,
    ("env",): variables.literals,
    ("labels",): variables.literals,
    ("ports",): ports.ports,
    ("volumes",): connections.volumes,
    ("depends_on",): connections.depends_on,
    ("networks",): connections.networks,
    ("user",): amounts.user,
    ("replicas",): amounts.number,
    ("stop_grace_period",): amounts.duration,
    ("healthcheck",): amounts.probe,
    ("healthcheck", "command"): commands.command,
    ("healthcheck", "interval"): amounts.duration,
    ("healthcheck", "timeout"): amounts.duration,
    ("healthcheck", "start_period"): amounts.duration,
    ("healthcheck", "start_interval"): amounts.duration,
    ("healthcheck", "retries"): amounts.number,
    ("container", "init"): amounts.truth,
    ("container", "read_only"): amounts.truth,
    ("container", "tmpfs"): amounts.one_entry,
    ("container", "restart"): amounts.restart,
    ("container", "cpus"): amounts.number,
    ("container", "mem_limit"): amounts.size,
    ("container", "shm_size"): amounts.size,
    ("container", "pids_limit"): amounts.number,
}
"""The reader of each value of a service that has shorthands; what is inside of another value comes after it."""

# The sections of a preset whose entries are values of services, and whether those have a Dockerfile.
_NESTED = {
    "runtimes": True,
    "managers": True,
    "frameworks": True,
    "schedulers": True,
    "outputs": True,
    "kinds": None,
    "fragments": None,
}


def read_spec(document: Document) -> Document:
    """Return the spec with the shorthands of its services read."""
    services = document.data.get("services")
    parts = services.items() if isinstance(services, dict) else ()
    return _read(document, [(("services", name), _is_built(values)) for name, values in parts])


def read_preset(document: Document) -> Document:
    """Return the preset with the shorthands of its sections read, once its parameters are filled in."""
    return _read(document, [*_sections(document.data)])


def _sections(data: _Values) -> Iterator[tuple[KeyPath, bool | None]]:
    if "defaults" in data:
        yield ("defaults",), _is_built(data["defaults"])
    if "built" in data:
        yield ("built",), True
    for section, built in _NESTED.items():
        entries = data.get(section)
        for name in entries if isinstance(entries, dict) else ():
            yield (section, name), name not in NOT_BUILT if section == "kinds" else built


def _is_built(values: Any) -> bool | None:
    """Tell whether services with these values have a Dockerfile; None where the values do not say."""
    kind = values.get("kind") if isinstance(values, dict) else None
    return kind not in NOT_BUILT if isinstance(kind, str) else None


def _read(document: Document, parts: list[tuple[KeyPath, bool | None]]) -> Document:
    """Read the shorthands of `parts` of the document, each with whether its services are built."""
    read: dict[KeyPath, dict[str, Any]] = {}
    moves = _Moves()
    for place, built in parts:
        values = _at(document.data, place)
        if isinstance(values, dict) and (form := _service(document, place, values, built, moves)) is not values:
            read.setdefault(place[:-1], {})[str(place[-1])] = form
    if not read:
        return document
    data = document.data
    for above, entries in read.items():
        data = _with(data, above, {**_at(data, above), **entries}) if above else {**data, **entries}
    return replace(document, data=data, positions=document.positions.moved(moves))


def _service(document: Document, place: KeyPath, values: _Values, built: bool | None, moves: _Moves) -> _Values:
    """Return the values of a service with their shorthands read; the very mapping where it has none."""
    for path, reader in READERS.items() if any(path[0] in values for path in READERS) else ():
        holder = _at(values, path[:-1])
        if not isinstance(holder, dict) or holder.get(path[-1]) is None:
            continue
        start = (*place, *path)
        form = reader(Given(holder[path[-1]], partial(_typed, document, start), built))
        if form is not None:
            values = _with(values, path, form.value)
            moves |= _below(start, form)
    return values


def _typed(document: Document, start: KeyPath, inside: KeyPath) -> str | None:
    """Give the scalar at a path below `start` as it was typed."""
    return document.written((*start, *inside))


def _below(start: KeyPath, form: Form) -> _Moves:
    return {(*start, *new): (*start, *typed) for new, typed in form.moves.items()}


def _at(values: Any, path: KeyPath) -> Any:
    for step in path:
        values = values.get(step) if isinstance(values, dict) else None
    return values


def _with(values: _Values, path: KeyPath, value: Any) -> dict[str, Any]:
    """Return the mapping with another value at `path`: copied along the path, since an alias may repeat it."""
    step, *rest = path
    return {**values, str(step): _with(values[str(step)], tuple(rest), value) if rest else value}
