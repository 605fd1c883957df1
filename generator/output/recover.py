"""Put right what a run that was killed has left: undo what it had half done, and remove its temporary files."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from generator.model.artefacts import JOURNAL
from generator.output import journal
from generator.output.journal import Claim, Entry, Record
from generator.output.staged import Staged
from generator.text.digest import digest
from generator.text.errors import Location, SpecError
from generator.text.files import MAX_BYTES
from generator.text.reading import read_bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovered:
    """What was put right.

    Attributes:
        put_back: The files that are again as they were before the run that was killed.
        removed: How many temporary files were removed, the journal among them.
    """

    put_back: tuple[str, ...]
    removed: int

    def __str__(self) -> str:
        files = "one temporary file" if self.removed == 1 else f"{self.removed} temporary files"
        back = f"put back {', '.join(self.put_back)}, and " if self.put_back else ""
        return f"an earlier run did not finish: {back}removed {files}"


def recover(root: Path) -> Recovered | None:
    """Put right what a run that was killed has left in `root`; return None if there was nothing.

    A run that is still at work is waited for. A file that somebody has changed since is left as it is.

    Raises:
        SpecError: the journal is not one that a run at this place has written, or a file cannot be put back.
    """
    if not os.path.lexists(root / JOURNAL):
        return None
    try:
        with journal.claim(root) as claimed:
            return put_right(root, claimed)
    except OSError as error:
        message, fix = f"cannot be read or removed: {error.strerror}", "correct the permissions of it and its folder"
        raise SpecError.at(Location(file=JOURNAL), message, fix, code="file-unwritable") from None


def put_right(root: Path, claimed: Claim) -> Recovered | None:
    """Put right what the journal says; None if it says nothing. The journal itself is removed with its claim.

    Raises SpecError as `recover` does; then the journal stays.
    """
    claimed.keep = True
    record, put_back, removed = claimed.left(), [], 1
    if record is not None:
        changes = [(_staged(root, record, index), entry) for index, entry in enumerate(record.entries)]
        if not record.done:
            put_back = [one.name for one, entry in reversed(changes) if _put_back(one, entry)]
        removed += sum(_remove(file) for one, _ in changes for file in (one.new, one.old))
        if not record.done:
            remove_empty(root / folder for folder in record.folders)
    was_empty, claimed.keep = claimed.is_empty(), False
    return None if was_empty else Recovered(put_back=tuple(sorted(put_back)), removed=removed)


def remove_empty(folders: Iterable[Path]) -> None:
    """Remove those of `folders`, named outermost first, that are empty."""
    for folder in reversed([*folders]):
        with suppress(OSError):  # not empty: somebody else's
            if not folder.is_symlink():
                folder.rmdir()


def _staged(root: Path, record: Record, index: int) -> Staged:
    entry = record.entries[index]
    return Staged.of(root, entry.path, token=record.token, index=index, removes=entry.sha256 is None)


def _put_back(one: Staged, entry: Entry) -> bool:
    """Undo a change if it was made and is still as it was made; tell whether that was so.

    Raises:
        SpecError: it cannot be undone.
    """
    if _digest(one.path) != entry.sha256 or entry.existed != _is_file(one.old):
        return False
    try:
        one.undo()
    except OSError as error:
        message = f"cannot be put back as it was before a run that was killed: {error.strerror}"
        fix = "correct the permissions of the file and its folder, then run gen-dockerfiles again"
        raise SpecError.at(Location(file=one.name), message, fix, code="file-unwritable") from None
    return True


def _digest(file: Path) -> str | None:
    """Return the SHA-256 of a file; None if there is none. A link has the digest of nothing that we write."""
    if not os.path.lexists(file):
        return None
    try:
        return digest(read_bytes(file, file.name, limit=MAX_BYTES)) if _is_file(file) else ""
    except (OSError, SpecError):
        return ""


def _is_file(file: Path) -> bool:
    """Tell whether this is a regular file, and no link to one."""
    try:
        return stat.S_ISREG(file.lstat().st_mode)
    except OSError:
        return False


def _remove(file: Path) -> bool:
    """Remove a temporary file; tell whether there was one. Raises OSError."""
    if not _is_file(file):
        return False
    file.unlink()
    return True
