"""Lock files with [[package]] tables. They are searched, not parsed: parsing a large one takes a tenth of a second."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from generator.detect.managers.pyproject import Locked, canonical
from generator.text.errors import Location
from generator.text.files import Repository

# The head of a package. The writers of these files are programs, and the shape is the same in all.
_PACKAGE = r'(?m)^\[\[package\]\]\nname = "([^"]+)"(?:\nversion = "([^"]+)")?'
_HEAD = "[[package]]\n"


class LockedTable(NamedTuple):
    """A package of a lock file.

    Attributes:
        name: Its normalised name.
        text: Its tables.
        place: Where they begin.
    """

    name: str
    text: str
    place: Location

    def find(self, pattern: str) -> str | None:
        """Give what the first group of a pattern finds in the tables."""
        found = re.search(pattern, self.text)
        return found[1] if found else None

    def list_at(self, key: str) -> list[str] | None:
        """Give the texts of a list on one line; None where there is none."""
        found = re.search(rf"(?m)^{key} = \[([^\]\n]*)\]$", self.text)
        return re.findall(r'"([^"]*)"', found[1]) if found else None


def locked_packages(repository: Repository, lock: str) -> Locked:
    """Give the versions of each package in a lock file."""
    locked: dict[str, set[str]] = {}
    for name, version in re.findall(_PACKAGE, lock_text(repository, lock)):
        locked.setdefault(canonical(name), set()).add(version)
    return locked


def locked_tables(repository: Repository, lock: str) -> Iterator[LockedTable]:
    """Yield the packages of a lock file, in order."""
    text = lock_text(repository, lock)
    at, line = text.find(_HEAD), text.count("\n", 0, max(text.find(_HEAD), 0)) + 1
    while at >= 0:
        end = text.find(_HEAD, at + 1)
        table = text[at : end if end >= 0 else len(text)]
        if head := re.match(_PACKAGE, table):
            yield LockedTable(name=canonical(head[1]), text=table, place=Location(file=lock, line=line, column=1))
        at, line = end, line + table.count("\n")


def lock_text(repository: Repository, lock: str) -> str:
    """Give the text of a lock file with the line ends of Unix; empty where there is none."""
    return (repository.text(lock) or "").replace("\r\n", "\n")
