"""Replace files, each atomically: an interrupted run leaves every file either old or new."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from generator.output.compare import Change
from generator.text.errors import Location, SpecError

_MODE = 0o644


def write(root: Path, changes: Iterable[Change]) -> None:
    """Write every change below `root`, and create folders as needed. An existing file keeps its mode.

    Raises:
        SpecError: a file cannot be written; the files before it are written, and a second run writes the rest.
    """
    for change in changes:
        try:
            if change.new is None:
                (root / change.path).unlink(missing_ok=True)
            else:
                _replace(root / change.path, change.new)
        except OSError as error:
            fix = "correct the permissions, then run gen-dockerfiles again"
            message = f"cannot be written: {error.strerror}"
            raise SpecError.at(Location(file=change.path), message, fix, code="file-unwritable") from None


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o7777 if path.exists() else _MODE
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
