"""Lines and columns of what stands in a text, both counted from 1."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.text.errors import Location


def position(file: str, text: str, at: int) -> Location:
    """Give the place of the character `at` in the text of a file."""
    return Location(file=file, line=text.count("\n", 0, at) + 1, column=at - text.rfind("\n", 0, at))


def positions(file: str, text: str, pattern: str | re.Pattern[str]) -> Iterator[tuple[re.Match[str], Location]]:
    """Yield the matches of a pattern in the text of a file, with their places, in time that grows with the text."""
    line, before = 1, 0
    for found in re.finditer(pattern, text):
        line += text.count("\n", before, found.start())
        before = found.start()
        yield found, Location(file=file, line=line, column=before - text.rfind("\n", 0, before))
