"""A folder for a fetch, in the system's folder for temporary files; those of runs that were killed are removed.

Git runs on when the run that has started it is killed, for a minute at most, and loses its folder then.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from generator.text.locks import try_lock

PREFIX = "gen-dockerfiles-fetch-"
_NAME = re.compile(rf"{PREFIX}[a-z0-9_]{{8}}")
# Windows opens no folder, and so locks none: what a killed run has left stays there.
_FOLDER = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


@contextmanager
def scratch() -> Iterator[str]:
    """Make a folder that only the user can enter, for the duration of the block, and give its path."""
    _sweep(Path(tempfile.gettempdir()))
    folder, descriptor = _locked_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)


def _locked_folder() -> tuple[str, int | None]:
    """Make a folder and lock it, where folders can be locked; another one if a run has swept it in between."""
    while True:
        folder = tempfile.mkdtemp(prefix=PREFIX)
        if not _FOLDER:
            return folder, None
        with suppress(FileNotFoundError):
            descriptor = os.open(folder, os.O_RDONLY | _FOLDER)
            if _lock(descriptor) is not False and os.path.lexists(folder):
                return folder, descriptor
            os.close(descriptor)


def _sweep(base: Path) -> None:
    """Remove the folders of the user that no run has locked."""
    if not _FOLDER:
        return
    with suppress(OSError), os.scandir(base) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name):
                with suppress(OSError):
                    _remove_abandoned(entry.path)


def _remove_abandoned(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY | _FOLDER)
    try:
        found = os.fstat(descriptor)
        private = found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) == 0o700
        if private and _lock(descriptor):
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool | None:
    """Lock an open folder; None where the file system has no locks."""
    try:
        return try_lock(descriptor)
    except OSError:
        return None
