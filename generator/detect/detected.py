"""What was found for one service: values and their places, and what is wrong with the files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from generator.text.errors import Finding, Location

Values = dict[str, Any]
KeyPath = tuple[str | int, ...]


@dataclass(kw_only=True, slots=True)
class Found:
    """A layer of values for one service.

    Attributes:
        values: As a service would say them.
        origins: Where in the repository each of them was read.
        problems: What would fail the build.
        warnings: What deserves a look.
    """

    values: Values = field(default_factory=dict)
    origins: dict[KeyPath, Location] = field(default_factory=dict)
    problems: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def set(self, path: KeyPath, value: Any, location: Location) -> None:
        """Say that the value at `path` of the service is `value`, as `location` says."""
        target: dict[Any, Any] = self.values
        for step in path[:-1]:
            target = target.setdefault(step, {})
        target[path[-1]] = value
        self.origins[path] = location

    def problem(self, location: Location, message: str, fix: str) -> None:
        """Report what would fail the build."""
        self.problems.append(Finding(location=location, message=message, fix=fix, code="TODO"))

    def warning(self, location: Location, message: str, fix: str) -> None:
        """Report what deserves a look."""
        self.warnings.append(Finding(location=location, message=message, fix=fix, code="TODO"))
