"""Entries of the cache: the texts of files in one file, behind a table of their digests.

A check that finds nothing changed reads the table alone, which is small, and a text only where a file differs from it.

    <digest of the table> {"path": [digest, offset, length], …}
    <text><text>…
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from generator.text.digest import digest

Files = Mapping[str, str]
_Table = dict[str, tuple[str, int, int]]
_DIGEST = 64  # digits
PART = ".part"  # what an entry is called until it is whole


class Kept(Files):
    """The texts of an entry, each read when it is asked for. Where that fails, all of them are made again."""

    def __init__(self, entry: Path, make: Callable[[], Files]) -> None:
        """Read the table of `entry`.

        Raises:
            OSError: it cannot be read.
            ValueError: it is damaged.
        """
        self._entry, self._make = entry, make
        with entry.open("rb") as stream:
            found, table = stream.read(_DIGEST), stream.readline()
            self._start = stream.tell()
        if found.decode() != digest(table):
            raise ValueError("the table is damaged")
        self._table: _Table = json.loads(table)

    def has(self, path: str, content: bytes) -> bool:
        """Tell whether the text of the file `path` is `content`."""
        return path in self._table and self._table[path][0] == digest(content)

    def __getitem__(self, path: str) -> str:
        expected, offset, length = self._table[path]
        with suppress(OSError), self._entry.open("rb") as stream:
            stream.seek(self._start + offset)
            content = stream.read(length)
            if digest(content) == expected:
                return content.decode()
        return self._made[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    @cached_property
    def _made(self) -> Files:
        return self._make()


def store(entry: Path, files: Files) -> None:
    """Write an entry, whole or not at all.

    Raises:
        OSError: it cannot be written.
        ValueError: a text cannot be written in UTF-8.
    """
    table: _Table = {}
    offset = 0
    for path, text in files.items():
        content = text.encode()
        table[path] = digest(content), offset, len(content)
        offset += len(content)
    head = f"{json.dumps(table)}\n".encode()
    descriptor, name = tempfile.mkstemp(dir=entry.parent, suffix=PART)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(digest(head).encode() + head)
        for text in files.values():
            stream.write(text.encode())
    Path(name).replace(entry)
