"""The one merge: layers, lowest first, folded to values; and the values read backwards to their layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from generator.layers.choices import replaced
from generator.layers.fragments import add
from generator.layers.layer import MISSING, InDocument, Layer, Values
from generator.layers.sections import SELECTOR_OF
from generator.text.errors import KeyPath, Location
from generator.text.files import dig


def merged(lower: Mapping[str, Any], upper: Mapping[str, Any], path: KeyPath = ()) -> Values:
    """Give `upper` laid over `lower`: mappings merge, scalars and lists replace, None removes, and one choice another.

    Both stay as they are. The result has the very mappings of `lower` wherever `upper` says nothing: most of what a
    service has is what a thousand others have. `path` is where both stand in the service.
    """
    result = dict(lower)
    for key in replaced(path, upper):
        result.pop(key, None)
    for key, value in upper.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            below = result.get(key)
            result[key] = merged(below if isinstance(below, dict) else {}, value, (*path, key))
        else:
            result[key] = value
    return result


def fold(layers: Iterable[Layer], below: Mapping[str, Any] | None = None) -> Values:
    """Give the values of `layers`, lowest first, on those of `below`. None of them is changed; parts are shared."""
    values: Values = dict(below or {})
    for layer in layers:
        values = (add if layer.adds else merged)(values, layer.values)
    return values


@dataclass(frozen=True, kw_only=True, slots=True)
class Folded:
    """Values, and what they were folded from.

    Attributes:
        values: The values; they are not changed any more.
        layers: Their layers, lowest first.
        own: The layer of the spec: a missing value is reported there.
    """

    values: Values
    layers: tuple[Layer, ...]
    own: Layer

    def locate(self, path: KeyPath) -> Location:
        """Give the place where the value at `path` was written; where it is missing, the nearest place of the spec."""
        layer, inside = self._origin(path)
        return layer.locate(inside)

    def chosen(self, path: KeyPath) -> Location:
        """Give the place where the spec has chosen the value at `path`: for a preset's, what brings it in."""
        layer, inside = self._origin(path)
        origin, spec = layer.origin, self.own.origin
        if not isinstance(origin, InDocument) or not isinstance(spec, InDocument) or origin.document is spec.document:
            return layer.locate(inside)
        presets = self.own.values.get("presets")
        for index, one in enumerate(presets if isinstance(presets, list) else []):
            name = one.get("preset") if isinstance(one, dict) else one
            if origin.document.name in (f"presets/{name}.yaml", str(name).removeprefix("./")):
                return self.own.locate(("presets", index))
        section, *entry = origin.place or ("",)
        key = (section, *entry) if section == "fragments" else (SELECTOR_OF.get(str(section), ""),)
        return self.own.locate(key if self.own.value(key) is not MISSING else ())

    def written(self, path: KeyPath) -> str | None:
        """Give the scalar at `path` as its author typed it; None for anything else."""
        layer, inside = self._origin(path)
        return layer.origin.written(inside)

    def history(self, path: KeyPath) -> tuple[list[Layer], list[Layer]]:
        """Give the layers that say something at `path`: those that replace it, highest first; those that add to it."""
        having = [layer for layer in self.layers if layer.value(path) is not MISSING]
        return [layer for layer in reversed(having) if not layer.adds], [layer for layer in having if layer.adds]

    def _origin(self, path: KeyPath) -> tuple[Layer, KeyPath]:
        """Return the layer that a value comes from, which is the last one that has it, and the path in that layer."""
        if entry := self._added_entry(path):
            return entry
        replacing, adding = self.history(path)
        # A mapping of which a part follows from others, as an image with its digest, is where somebody wrote it.
        replacing.sort(key=lambda layer: layer.follows and isinstance(layer.value(path), dict))
        for layer in (*replacing, *reversed(adding)):
            return layer, path
        return self.own, path

    def _added_entry(self, path: KeyPath) -> tuple[Layer, KeyPath] | None:
        """Return the layer that added the list entry at `path`, and its path there; None for any other value."""
        if not path or not isinstance(path[-1], int):
            return None
        *above, index = path
        entries = dig(self.values, *above)
        if not isinstance(entries, list) or not isinstance(index, int) or index >= len(entries):
            return None
        replacing, adding = self.history(tuple(above))
        standing = replacing[0].value(tuple(above)) if replacing else None
        for layer in adding if entries[index] not in (standing or []) else ():
            items = layer.value(tuple(above))
            if entries[index] in items:
                return layer, (*above, items.index(entries[index]))
        return None
