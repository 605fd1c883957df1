"""The one merge rule, and the order in which presets and a service's own words apply.

`templates/resolve.jinja` says the same in Jinja for `copier copy`; a property test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.layers.fragments import add, named, split

Values = dict[str, Any]

SELECTORS = ("kind", "runtime", "manager", "framework", "output")
_SECTIONS = (
    ("runtimes", "runtime"),
    ("managers", "manager"),
    ("frameworks", "framework"),
    ("kinds", "kind"),
    ("outputs", "output"),
)


def merge_into(target: Values, upper: Mapping[str, Any]) -> None:
    """Lay `upper` over `target`: mappings merge, scalars and lists replace, None removes."""
    for key, value in upper.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, dict):
            if not isinstance(target.get(key), dict):
                target[key] = {}
            merge_into(target[key], value)
        else:
            target[key] = value


def sections(preset: Mapping[str, Any], chosen: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Values]]:
    """The parts of `preset` that apply to what is `chosen`, general to special, each with its path in the file."""
    if part := preset.get("defaults"):
        yield ("defaults",), part
    if chosen.get("runtime") and (part := preset.get("built")):
        yield ("built",), part
    for section, selector in _SECTIONS:
        name = chosen.get(selector)
        if isinstance(name, str) and (part := preset.get(section, {}).get(name)):
            yield (section, name), part
    for name in chosen.get("fragments", ()):
        if part := preset.get("fragments", {}).get(name):
            yield ("fragments", name), split(part)[0]


def additions(preset: Mapping[str, Any], chosen: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Values]]:
    """The lists that the chosen fragments of `preset` add, each fragment with its path in the file."""
    for name in chosen.get("fragments", ()):
        if added := split(preset.get("fragments", {}).get(name) or {})[1]:
            yield ("fragments", name), added


def choose(
    own: Mapping[str, Any], presets: Sequence[Mapping[str, Any]], found: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The service's kind, runtime, manager, framework and output, each dependent on those before it; its fragments."""
    chosen: dict[str, Any] = {}
    for selector in SELECTORS:
        layers = [part for preset in presets for _, part in sections(preset, chosen)]
        for layer in [*layers, found or {}, own]:
            if selector in layer:
                chosen[selector] = layer[selector]
    parts = [part for preset in presets for _, part in sections(preset, chosen)]
    if taken := named([*parts, own]):
        chosen["fragments"] = taken
    return chosen


def resolve_service(
    name: str,
    own: Mapping[str, Any],
    presets: Sequence[Mapping[str, Any]],
    found: Mapping[str, Any] | None = None,
) -> Values:
    """Everything known of one service: base < project presets < service presets < the repository < the service."""
    chosen = choose(own, presets, found)
    result: Values = {"name": name}
    for preset in presets:
        for _, part in sections(preset, chosen):
            merge_into(result, part)
    if chosen.get("runtime") and "path" not in result:
        result["path"] = f"services/{name}"
    merge_into(result, found or {})
    merge_into(result, own)
    for preset in presets:
        for _, lists in additions(preset, chosen):
            add(result, lists)
    for key in ("presets", "fragments"):
        result.pop(key, None)
    return result
