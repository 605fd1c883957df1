"""Which generated files differ from what is on disk, and how."""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.text.errors import Finding, Location, SpecError

# Every generated file says so near its top. A file without it was written by somebody, and is theirs.
MARK = "ritten by gen-dockerfiles"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A file whose text on disk is not the wanted one; `old` is None where there is none, `new` where it goes."""

    path: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        return f"{'write' if self.old is None else 'update' if self.new is not None else 'remove'}: {self.path}"

    def diff(self) -> Iterator[str]:
        """The lines of a unified diff from the disk to the rendered text, each with its line end."""
        source = "/dev/null" if self.old is None else f"a/{self.path}"
        target = "/dev/null" if self.new is None else f"b/{self.path}"
        for line in difflib.unified_diff(_lines(self.old or ""), _lines(self.new or ""), source, target):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def changes(root: Path, files: Mapping[str, str | None], *, force: bool) -> list[Change]:
    """What would have to be written below `root`, in the order of the paths; a text of None removes a file.

    Raises:
        SpecError: a path leads out of the repository, cannot be read, or holds a file that was written by hand
            (unless `force`).
    """
    found: list[Change] = []
    problems: list[Finding] = []
    for path, new in sorted(files.items()):
        try:
            old = _read(root, path)
        except OSError as error:
            problems.append(
                _problem(path, f"cannot be read: {error.strerror}", "make it a readable file", "file-unreadable")
            )
            continue
        if old == new:
            continue
        if _leaves(root, path):
            problems.append(
                _problem(path, "is a link out of the repository", "replace the link by a folder", "file-outside")
            )
        elif old is not None and MARK not in old and not force:
            fix = "move it away, or replace it with --force"
            problems.append(
                _problem(path, "was not written by gen-dockerfiles and would be replaced", fix, "file-hand-written")
            )
        found.append(Change(path=path, old=old, new=new))
    if problems:
        raise SpecError(*problems)
    return found


def _read(root: Path, path: str) -> str | None:
    try:
        # newline="": a file that a checkout gave other line ends is a different file.
        with (root / path).open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
            return stream.read()
    except FileNotFoundError:
        return None


def _lines(text: str) -> list[str]:
    # Not splitlines, which also ends a line where patch and git do not: at a form feed, at U+0085, at U+2028.
    return list(io.StringIO(text, newline="\n"))


def _leaves(root: Path, path: str) -> bool:
    return not (root / path).resolve().is_relative_to(root.resolve())


def _problem(path: str, message: str, fix: str, code: str) -> Finding:
    return Finding(location=Location(file=path), message=message, fix=fix, code=code)
