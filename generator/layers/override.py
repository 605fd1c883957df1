"""A template that a preset ships. It is apart from what reads it, for the process that renders it starts with little."""

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
