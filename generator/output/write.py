"""Replace files, each atomically and all or none: what fails or is interrupted leaves every file as it was.

Only a process that is killed in between leaves some files new and others old, each of them whole.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from generator.output.compare import Change
from generator.text.errors import EXIT_PARTIAL, Location, SpecError

_MODE = 0o644
_FIXES = {
    errno.ENOSPC: "free space on the disk, then run gen-dockerfiles again",
    errno.EDQUOT: "free space below the quota, then run gen-dockerfiles again",
    errno.EACCES: "correct the permissions of the file and its folder, then run gen-dockerfiles again",
    errno.EPERM: "correct the owner or the attributes of the file and its folder, then run gen-dockerfiles again",
    errno.EROFS: "make the file system writable, then run gen-dockerfiles again",
    errno.ENOTDIR: "move away the file that is where a folder is needed",
    errno.EEXIST: "move away the file that is where a folder is needed",
    errno.EISDIR: "move away the folder that is where the file is needed",
}
_ANY_FIX = "remove the cause, then run gen-dockerfiles again"


class PartlyWritten(SpecError):
    """Some files have been replaced, and could not be put back."""

    exit_code = EXIT_PARTIAL


@dataclass(frozen=True, kw_only=True, slots=True)
class _Staged:
    """A change that needs no more space: its new text and a second name of the old file are beside it.

    Attributes:
        path: The file.
        name: Its name in messages.
        new: The file with the new text; unused if the file is removed.
        old: The second name of the old file; there is none if there was no file.
        removes: Whether the file is removed.
    """

    path: Path
    name: str
    new: Path
    old: Path
    removes: bool

    def apply(self) -> None:
        if self.removes:
            self.path.unlink(missing_ok=True)
        else:
            self.new.replace(self.path)

    def undo(self) -> None:
        if self.old.exists():
            if not (self.path.exists() and self.path.samefile(self.old)):
                self.old.replace(self.path)
        else:
            self.path.unlink(missing_ok=True)

    def where(self) -> str:
        """Name the file, and the second name of what it was."""
        return f"{self.name} (it was as {self.old.name}, beside it)" if self.old.exists() else self.name


def write(root: Path, changes: Iterable[Change]) -> None:
    """Write every change below `root`, and create folders as needed. An existing file keeps its mode.

    Everything that needs space or permissions is done beside the files first, and then they are replaced.

    Raises:
        SpecError: a file cannot be written. Nothing has been changed.
        PartlyWritten: the same, and a file that had been replaced could not be put back; the message names it.
    """
    staged: list[_Staged] = []
    done: list[_Staged] = []
    made: list[Path] = []
    current = ""
    try:
        for change in changes:
            current = change.path
            _stage(root, change, staged, made)
        for one in staged:
            current = one.name
            # Before it is applied: an interrupt may come right after.
            done.append(one)
            one.apply()
    except OSError as error:
        left = _undo(done)
        _clean(staged, made, left)
        raise _failure(current, error, left) from None
    except BaseException:
        _clean(staged, made, _undo(done))
        raise
    _clean(staged)


def _stage(root: Path, change: Change, staged: list[_Staged], made: list[Path]) -> None:
    """Write the new text beside the file, and give the old file a second name; add to `staged` and `made`."""
    path = root / change.path
    missing = [folder for folder in path.parents if not folder.exists()]
    made += reversed(missing)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    one = _Staged(path=path, name=change.path, new=Path(name), old=Path(f"{name}.old"), removes=change.new is None)
    staged.append(one)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
        stream.write(change.new or "")
    exists = path.exists()
    one.new.chmod(path.stat().st_mode & 0o7777 if exists else _MODE)
    if exists:
        _second_name(path, one.old)


def _second_name(path: Path, other: Path) -> None:
    try:
        other.hardlink_to(path)
    except OSError:  # some file systems have no hard links
        shutil.copy2(path, other)


def _undo(done: Sequence[_Staged]) -> list[_Staged]:
    """Put back what has been replaced, last first; return those for which that failed."""
    left = []
    for one in reversed(done):
        try:
            one.undo()
        except OSError:
            left.append(one)
    return left


def _clean(staged: Sequence[_Staged], made: Sequence[Path] = (), left: Sequence[_Staged] = ()) -> None:
    """Remove what is beside the files, but for the old text of those that are `left`, and the folders in `made`."""
    for one in staged:
        for file in [one.new] if one in left else [one.new, one.old]:
            with suppress(OSError):
                file.unlink(missing_ok=True)
    for folder in reversed(made):
        with suppress(OSError):  # not empty: somebody else's
            folder.rmdir()


def _failure(path: str, error: OSError, left: Sequence[_Staged]) -> SpecError:
    message = f"cannot be written: {error.strerror}"
    fix = _FIXES.get(error.errno or 0, _ANY_FIX)
    if not left:
        return SpecError.at(Location(file=path), f"{message}; nothing has been changed", fix, code="file-unwritable")
    message += f"; not put back as they were: {', '.join(sorted(one.where() for one in left))}"
    return PartlyWritten.at(Location(file=path), message, f"restore what is named, and {fix}", code="partly-written")
