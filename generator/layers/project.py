"""What is beside the services: the layers of the project, and keys there that have no value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.layers.fold import Folded, fold
from generator.layers.layer import InDocument, Layer
from generator.text.documents import Document
from generator.text.errors import Finding

_ASKING = ("bake", "cache")
_OF_PRESETS = ("networks", *_ASKING)


def project_layers(spec: Document, presets: Sequence[Document]) -> Folded:
    """Fold what is beside the services: what the project's presets say of the project, and the spec."""
    layers = [
        Layer(name=preset.name, values=shared, origin=InDocument(document=preset))
        for preset in presets
        if (shared := {key: preset.data[key] for key in _OF_PRESETS if preset.data.get(key) is not None})
    ]
    mine = {key: value for key, value in spec.data.items() if key not in ("services", "presets", "waivers")}
    own = Layer(name=spec.name, values=mine, origin=InDocument(document=spec))
    folded = fold([*layers, own])
    # Any other key of the file that has no value is a mistake, and removes nothing.
    values = {**{key: value for key, value in mine.items() if key not in _ASKING}, "networks": folded.get("networks")}
    values |= {key: folded[key] for key in _ASKING if key in folded}
    return Folded(values=values, layers=(*layers, own), own=own)


def valueless(project: Folded) -> Iterator[Finding]:
    """Find keys of the spec that ask for a file, have no value, and remove nothing of a preset."""
    examples = {"bake": "bake: {}", "cache": "cache: {registry: {ref: registry.example.com/cache}}"}
    for key in _ASKING:
        if key in project.own.values and project.own.values[key] is None and len(project.history((key,))[0]) == 1:
            yield Finding(
                location=project.own.locate((key,)),
                message=f"{key} has no value, and there is none of a preset to remove",
                fix=f"write {examples[key]}, or remove the key",
                code="type-wrong",
            )
