"""What is beside the services: the layers of the project, and the form of what asks for files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.layers.fold import Folded, fold
from generator.layers.layer import InDocument, Layer
from generator.text.documents import Document
from generator.text.errors import Finding

_ASKING = {"bake": "bake: {}", "cache": "cache: {registry: {ref: registry.example.com/cache}}"}
"""Keys of presets as well that are mappings, each with an example."""
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
    values |= {key: folded[key] for key in _ASKING if isinstance(folded.get(key), dict)}
    return Folded(values=values, layers=(*layers, own), own=own)


def malformed(project: Folded) -> Iterator[Finding]:
    """Find keys of the spec that ask for something and are no mapping; one without a value removes a preset's."""
    for key, example in _ASKING.items():
        if key not in project.own.values or isinstance(value := project.own.values[key], dict):
            continue
        if value is not None:
            message = f"{key} is not a mapping"
        elif len(project.history((key,))[0]) == 1:
            message = f"{key} has no value, and there is none of a preset to remove"
        else:
            continue
        fix = f"write {example}, or remove the key"
        yield Finding(location=project.own.locate((key,)), message=message, fix=fix, code="type-wrong")
