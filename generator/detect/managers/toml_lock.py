"""Lock files with [[package]] tables. They are searched, not parsed: parsing a large one takes a tenth of a second."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from generator.detect.managers.pyproject import Locked, canonical
from generator.text.files import Repository

# The head of a package. The writers of these files are programs, and the shape is the same in all.
_PACKAGE = r'(?m)^\[\[package\]\]\nname = "([^"]+)"(?:\nversion = "([^"]+)")?'
_HEAD = "[[package]]\n"


class LockedTable(NamedTuple):
    """A package of a lock file.

    Attributes:
        name: Its normalised name.
        said: Its name, as the lock file has it.
        text: Its tables.
        found: What the pattern that it was searched with has found.
    """

    name: str
    said: str
    text: str
    found: str

    def list_at(self, key: str) -> list[str] | None:
        """Give the texts of a list on one line; None where there is none."""
        found = re.search(rf"(?m)^{key} = \[([^\]\n]*)\]$", self.text)
        return re.findall(r'"([^"]*)"', found[1]) if found else None


def locked_packages(repository: Repository, lock: str) -> Locked:
    """Give the versions of each package in a lock file."""
    locked: dict[str, set[str]] = {}
    for name, version in re.findall(_PACKAGE, _text(repository, lock)):
        locked.setdefault(canonical(name), set()).add(version)
    return locked


def locked_tables(repository: Repository, lock: str, pattern: str) -> Iterator[LockedTable]:
    """Yield the packages of a lock file that have a match of `pattern`, whose first group is what it finds."""
    text = _text(repository, lock)
    for found in re.finditer(pattern, text):
        start, end = text.rfind(_HEAD, 0, found.start()), text.find(_HEAD, found.end())
        table = text[start : end if end >= 0 else len(text)]
        if start >= 0 and (head := re.match(_PACKAGE, table)):
            yield LockedTable(name=canonical(head[1]), said=head[1], text=table, found=found[1])


def _text(repository: Repository, lock: str) -> str:
    return (repository.text(lock) or "").replace("\r\n", "\n")
