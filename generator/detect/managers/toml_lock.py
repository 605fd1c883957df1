"""Lock files with [[package]] tables. They are searched, not parsed: parsing a large one takes a tenth of a second."""

from __future__ import annotations

import re

from generator.detect.managers.pyproject import Locked, canonical
from generator.text.files import Repository

# The head of a package. The writers of these files are programs, and the shape is the same in all.
_PACKAGE = r'(?m)^\[\[package\]\]\nname = "([^"]+)"(?:\nversion = "([^"]+)")?'


def locked_packages(repository: Repository, lock: str) -> Locked:
    """Give the versions of each package in a lock file."""
    locked: dict[str, set[str]] = {}
    for name, version in re.findall(_PACKAGE, (repository.text(lock) or "").replace("\r\n", "\n")):
        locked.setdefault(canonical(name), set()).add(version)
    return locked
