"""Values that a repository gives to a service. Each step of `generator.detect` yields pieces of them.

The records of this package are named tuples: every run defines them, which takes 0.1 ms, and 0.5 ms for a frozen
dataclass. For the same reason its patterns are texts: few runs need all of them compiled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from generator.text.errors import Finding, KeyPath, Location


class Value(NamedTuple):
    """One value that the repository gives to a service.

    Attributes:
        path: Where in the service it belongs, as `("install", "version")`.
        value: What it is.
        place: Where in the repository it was read.
    """

    path: KeyPath
    value: Any
    place: Location


Piece = Value | Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class Detected:
    """A layer of values for one service, and what is wrong with its files.

    Attributes:
        values: In the form in which a service writes them.
        places: Where in the repository each of them was read.
        findings: Errors, which would fail the build, and warnings.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[KeyPath, Location] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def combine(pieces: Iterable[Piece]) -> Detected:
    """Make one layer of `pieces`; of two values for one path, the later one counts."""
    values: dict[str, Any] = {}
    places: dict[KeyPath, Location] = {}
    findings: list[Finding] = []
    for piece in pieces:
        if isinstance(piece, Finding):
            findings.append(piece)
        else:
            target: dict[Any, Any] = values
            for step in piece.path[:-1]:
                target = target.setdefault(step, {})
            target[piece.path[-1]] = piece.value
            places[piece.path] = piece.place
    return Detected(values=values, places=places, findings=tuple(findings))


def has_errors(pieces: Iterable[Piece]) -> bool:
    """Say whether one of `pieces` would fail the build."""
    return any(isinstance(piece, Finding) and piece.level == "error" for piece in pieces)
