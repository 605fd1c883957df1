"""Replace files, each atomically and all or none: what fails or is interrupted leaves every file as it was.

A run that is killed in between leaves a journal, with which the next run puts the files back (`recover.py`).
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Sequence
from pathlib import Path

from generator.model.artefacts import JOURNAL
from generator.output.compare import Change
from generator.output.journal import Claim, Entry, claim
from generator.output.recover import put_right, remove_empty
from generator.output.staged import Staged, sync
from generator.text.digest import digest
from generator.text.errors import EXIT_PARTIAL, Location, SpecError

_THREADS = 8  # a disk answers them together: 2000 files take 0.25 s, and one after the other 3 to 6 s
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


def write(root: Path, changes: Iterable[Change]) -> None:
    """Write every change below `root`, and create folders as needed. An existing file keeps its mode.

    Everything that needs space or permissions is done beside the files first, and then they are replaced.

    Raises:
        SpecError: a file cannot be written, or another run is at work. Nothing has been changed.
        PartlyWritten: a file cannot be written, and one that had been replaced could not be put back; the message
            names it.
    """
    wanted = [*changes]
    if not wanted:
        return
    try:
        with claim(root) as claimed:
            if (recovered := put_right(root, claimed)) is not None:
                fix = "run gen-dockerfiles again"
                raise SpecError.at(Location(file=JOURNAL), str(recovered), fix, code="changed-meanwhile")
            _write(root, wanted, claimed)
    except OSError as error:
        raise _failure(JOURNAL, error, []) from None


def _write(root: Path, changes: Sequence[Change], claimed: Claim) -> None:
    staged = [
        Staged.of(root, change.path, token=claimed.token, index=index, removes=change.new is None)
        for index, change in enumerate(changes)
    ]
    folders = _missing(root, staged)
    claimed.begin(map(_entry, staged, changes), folders)
    claimed.keep = True
    done: list[Staged] = []
    current = ""
    try:
        for one, change in zip(staged, changes, strict=True):
            current = one.name
            one.path.parent.mkdir(parents=True, exist_ok=True)
            one.stage(change.new or "")
        _sync(staged)
        for one in staged:
            current = one.name
            # Before it is applied: an interrupt may come right after.
            done.append(one)
            one.apply()
        claimed.done()
    except BaseException as error:
        left = _undo(done)
        claimed.keep = not _clean(staged, left) or bool(left)
        remove_empty(root / folder for folder in folders)
        if isinstance(error, OSError):
            raise _failure(current, error, left) from None
        raise
    claimed.keep = not _clean(staged)


def _entry(one: Staged, change: Change) -> Entry:
    sha256 = None if change.new is None else digest(change.new)
    return Entry(path=one.name, existed=one.path.exists(), sha256=sha256)


def _missing(root: Path, staged: Sequence[Staged]) -> list[str]:
    """List the folders that have to be made, outermost first, by their paths below the root."""
    missing = {folder for one in staged for folder in one.path.parents if not folder.exists()}
    return sorted(folder.relative_to(root).as_posix() for folder in missing)


def _sync(staged: Sequence[Staged]) -> None:
    """Wait until the disk has the new texts: after a power loss, a file that was renamed early may be empty."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  # a run that writes nothing saves it

    with ThreadPoolExecutor(_THREADS) as threads:
        for _ in threads.map(sync, [one.new for one in staged if not one.removes]):
            pass


def _undo(done: Sequence[Staged]) -> list[Staged]:
    """Put back what has been replaced, last first; return those for which that failed."""
    left = []
    for one in reversed(done):
        try:
            one.undo()
        except OSError:
            left.append(one)
    return left


def _clean(staged: Sequence[Staged], left: Sequence[Staged] = ()) -> bool:
    """Remove what is beside the files, but for the old text of those that are `left`; tell whether that went well."""
    well = True
    for one in staged:
        for file in [one.new] if one in left else [one.new, one.old]:
            try:
                file.unlink()
            except (FileNotFoundError, NotADirectoryError):
                pass
            except OSError:
                well = False
    return well


def _failure(path: str, error: OSError, left: Sequence[Staged]) -> SpecError:
    message = f"cannot be written: {error.strerror}"
    fix = _FIXES.get(error.errno or 0, _ANY_FIX)
    if not left:
        return SpecError.at(Location(file=path), f"{message}; nothing has been changed", fix, code="file-unwritable")
    message += f"; not put back as they were: {', '.join(sorted(one.where() for one in left))}"
    return PartlyWritten.at(Location(file=path), message, f"restore what is named, and {fix}", code="partly-written")
