"""Which sections of a preset apply to a service, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.layers.fragments import named, split
from generator.layers.layer import Values
from generator.model.names import NOT_BUILT

SELECTORS = ("kind", "runtime", "manager", "framework", "output")
_SECTIONS = (
    ("runtimes", "runtime"),
    ("managers", "manager"),
    ("frameworks", "framework"),
    ("kinds", "kind"),
    ("outputs", "output"),
)
SELECTOR_OF = dict(_SECTIONS)
"""The key of a service that chooses the part of each section."""


def sections(preset: Mapping[str, Any], chosen: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Values]]:
    """Give the parts of `preset` that apply to what is `chosen`, general to special, each with its path in the file."""
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
    """Give the lists that the chosen fragments of `preset` add, each fragment with its path in the file."""
    for name in chosen.get("fragments", ()):
        if added := split(preset.get("fragments", {}).get(name) or {})[1]:
            yield ("fragments", name), added


def choose(
    own: Mapping[str, Any], presets: Sequence[Mapping[str, Any]], detected: Mapping[str, Any] | None = None
) -> Values:
    """Give the service's kind, runtime, manager, framework and output, each by those before it; then its fragments."""
    chosen: Values = {}
    for selector in SELECTORS:
        if chosen.get("kind") in NOT_BUILT:
            break  # a runtime that such a service names is a mistake, and not one of the presets
        # What the service and the repository say wins over every preset, so that these are not asked.
        for part in (own, detected or {}):
            if selector in part:
                chosen[selector] = part[selector]
                break
        else:
            for part in _parts(presets, chosen):
                if selector in part:
                    chosen[selector] = part[selector]
    if taken := named([*_parts(presets, chosen), own]):
        chosen["fragments"] = taken
    return chosen


def _parts(presets: Sequence[Mapping[str, Any]], chosen: Values) -> list[Values]:
    return [part for preset in presets for _, part in sections(preset, chosen)]
