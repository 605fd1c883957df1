"""Parse the machine-readable progress of a build (``--progress=rawjson``) into steps."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class Step:
    """One vertex of the build graph.

    Attributes:
        name: The name that BuildKit prints, such as ``[deps 2/3] RUN npm ci``; continued lines are joined.
        cached: Whether the result came from the cache.
        started: When it started, or None if it did not.
        completed: When it ended, or None if it did not.
        error: The error, or an empty string.
        log: Its output, both streams.
    """

    name: str
    cached: bool = False
    started: datetime | None = None
    completed: datetime | None = None
    error: str = ""
    log: str = ""

    @property
    def seconds(self) -> float:
        """The duration of the step in seconds; 0.0 if it did not complete."""
        if self.started is None or self.completed is None:
            return 0.0
        return (self.completed - self.started).total_seconds()


@dataclass(frozen=True)
class BuildResult:
    """A finished build.

    Attributes:
        tag: The requested image reference.
        exit_code: The exit code of the build command.
        steps: The steps, in the order in which BuildKit first reported them.
        warnings: Short texts of the warnings of build checks.
        output: Lines of the progress stream that are not JSON, such as the final error.
        seconds: Duration of the whole command, in seconds.
    """

    tag: str
    exit_code: int
    steps: tuple[Step, ...]
    warnings: tuple[str, ...] = ()
    output: str = ""
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether the build succeeded."""
        return self.exit_code == 0

    @property
    def log(self) -> str:
        """A readable log: every step with its state and output, then the final error."""
        lines = []
        for step in self.steps:
            state = "CACHED" if step.cached else f"{step.seconds:.1f}s"
            lines.append(f"{step.name} ({step.error or state})")
            lines.extend(f"    {line}" for line in step.log.splitlines())
        return "\n".join([*lines, self.output])

    def matching(self, text: str) -> tuple[Step, ...]:
        """Return the steps whose name contains a text."""
        return tuple(step for step in self.steps if text in step.name)

    def step(self, text: str) -> Step:
        """Return the only step whose name contains a text.

        Raises:
            LookupError: No step matches, or more than one.
        """
        matches = self.matching(text)
        if len(matches) != 1:
            names = "\n  ".join(step.name for step in (matches or self.steps))
            raise LookupError(f"{len(matches)} steps contain {text!r}:\n  {names}")
        return matches[0]

    def cached(self, text: str) -> bool:
        """Tell whether every step whose name contains a text came from the cache.

        Raises:
            LookupError: No step matches. A misspelled text must not make a test pass.
        """
        matches = self.matching(text)
        if not matches:
            names = "\n  ".join(step.name for step in self.steps)
            raise LookupError(f"no step contains {text!r}:\n  {names}")
        return all(step.cached for step in matches)

    @property
    def executed(self) -> tuple[Step, ...]:
        """The steps of the Dockerfile that ran: not cached, and not internal steps of BuildKit."""
        return tuple(
            step
            for step in self.steps
            if step.name.startswith("[")
            and not step.name.startswith("[internal]")
            and "] FROM " not in step.name
            and not step.cached
        )


@dataclass
class BuildLog:
    """Collect the lines of one progress stream."""

    _steps: dict[str, Step] = field(default_factory=dict)
    _warnings: list[str] = field(default_factory=list)
    _other: list[str] = field(default_factory=list)

    def read(self, lines: Iterable[str]) -> None:
        """Parse progress lines. Lines that are not JSON objects are kept as plain output."""
        for line in lines:
            try:
                status = json.loads(line)
            except json.JSONDecodeError:
                status = None
            if isinstance(status, dict):
                self._read_status(status)
            elif line.strip():
                self._other.append(line.rstrip())

    def result(self, *, tag: str, exit_code: int, seconds: float) -> BuildResult:
        """Return the result of the build from the lines so far and the exit code of the command."""
        return BuildResult(
            tag=tag,
            exit_code=exit_code,
            steps=tuple(self._steps.values()),
            warnings=tuple(self._warnings),
            output="\n".join(self._other),
            seconds=seconds,
        )

    def _read_status(self, status: Mapping[str, Any]) -> None:
        for vertex in status.get("vertexes") or ():
            self._read_vertex(vertex)
        for entry in status.get("logs") or ():
            if step := self._steps.get(entry["vertex"]):
                step.log += base64.b64decode(entry.get("data") or "").decode(errors="replace")
        for warning in status.get("warnings") or ():
            self._warnings.append(base64.b64decode(warning["short"]).decode(errors="replace"))

    def _read_vertex(self, vertex: Mapping[str, Any]) -> None:
        step = self._steps.setdefault(vertex["digest"], Step(vertex.get("name", "")))
        step.name = vertex.get("name") or step.name
        step.cached = step.cached or bool(vertex.get("cached"))
        step.error = vertex.get("error") or step.error
        # A vertex that runs more than once keeps its first start and its last end.
        step.started = step.started or _time(vertex.get("started"))
        step.completed = _time(vertex.get("completed")) or step.completed


def _time(text: str | None) -> datetime | None:
    """Parse a time of the stream. Nanoseconds are cut to microseconds, which is the precision of Python."""
    if not text:
        return None
    whole, _, fraction = text.rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{fraction[:6]:0<6}+00:00")
