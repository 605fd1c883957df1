"""Where the values of a YAML file stand.

PyYAML's nodes know it too, but take half a kilobyte for each value, and find a key by trying all. What is kept of them
is one number for each value, and a dictionary for each mapping.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import NamedTuple

import yaml

_BITS = 32  # for the column
_TEXT = "tag:yaml.org,2002:str"
_Path = tuple[str | int, ...]


class _Inside(NamedTuple):
    """The place of a mapping or a list, and what is in it by keys or by indexes."""

    at: int
    parts: Mapping[str, _Place] | Sequence[_Place]


# A line and a column in one number, both counted from 0; or that of something with values in it.
_Place = int | _Inside


class Positions:
    """The places of the values of a document, and how its scalars are written."""

    def __init__(self, root: yaml.Node) -> None:
        """Keep what is asked for of the nodes below `root`, which have been constructed, and none of them."""
        self._written: dict[int, str] = {}
        self._moves: Mapping[_Path, _Path] = {}
        self._root = self._place(root, {})

    def moved(self, moves: Mapping[_Path, _Path]) -> Positions:
        """Return the places of values that have been put elsewhere: of each new path, the one that was typed.

        What is below a path moves with it. Values that have no place of their own, as the parts of a text, need no
        entry: they are where the text is.
        """
        other = copy(self)
        other._moves = moves
        return other

    def locate(self, path: Sequence[str | int]) -> tuple[int, int]:
        """Give line and column, from 1, of the value at `path`, or of the nearest that exists above it."""
        *_, last = self._along(self._typed(path))
        line, column = divmod(last.at if isinstance(last, _Inside) else last, 1 << _BITS)
        return line + 1, column + 1

    def written(self, path: Sequence[str | int], value: object) -> str | None:
        """Give the scalar at `path`, which was read as `value`, as it was written; None if there is none.

        It is `3.10`, where the value is 3.1. A text is written as it is read.
        """
        path = self._typed(path)
        *above, last = self._along(path)
        if len(above) < len(path) or not isinstance(last, int):
            return None
        return self._written.get(last, value if isinstance(value, str) else None)

    def _typed(self, path: Sequence[str | int]) -> Sequence[str | int]:
        """Give the path that a value was typed at."""
        for end in range(len(path), 0, -1) if self._moves else ():
            if (typed := self._moves.get(tuple(path[:end]))) is not None:
                return (*typed, *path[end:])
        return path

    def _along(self, path: Sequence[str | int]) -> Iterator[_Place]:
        """Yield the places along a path that was typed, from that of the document to the last that exists."""
        place: _Place | None = self._root
        for step in (*path, None):
            if place is None:
                return
            yield place
            place = _part(place, step)

    def _place(self, node: yaml.Node, known: dict[int, _Place]) -> _Place:
        """Give the place of `node`; `known` has those of nodes that an alias may repeat, by identity."""
        at = node.start_mark.line << _BITS | node.start_mark.column
        if isinstance(node, yaml.ScalarNode):
            if node.tag != _TEXT:
                self._written[at] = node.value
            return at
        if id(node) not in known:
            if isinstance(node, yaml.MappingNode):
                # The last one counts: what `<<` brings along stands before the keys of the mapping itself.
                pairs = {key.value: self._place(value, known) for key, value in node.value}
                known[id(node)] = _Inside(at, pairs)
            else:
                known[id(node)] = _Inside(at, [self._place(part, known) for part in node.value])
        return known[id(node)]


def _part(place: _Place, step: str | int | None) -> _Place | None:
    """Give what is at a key or an index of `place`; None if there is nothing."""
    parts = place.parts if isinstance(place, _Inside) else ()
    if isinstance(parts, Mapping):
        return parts.get(step) if isinstance(step, str) else None
    return parts[step] if isinstance(step, int) and 0 <= step < len(parts) else None
