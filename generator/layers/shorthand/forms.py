"""What every reader of a shorthand gets and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from generator.text.errors import KeyPath


class Given(NamedTuple):
    """A value as it stands in a document.

    Attributes:
        value: The value.
        typed: Gives a scalar as its author typed it, by its path below the value; None for anything else.
        built: Whether it is of services that have a Dockerfile; None where the place does not say.
    """

    value: Any
    typed: Callable[[KeyPath], str | None]
    built: bool | None = None


class Form(NamedTuple):
    """A value in the form of the models.

    Attributes:
        value: The value.
        moves: Where a part of it was typed below the given value, by its path; what is left out has kept its path.
    """

    value: Any
    moves: Mapping[KeyPath, KeyPath] = {}


Reader = Callable[[Given], Form | None]
"""Gives the form of a shorthand; None where the value is none, which the models judge as it stands."""


def wanted(typed: str | None) -> str | None:
    """Return a number or a truth value as the text that somebody has typed; a truth value as Compose writes it."""
    if typed is None:
        return None
    return typed.lower() if typed.lower() in ("true", "false") else typed
