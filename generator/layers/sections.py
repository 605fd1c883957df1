"""Which sections of a preset apply to a service, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.layers.fragments import named, split
from generator.layers.layer import Values
from generator.model.names import NOT_BUILT, OF_IMAGE

SELECTORS = ("kind", "image_of", "runtime", "manager", "framework", "output")
_SECTIONS = (
    ("runtimes", "runtime"),
    ("managers", "manager"),
    ("frameworks", "framework"),
    ("schedulers", "framework"),
    ("kinds", "kind"),
    ("outputs", "output"),
)
SELECTOR_OF = dict(_SECTIONS)
"""The key of a service that chooses the part of each section."""
_OF_KIND = {"frameworks": "worker", "schedulers": "scheduler"}


def sections(preset: Mapping[str, Any], chosen: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Values]]:
    """Give the parts of `preset` that apply to what is `chosen`, general to special, each with its path in the file.

    Of a service that runs the image of another one, what says how an image is built is that other one's.
    """
    for place, part in _sections(preset, chosen):
        shared = chosen.get("image_of") is not None and place[0] != "fragments"
        if shared and not OF_IMAGE.isdisjoint(part):
            yield place, {key: value for key, value in part.items() if key not in OF_IMAGE}
        else:
            yield place, part


def _sections(preset: Mapping[str, Any], chosen: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Values]]:
    if part := preset.get("defaults"):
        yield ("defaults",), part
    if chosen.get("runtime") and (part := preset.get("built")):
        yield ("built",), part
    for section, selector in _SECTIONS:
        name = chosen.get(selector)
        if _OF_KIND.get(section, chosen.get("kind")) != chosen.get("kind"):
            continue
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
    """Give what decides the sections of a service, each by those before it: SELECTORS, then its fragments."""
    chosen: Values = {}
    for selector in SELECTORS:
        shared = chosen.get("image_of") is not None
        if (chosen.get("kind") in NOT_BUILT and selector != "image_of") or (shared and selector in OF_IMAGE):
            continue  # a runtime that such a service names is a mistake, and not one of the presets
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
