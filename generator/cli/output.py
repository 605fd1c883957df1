"""Print: every text that came from a file goes through `visible`, and a terminal gets no character that it lacks."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from generator.output.compare import Change
from generator.text.errors import Location, SpecError
from generator.text.printing import has_command, visible


def say(text: object) -> None:
    """Print one line."""
    with _writing():
        print(visible(str(text)))


def warn(text: str) -> None:
    """Print lines that are visible already, as those of a finding, beside the output."""
    with suppress(OSError):  # there is no other place to tell it
        print(text, file=sys.stderr)


def show_diff(changes: Iterable[Change], *, to_read: bool = False) -> None:
    """Print the diffs of changes: a patch that applies, or, on a terminal and with `to_read`, lines to be read.

    In the log of a CI, a line with a command inside is made visible as well: nothing that we write has one.
    """
    logged = bool(os.environ.get("CI")) and not _is_file()
    to_read = to_read or (sys.stdout is not None and sys.stdout.isatty())
    if not to_read and isinstance(sys.stdout, io.TextIOWrapper):
        # A patch has to contain the bytes of the files, whatever the encoding of the terminal is.
        sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
    with _writing():
        for change in changes:
            for line in change.diff():
                # The note about a missing newline is a second line of the same part.
                for one in line.removesuffix("\n").split("\n"):
                    _write(f"{visible(one) if to_read or (logged and has_command(one)) else one}\n")


def flush() -> None:
    """Write what is still in memory. Raises SpecError where that fails, which the end of the process would hide."""
    if sys.stdout is not None:
        with _writing():
            sys.stdout.flush()


def abandon() -> None:
    """Give standard output up: else the interpreter fails once more when it flushes at its end."""
    sys.stdout = None


def _is_file() -> bool:
    """Tell whether standard output goes to a file, which is no log."""
    try:
        return sys.stdout is not None and stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError):
        return False


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon()
        place, fix = Location(file="standard output"), "give it a place to write to"
        message = f"cannot be written: {error.strerror}"
        raise SpecError.at(place, message, fix, code="output-unwritable") from None


def _write(text: str) -> None:
    write: Callable[[str], object] | None = getattr(sys.stdout, "write", None)
    if write is None:
        place, fix = Location(file="standard output"), "leave it open, or leave --diff out"
        raise SpecError.at(place, "is closed, so there is no place for a diff", fix, code="output-unwritable")
    write(text)
