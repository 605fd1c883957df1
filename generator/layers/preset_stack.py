"""The presets of a service. Most services of a project have the same ones, so what these give is worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.layers.fold import merge_into
from generator.layers.layer import InDocument, Layer, Values
from generator.layers.sections import additions, choose, sections
from generator.text.documents import Document


class PresetStack:
    """Presets, lowest first, and the layers that they give to services.

    Attributes:
        documents: The presets.
        data: Their values.
    """

    def __init__(self, documents: tuple[Document, ...]) -> None:
        """Nothing is worked out yet."""
        self.documents = documents
        self.data = [document.data for document in documents]
        self._layers: dict[str, tuple[list[Layer], list[Layer]]] = {}
        self._facts: dict[str, Values] = {}

    def choose(self, own: Mapping[str, Any], detected: Mapping[str, Any]) -> Values:
        """Return what decides which sections apply to a service: its kind, runtime, manager and so on."""
        return choose(own, self.data, detected)

    def layers(self, chosen: Mapping[str, Any]) -> tuple[list[Layer], list[Layer]]:
        """Return the layers of the sections that apply to what is `chosen`, and those that add to lists."""
        key = repr(chosen)  # a value of another type, which the models refuse, may have no hash
        if key not in self._layers:
            merged = [_layer(one, *part) for one in self.documents for part in sections(one.data, chosen)]
            added = [_layer(one, *part, adds=True) for one in self.documents for part in additions(one.data, chosen)]
            self._layers[key] = merged, added
        return self._layers[key]

    def facts(self, manager: str) -> Values:
        """Merge the sections `install` of a manager."""
        if manager not in self._facts:
            result: Values = {}
            for preset in self.data:
                install = preset.get("managers", {}).get(manager, {}).get("install")
                merge_into(result, install if isinstance(install, dict) else {})
            self._facts[manager] = result
        return self._facts[manager]


def _layer(preset: Document, place: tuple[str, ...], values: Values, *, adds: bool = False) -> Layer:
    return Layer(name=preset.name, values=values, origin=InDocument(document=preset, place=place), adds=adds)
