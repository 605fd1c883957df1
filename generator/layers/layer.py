"""A layer: values in the form in which a service writes them, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from generator.layers.choices import replaced
from generator.text.documents import Document
from generator.text.errors import KeyPath, Location

MISSING = object()
Values = dict[str, Any]
"""Values of a service or of a part of one, as YAML has them: not validated yet."""


class InDocument(NamedTuple):
    """Values that stand in a YAML file, below `place`."""

    document: Document
    place: KeyPath = ()

    def locate(self, path: KeyPath) -> Location:
        """Give the place of the value at `path`, or of the nearest one above it."""
        return self.document.locate((*self.place, *path))

    def source(self, path: KeyPath) -> str:
        """Describe where the value at `path` comes from: for what a parameter was given, where it stands as well."""
        place, here = self.locate(path), self.document.locate_here((*self.place, *path))
        return str(place) if place == here else f"{place}, for {here}"

    def written(self, path: KeyPath) -> str | None:
        """Give the scalar at `path` as its author typed it; None for anything else."""
        return self.document.written((*self.place, *path))


class InPlaces(NamedTuple):
    """Values that were read in several files: each has a place of its own."""

    places: Mapping[KeyPath, Location]

    def locate(self, path: KeyPath) -> Location:
        """Give the place of the value at `path`, of the nearest one above it, or of the first one inside it."""
        above = [path[:end] for end in range(len(path), 0, -1) if path[:end] in self.places]
        inside = [key for key in self.places if key[: len(path)] == path]
        return self.places[(above or inside)[0]]

    def source(self, path: KeyPath) -> str:
        """Describe where the value at `path` comes from."""
        return str(self.locate(path))

    def written(self, path: KeyPath) -> str | None:  # noqa: ARG002  # as InDocument has it
        """Give None: what another tool's file says is not written as in a spec."""
        return None


Origin = InDocument | InPlaces
"""Where the values of a layer were written."""


class Layer(NamedTuple):
    """Values of a service from one source.

    Attributes:
        name: The name of the source in messages: a file, `repository`, `derived`.
        values: The values.
        origin: Where they were written.
        adds: Lists of the layer are added to those below, instead of replacing them. It has nothing but lists.
        follows: The values are computed from those of the layers below.
        note: Text that stands for the place, for values that are not in a file.
    """

    name: str
    values: Mapping[str, Any]
    origin: Origin
    adds: bool = False
    follows: bool = False
    note: str = ""

    def value(self, path: KeyPath) -> Any:
        """Return the value at `path`; None if the layer removes it or a mapping above it; MISSING without either.

        A layer also removes what it has chosen another key instead of.
        """
        data: Any = self.values
        for index, step in enumerate(path):
            if isinstance(data, dict) and step in data:
                data = data[step]
            elif isinstance(data, list) and isinstance(step, int) and step < len(data):
                data = data[step]
            elif isinstance(data, dict) and step in replaced(path[:index], data):
                return None
            else:
                return MISSING
            if data is None:
                return None
        return data

    @property
    def document(self) -> Document | None:
        """Give the file that the layer stands in; None where it is not one file."""
        return self.origin.document if isinstance(self.origin, InDocument) else None

    def locate(self, path: KeyPath) -> Location:
        """Return the place of the value at `path`, or of the nearest one above it."""
        return self.origin.locate(path)

    def source(self, path: KeyPath) -> str:
        """Describe where the value at `path` comes from."""
        return self.note or self.origin.source(path)
