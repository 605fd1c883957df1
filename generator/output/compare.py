"""Compare generated files with those on disk."""

from __future__ import annotations

import difflib
import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.model.artefacts import MARK
from generator.output.foreign_compose import beside_compose
from generator.text.errors import Finding, Location, SpecError
from generator.text.files import MAX_BYTES
from generator.text.printing import is_command
from generator.text.reading import read_bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A file to write or remove.

    Attributes:
        path: Where it is, below the root.
        old: Its text on disk; None if there is no file.
        new: Its text after the change; None if the file is removed.
    """

    path: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        return f"{'write' if self.old is None else 'update' if self.new is not None else 'remove'}: {self.path}"

    def diff(self) -> Iterator[str]:
        """Iterate over the lines of a unified diff from `old` to `new`, each with its line end."""
        source = "/dev/null" if self.old is None else f"a/{self.path}"
        target = "/dev/null" if self.new is None else f"b/{self.path}"
        for line in difflib.unified_diff(_lines(self.old or ""), _lines(self.new or ""), source, target):
            # A line that stays begins with a blank, which the log of a CI would not see in front of a command.
            stays = line.startswith(" ") and is_command(line)
            for one in (f"-{line[1:]}", f"+{line[1:]}") if stays else (line,):
                yield one if one.endswith("\n") else f"{one}\n\\ No newline at end of file\n"


def changes(
    root: Path, files: Mapping[str, str | None], *, force: bool, known: Callable[[str, bytes], bool] | None = None
) -> list[Change]:
    """Compare `files` with those below `root`, and return what differs, in the order of the paths.

    A text of None removes the file. `known` tells whether a file has the content that it is to have, where that is
    known without its text: then that is not asked for.

    Raises:
        SpecError: a path is a link, leads out of the repository, cannot be read, or holds a file that was written by
            hand (unless `force`).
    """
    result: list[Change] = []
    problems: list[Finding] = []
    for path in sorted(files):
        if os.path.islink(f"{root}/{path}"):  # noqa: PTH114  # a Path for each of thousands of files takes longer
            problems.append(_link(root, path))
            continue
        try:
            content = _read(root, path)
        except SpecError as error:
            problems += error.findings
            continue
        if content is not None and known is not None and known(path, content):
            continue
        old, new = _text(content), files[path]
        if old == new:
            continue
        result.append(Change(path=path, old=old, new=new))
        problems += _obstacles(root, path, old, force)
        problems += beside_compose(root, path, old) if not force else ()
    if problems:
        raise SpecError(*problems)
    return result


def in_the_way(root: Path, paths: Iterable[str], *, force: bool) -> Iterator[Finding]:
    """Find what keeps the files at `paths` from being written, where nobody knows yet what they would hold."""
    for path in paths:
        try:
            old = _text(_read(root, path))
            yield from _obstacles(root, path, old, force)
            yield from beside_compose(root, path, old) if not force else ()
        except SpecError as error:
            yield from error.findings


def _obstacles(root: Path, path: str, old: str | None, force: bool) -> Iterator[Finding]:
    if _is_outside(root, path):
        message, fix = "is a link out of the repository", "replace the link by a folder"
        yield _problem(path, message, fix, "file-outside")
    elif old is not None and MARK not in old and not force:
        message = "was not written by gen-dockerfiles and would be replaced"
        yield _problem(path, message, "move it away, or replace it with --force", "file-hand-written")


def _text(content: bytes | None) -> str | None:
    # With its line ends: a file whose line ends a checkout has converted counts as changed.
    return None if content is None else content.decode("utf-8", "surrogateescape")


def _read(root: Path, path: str) -> bytes | None:
    """Return the content of a file; None without one. Raises SpecError if it cannot be read."""
    try:
        return read_bytes(f"{root}/{path}", path, limit=MAX_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        message, fix = f"cannot be read: {error.strerror}", "make it a readable file"
        raise SpecError(_problem(path, message, fix, "file-unreadable")) from None


def _lines(text: str) -> list[str]:
    # Not splitlines: it splits at form feeds, U+0085 and U+2028 too, where patch and git do not.
    return list(io.StringIO(text, newline="\n"))


def _is_outside(root: Path, path: str) -> bool:
    return not (root / path).resolve().is_relative_to(root.resolve())


def _link(root: Path, path: str) -> Finding:
    if _is_outside(root, path):
        return _problem(path, "is a link out of the repository", "replace the link by a file", "file-outside")
    message = f"is a link to {(root / path).readlink()}, and would be replaced by a file"
    return _problem(path, message, "remove the link, and run gen-dockerfiles again", "file-is-link")


def _problem(path: str, message: str, fix: str, code: str) -> Finding:
    return Finding(location=Location(file=path), message=message, fix=fix, code=code)
