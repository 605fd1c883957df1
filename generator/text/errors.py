"""What a user did wrong, said once and completely: every fatal error of the command is a `SpecError`.

`generator.cli.app` is the one place that catches and prints it.
"""

from __future__ import annotations

from dataclasses import dataclass

EXIT_STALE = 1
EXIT_USAGE = 2


@dataclass(frozen=True, kw_only=True, order=True, slots=True)
class Location:
    """A place in a file; line and column count from 1, and 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, kw_only=True, order=True, slots=True)
class Problem:
    """One thing that is wrong, where it is, and what to do about it."""

    location: Location
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.location}: {self.message}\n  fix: {self.fix}"


class SpecError(Exception):
    """The spec, a preset or the call is wrong. Nothing has been written when this is raised."""

    exit_code = EXIT_USAGE

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems

    @classmethod
    def at(cls, location: Location, message: str, fix: str) -> SpecError:
        """The error of one problem."""
        return cls(Problem(location=location, message=message, fix=fix))
