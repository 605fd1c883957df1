"""The journal of a run that writes: a file in the root of the repository that says which files are about to change.

It is locked while the run is at work, and removed at its end. A journal that nobody has locked is of a run that was
killed. It has one line of head, one for each change and each new folder, `begun`, and `done` when all is replaced.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from generator.model.artefacts import JOURNAL, PREFIX
from generator.text.errors import Location, SpecError
from generator.text.locks import try_lock

WAIT = 10.0  # seconds for another run to finish: writing takes less than one

_BEGUN, _DONE = "begun", "done"
_FLAGS = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_REMOVE = f"make sure that no other run is at work, then remove it, and what is named {PREFIX}* beside generated files"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A change as the journal has it.

    Attributes:
        path: The file, below the root.
        existed: Whether there was a file.
        sha256: The digest of the new text, in hexadecimal; None if the file is removed.
    """

    path: str
    existed: bool
    sha256: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What a run has written into its journal before it was killed.

    Attributes:
        token: What the names of its temporary files have in common.
        entries: Its changes, by their index.
        folders: The folders that it had to make, outermost first.
        done: Whether all changes have been made, and only temporary files are left.
    """

    token: str
    entries: tuple[Entry, ...]
    folders: tuple[str, ...]
    done: bool


class Claim:
    """The journal, locked by this run."""

    def __init__(self, root: Path, descriptor: int, *, locked: bool) -> None:
        """Keep the open file `descriptor`; `locked` is False on a file system that has no locks."""
        self._root, self._file, self._descriptor, self._locked = root, root / JOURNAL, descriptor, locked
        self.token = os.urandom(8).hex()
        self.keep = False
        """Whether the journal stays, for the next run to put back what this one could not."""

    def begin(self, entries: Iterable[Entry], folders: Iterable[str]) -> None:
        """Write down what is about to change, and wait until the disk has it."""
        lines = [self._head() + self.token, *(json.dumps(asdict(entry)) for entry in entries)]
        lines += [*(json.dumps({"folder": folder}) for folder in folders), _BEGUN]
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        _write(self._descriptor, "".join(f"{line}\n" for line in lines).encode())
        os.fsync(self._descriptor)

    def done(self) -> None:
        """Write down that every change has been made: from here on, nothing is put back."""
        os.lseek(self._descriptor, 0, os.SEEK_END)
        _write(self._descriptor, f"{_DONE}\n".encode())

    def left(self) -> Record | None:
        """Return what a run that was killed has left; None if that is nothing.

        Raises:
            SpecError: the journal was not written by a run at this place, or nobody can tell whether it still is.
        """
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        with os.fdopen(os.dup(self._descriptor), "rb") as stream:
            text = stream.read().decode("utf-8", "replace")
        head, at_end, rest = text.partition("\n")
        expected = self._head()
        if not (head.startswith(expected) if at_end else expected.startswith(head) or head.startswith(expected)):
            raise _problem("was not written by a run at this place", _REMOVE, "journal-foreign")
        if text and not self._locked:
            message = "another run is writing, or was killed: this file system has no locks, which would tell"
            raise _problem(message, _REMOVE, "run-concurrent")
        lines = rest.splitlines()
        if _BEGUN not in lines:
            return None  # killed before it has made anything else
        try:
            return _record(self._root, head.removeprefix(expected), lines)
        except (ValueError, TypeError, KeyError):
            raise _problem("was not written by a run at this place", _REMOVE, "journal-foreign") from None

    def is_empty(self) -> bool:
        """Tell whether no run has written anything into the journal yet."""
        return os.fstat(self._descriptor).st_size == 0

    def _head(self) -> str:
        # The number of its inode: a journal that was committed, copied or unpacked has another one than it says.
        return f"gen-dockerfiles journal 1 {os.fstat(self._descriptor).st_ino} "

    def close(self) -> None:
        """Remove the journal unless it is to be kept, and give up the lock.

        One that cannot be removed says what is done already, and is for the next run.
        """
        if not self.keep and sys.platform != "win32":
            with suppress(OSError):
                self._file.unlink()
        os.close(self._descriptor)
        if not self.keep and sys.platform == "win32":  # which removes no open file, neither ours nor another run's
            with suppress(OSError):
                self._file.unlink()


@contextmanager
def claim(root: Path) -> Iterator[Claim]:
    """Lock the journal of `root` for the duration of the block; wait for another run that has locked it.

    Raises:
        SpecError: the other run does not finish, or there is something else in the place of the journal.
        OSError: the journal cannot be made.
    """
    deadline = time.monotonic() + WAIT
    while (claimed := _claim(root)) is None:
        if time.monotonic() > deadline:
            message, fix = "another run of gen-dockerfiles is writing", "wait until it has finished, then run it again"
            raise _problem(message, fix, "run-concurrent")
        time.sleep(0.02)
    try:
        yield claimed
    except BaseException:
        with suppress(OSError):
            claimed.close()
        raise
    claimed.close()


def is_abandoned(root: Path) -> bool:
    """Tell whether there is a journal of a run that was killed; False where that cannot be known."""
    try:
        descriptor = os.open(root / JOURNAL, _FLAGS)
    except OSError:
        return False
    try:
        return try_lock(descriptor)
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _claim(root: Path) -> Claim | None:
    """Open and lock the journal; None if another run has it, or has just removed it."""
    file = root / JOURNAL
    if _is_foreign(file):
        raise _problem("is a link or no file, and not the journal of a run", "remove it", "journal-foreign")
    descriptor = os.open(file, _FLAGS | os.O_CREAT, 0o600)
    try:
        locked = True
        try:
            if not try_lock(descriptor):
                os.close(descriptor)
                return None
        except OSError:
            locked = False
        # The run that had the lock may have removed the file in between.
        if _is_still(file, descriptor):
            return Claim(root, descriptor, locked=locked)
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def _is_foreign(file: Path) -> bool:
    """Tell whether something else than a regular file has the place of the journal.

    The file is looked at once: between two looks, a run that ends may remove it.
    """
    try:
        return not stat.S_ISREG(file.lstat().st_mode)
    except FileNotFoundError:
        return False


def _is_still(file: Path, descriptor: int) -> bool:
    try:
        found, opened = file.lstat(), os.fstat(descriptor)
    except FileNotFoundError:
        return False
    return stat.S_ISREG(found.st_mode) and (found.st_dev, found.st_ino) == (opened.st_dev, opened.st_ino)


def _record(root: Path, token: str, lines: list[str]) -> Record:
    """Read the lines of a journal below its head. Raises ValueError, TypeError or KeyError for what we do not write."""
    end = lines.index(_BEGUN)
    parsed = [json.loads(line) for line in lines[:end]]
    entries = tuple(Entry(**one) for one in parsed if "folder" not in one)
    folders = tuple(one["folder"] for one in parsed if "folder" in one)
    if not all(_is_inside(root, path) for path in (*(entry.path for entry in entries), *folders)):
        raise ValueError("a path that no run writes to")
    if len(token) != 16 or not all(character in "0123456789abcdef" for character in token):
        raise ValueError("a token that no run has")
    return Record(token=token, entries=entries, folders=folders, done=_DONE in lines[end:])


def _is_inside(root: Path, path: str) -> bool:
    """Tell whether a run may have written to `path`: below the root, and not into the store of git."""
    parent, top = (root / path).parent.resolve(), root.resolve()
    return (
        ".." not in path.split("/")
        and parent.is_relative_to(top)
        and ".git" not in [part.lower() for part in (*parent.relative_to(top).parts, Path(path).name)]
    )


def _write(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def _problem(message: str, fix: str, code: str) -> SpecError:
    return SpecError.at(Location(file=JOURNAL), message, fix, code=code)
