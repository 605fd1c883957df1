"""What a framework starts: the command and the probe of a worker or a scheduler that names none of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.layers.layer import MISSING, Layer, Values
from generator.text.errors import Finding
from generator.text.files import dig

_PLACEHOLDER = re.compile(r"\{(app|queues|concurrency)\}")
_PROBES = ("http", "heartbeat", "command")
_ELSE = {"queues": "name them in the code", "concurrency": "start more containers with replicas"}
_NOTE = "computed: {key}, with app, queues and concurrency"


def framework_layer(values: Values, layers: Sequence[Layer]) -> Layer | None:
    """Return a layer with the command and the probe that follow from the framework; None where nothing does."""
    found: Values = {}
    if "command" not in values and (command := expanded(values, "framework_command")):
        found["command"] = command
    if is_without_probe(values) and (probe := expanded(values, "framework_probe")):
        found["healthcheck"] = {"command": probe}
    if not found:
        return None
    key = "framework_command" if "command" in found else "framework_probe"
    origin = next(layer for layer in reversed(layers) if layer.value((key,)) is not MISSING).origin
    return Layer(name="derived", values=found, origin=origin, follows=True, note=_NOTE.format(key=key))


def is_without_probe(values: Mapping[str, Any]) -> bool:
    """Tell whether a service has a health check, as its timing, that does not say what it runs."""
    check = values.get("healthcheck")
    return isinstance(check, dict) and not any(check.get(probe) is not None for probe in _PROBES)


def expanded(values: Mapping[str, Any], key: str) -> list[str] | None:
    """Return the words of `framework_command` or `framework_probe`; None without one, or where a value is missing.

    A word or a group of words with a value that is not set is left out. `{app}` as a word of its own has to be there.
    """
    words = values.get(key)
    if not isinstance(words, list) or ("{app}" in words and not isinstance(values.get("app"), str)):
        return None
    return [filled for one in words for filled in _filled(one if isinstance(one, list) else [one], values)]


def unused_values(name: str, values: Values, layers: Sequence[Layer], own: Layer) -> Iterator[Finding]:
    """Find `queues` and `concurrency` of the service itself that no word of its command has."""
    words = values.get("framework_command")
    used = {one for word in _flat(words if isinstance(words, list) else []) for one in _PLACEHOLDER.findall(word)}
    given = any(layer.value(("command",)) is not MISSING for layer in layers)
    for key in _ELSE:
        if own.value((key,)) is MISSING or own.value((key,)) is None or "framework" not in values:
            continue
        if given or key not in used:
            why = "its own command" if given else f"a command of {values['framework']} that has no place for it"
            fix = (
                f"say it in the command and remove {key}, or remove command"
                if given
                else f"remove {key}, and {_ELSE[key]}"
            )
            yield Finding(
                location=own.locate((key,)),
                message=f"{name} has {key}, and {why}",
                fix=fix,
                code="value-unused",
            )


def _filled(group: list[Any], values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the words of a group with their values; nothing where one of these is not set."""
    named = {name for word in group if isinstance(word, str) for name in _PLACEHOLDER.findall(word)}
    if any(dig(values, name) in (None, []) for name in named):
        return
    for word in group:
        if word == "{queues}":
            yield from map(str, values["queues"])
        elif isinstance(word, str):
            yield _PLACEHOLDER.sub(lambda match: _text(values[match[1]]), word)


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _flat(words: Sequence[Any]) -> Iterator[str]:
    for one in words:
        yield from (str(word) for word in one) if isinstance(one, list) else [str(one)]
