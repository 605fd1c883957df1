"""Read files that anybody may have put there: only regular ones, and never more than a limit."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path

from generator.text.errors import Location, SpecError

_CONFLICT = re.compile(r"^<{7}(?: .*)?\r?$", re.MULTILINE)
# A pipe would wait for its writer. Windows has no such flag, and no such files.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def read_bytes(file: str | Path, name: str, *, limit: int, fix: str = "make it smaller") -> bytes:
    """Read a file; `name` is its name in messages, and `fix` says what to do if it has more than `limit` bytes.

    Raises:
        SpecError: it is larger, or neither a file nor a folder: a pipe or a device may never end.
        OSError: it is not there, is a folder, or cannot be read.
    """
    try:
        # First: to open a device may do something already.
        found = os.stat(file)  # noqa: PTH116  # a Path for each of thousands of files takes longer
    except ValueError:  # a name with NUL, or of characters that no file name can have
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)) from None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    _refuse_special(found, name)
    with os.fdopen(os.open(file, _FLAGS), "rb") as stream:
        _refuse_special(os.fstat(stream.fileno()), name)
        # Room for all that may come would be taken at once.
        content = stream.read(min(found.st_size, limit) + 1)
        if len(content) > found.st_size:  # it grows
            content += stream.read(limit + 1 - len(content))
    if len(content) > limit:
        message = f"is larger than {limit // 1_000_000} MB"
        raise SpecError.at(Location(file=name), message, fix, code="file-too-large")
    return content


def refuse_conflict(text: str, name: str, *, fix: str = "resolve it, and remove its marks") -> None:
    """Raise SpecError where git has left the marks of a merge that it could not make."""
    if "<<<<<<<" in text and (mark := _CONFLICT.search(text)):
        place = Location(file=name, line=text.count("\n", 0, mark.start()) + 1, column=1)
        raise SpecError.at(place, "has a merge conflict", fix, code="merge-conflict")


def _refuse_special(found: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(found.st_mode):
        message, fix = "is not a regular file, but a pipe, a socket or a device", "replace it by a file"
        raise SpecError.at(Location(file=name), message, fix, code="file-special")
