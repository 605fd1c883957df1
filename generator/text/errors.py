"""Findings and the one error type: every fatal error of the command is a `SpecError` with findings.

`generator.cli` is the one place that catches and prints it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from generator.text.masking import masked
from generator.text.printing import visible

EXIT_STALE = 1
EXIT_USAGE = 2
EXIT_PARTIAL = 3
EXIT_FAILED = 70  # EX_SOFTWARE
EXIT_INTERRUPTED = 130  # what shells give to Ctrl-C

SHOWN = 500
"""Characters that a message repeats of what somebody else has written: they can make it as long as they like."""

Level = Literal["error", "warn", "note"]
KeyPath = tuple[str | int, ...]
"""Where a value is: keys of mappings and indexes of lists, from the top."""


@dataclass(frozen=True, kw_only=True, order=True, slots=True)
class Location:
    """A place in a file; line and column count from 1, and 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    @classmethod
    def in_text(cls, file: str, text: str, offset: int) -> Location:
        """Give the place of the character at `offset`, counted from 0, of the text of a file."""
        return cls(file=file, line=text.count("\n", 0, offset) + 1, column=offset - text.rfind("\n", 0, offset))

    def __str__(self) -> str:
        file = masked(self.file)  # it may be the address of a preset
        return f"{file}:{self.line}:{self.column}" if self.line else file


@dataclass(frozen=True, kw_only=True, order=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        location: Where it is.
        message: What is wrong.
        fix: What to do about it, with the user's own values filled in.
        code: Its name: the same for every finding of a kind, whatever the values.
        level: `error` stops the run, `warn` is only printed; `note` says what was decided, where nothing is wrong.
    """

    location: Location
    message: str
    fix: str
    code: str
    level: Level = "error"

    def __post_init__(self) -> None:
        """Mask credentials in what is shown, whoever has put them there: a user, a server or git."""
        object.__setattr__(self, "message", masked(self.message))
        object.__setattr__(self, "fix", masked(self.fix))

    @property
    def line(self) -> str:
        """Give all of it in one line."""
        return visible(f"{self.location}: {self.message}; {self.fix}  [{self.code}]")

    def __str__(self) -> str:
        return f"{visible(f'{self.location}: {self.message}  [{self.code}]')}\n{visible(f'  fix: {self.fix}')}"


class SpecError(Exception):
    """The spec, a preset or the call is wrong. Nothing has been written when this is raised, but for EXIT_PARTIAL."""

    exit_code = EXIT_USAGE

    def __init__(self, *findings: Finding) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings

    @classmethod
    def at(cls, location: Location, message: str, fix: str, *, code: str) -> SpecError:
        """Make the error of one finding."""
        return cls(Finding(location=location, message=message, fix=fix, code=code))


class Findings:
    """Collects the findings of every step, so that one run reports all of them."""

    def __init__(self) -> None:
        self._found: dict[Finding, None] = {}

    def add(self, findings: Iterable[Finding]) -> None:
        """Add `findings`; a finding that is there already is not repeated."""
        self._found.update(dict.fromkeys(findings))

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Add the findings of a SpecError that the block raises, and continue after the block."""
        try:
            yield
        except SpecError as error:
            self.add(error.findings)

    @property
    def all(self) -> list[Finding]:
        """Everything, in the order of the files."""
        return sorted(self._found)

    @property
    def warnings(self) -> list[Finding]:
        """What does not stop a run, in the order of the files."""
        return sorted(finding for finding in self._found if finding.level == "warn")

    @property
    def notes(self) -> list[Finding]:
        """What was decided, in the order of the files."""
        return sorted(finding for finding in self._found if finding.level == "note")

    @property
    def errors(self) -> list[Finding]:
        """What stops a run, in the order of the files."""
        return sorted(finding for finding in self._found if finding.level == "error")

    def refuse(self) -> None:
        """Raise SpecError with all errors; do nothing if there are none."""
        if errors := self.errors:
            raise SpecError(*errors)
