"""Show a preset merged with those that it extends, each value with the file that sets it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from generator.layers.fold import merged
from generator.layers.layer import MISSING, InDocument, Layer, Values
from generator.text.documents import Document

_HEADER_KEYS = ("description", "extends", "parameters")


def show(documents: Sequence[Document]) -> Iterator[str]:
    """Iterate over the lines of the merged preset, each scalar or list with its place.

    `documents` are the presets that it extends, then the preset itself.
    """
    values: Values = {}
    for document in documents:
        values = merged(values, {key: value for key, value in document.data.items() if key not in _HEADER_KEYS})
    if description := documents[-1].data.get("description"):
        yield f"# {description}\n"
    yield from _lines(documents, values, (), "")


def _lines(documents: Sequence[Document], values: Values, path: tuple[str, ...], indent: str) -> Iterator[str]:
    for key, value in values.items():
        here = (*path, key)
        if isinstance(value, dict) and value:
            yield f"{indent}{_flow(key)}:\n"
            yield from _lines(documents, value, here, indent + "  ")
        else:
            yield f"{indent}{_flow(key)}: {_flow(value)}  # {_place(documents, here)}\n"


def _place(documents: Sequence[Document], path: tuple[str, ...]) -> str:
    """Return the place of the value in the last document that sets it."""
    layers = [Layer(name=one.name, values=one.data, origin=InDocument(document=one)) for one in documents]
    setting = [layer for layer in layers if layer.value(path) is not MISSING]
    return str(setting[-1].locate(path)) if setting else ""


def _flow(value: Any) -> str:
    text: str = yaml.safe_dump(value, default_flow_style=True, width=10_000, allow_unicode=True)
    return text.removesuffix("\n").removesuffix("\n...")
