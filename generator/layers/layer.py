"""What a service's values were merged from: one layer above the other, each of which knows where it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.detect.detected import Detected
from generator.text.documents import Document, KeyPath
from generator.text.errors import Location

MISSING = object()


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """Values as a service would say them, from one section of a file or from the repository.

    Attributes:
        part: The values.
        document: The file.
        place: Where in the file they are.
        found: Where they were read, if they are what the repository says.
    """

    part: Mapping[str, Any]
    document: Document
    place: KeyPath = ()
    found: Detected | None = None

    def value(self, path: KeyPath) -> Any:
        """What the layer says at `path`: a value, None where it removes it or something above it, or MISSING."""
        data: Any = self.part
        for step in path:
            if isinstance(data, dict) and step in data:
                data = data[step]
            elif isinstance(data, list) and isinstance(step, int) and step < len(data):
                data = data[step]
            else:
                return MISSING
            if data is None:
                return None
        return data

    def locate(self, path: KeyPath) -> Location:
        """Where it says so."""
        if self.found is not None:
            origins = self.found.places
            known = [path[:end] for end in range(len(path), 0, -1) if path[:end] in origins]
            # A mapping has no place of its own in the repository: its parts were read in several files.
            inside = [key for key in origins if key[: len(path)] == path]
            return origins[(known or inside)[0]]
        return self.document.locate((*self.place, *path))

    def written(self, path: KeyPath) -> str | None:
        """The scalar at `path` as its author typed it."""
        return None if self.found is not None else self.document.written((*self.place, *path))
