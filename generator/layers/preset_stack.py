"""The presets of a service. Most services of a project have the same ones, so what these give is worked out once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from generator.layers.fold import fold, merged
from generator.layers.layer import InDocument, Layer, Values
from generator.layers.sections import additions, choose, sections
from generator.text.documents import Document


class Sections(NamedTuple):
    """The sections of presets that apply to a service, and to all that choose the same.

    Attributes:
        values: What they fold to.
        layers: Each as a layer, lowest first.
        adding: What adds to lists of the service, above its own values.
    """

    values: Values
    layers: list[Layer]
    adding: list[Layer]


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
        self._layers: dict[str, Sections] = {}
        self._facts: dict[str, Values] = {}
        self._extended: dict[tuple[int, ...], PresetStack] = {}

    def extended(self, more: Sequence[Document]) -> PresetStack:
        """Return the stack of these presets with `more` above them: one for all services that have the same."""
        if not more:
            return self
        key = tuple(map(id, more))  # the stack keeps them alive
        if key not in self._extended:
            self._extended[key] = PresetStack((*self.documents, *more))
        return self._extended[key]

    def choose(self, own: Mapping[str, Any], detected: Mapping[str, Any]) -> Values:
        """Return what decides which sections apply to a service: its kind, runtime, manager and so on."""
        return choose(own, self.data, detected)

    def sections(self, chosen: Mapping[str, Any]) -> Sections:
        """Return what the sections give that apply to what is `chosen`."""
        key = repr(chosen)  # a value of another type, which the models refuse, may have no hash
        if key not in self._layers:
            laid = [_layer(one, *part) for one in self.documents for part in sections(one.data, chosen)]
            added = [_layer(one, *part, adds=True) for one in self.documents for part in additions(one.data, chosen)]
            self._layers[key] = Sections(values=fold(laid), layers=laid, adding=added)
        return self._layers[key]

    def facts(self, manager: str) -> Values:
        """Merge the sections `install` of a manager."""
        if manager not in self._facts:
            result: Values = {}
            for preset in self.data:
                install = preset.get("managers", {}).get(manager, {}).get("install")
                result = merged(result, install if isinstance(install, dict) else {})
            self._facts[manager] = result
        return self._facts[manager]


def _layer(preset: Document, place: tuple[str, ...], values: Values, *, adds: bool = False) -> Layer:
    return Layer(name=preset.name, values=values, origin=InDocument(document=preset, place=place), adds=adds)
