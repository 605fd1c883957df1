"""What a rule reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """The path of the value in the resolved project, what is wrong with it, and what to do."""

    path: tuple[str | int, ...]
    message: str
    fix: str
