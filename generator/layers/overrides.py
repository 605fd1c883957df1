"""Templates that presets ship: by runtime, each a file beside its preset that replaces blocks of ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from generator.layers.override import Override
from generator.sources.relative import TEMPLATE, Reference
from generator.text.documents import Document

if TYPE_CHECKING:
    from generator.layers.library import Library


def overrides(documents: Sequence[Document], runtime: object, library: Library) -> tuple[Override, ...]:
    """Read the templates that the presets `documents` of a service have for its `runtime`, lowest first.

    Raises:
        SpecError: one of them is not there, or is no text.
    """
    found: dict[str, Override] = {}
    for document in documents if isinstance(runtime, str) else ():
        relative = document.data.get("templates", {}).get(runtime)
        if relative is not None:
            place = document.locate(("templates", str(runtime)))
            name = library.resolve_relative(document, Reference(relative=relative, place=place, suffixes=TEMPLATE))
            file, text = library.file(name, place)
            found.pop(file, None)  # a preset that is taken twice has the place of the later one
            found[file] = Override(file=file, text=text)
    return tuple(found.values())
