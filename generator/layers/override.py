"""A template that a preset ships: apart from what reads it, so that the process that renders it loads less."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Override:
    """A template of a preset.

    Attributes:
        file: How messages call it.
        text: Its source.
    """

    file: str
    text: str
