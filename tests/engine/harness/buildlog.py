"""The machine-readable progress of a build (``--progress=rawjson``), as steps that a test can ask about."""

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
        name: What BuildKit prints, such as ``[deps 2/3] RUN npm ci``. A continued line is one line here.
        cached: Whether the result came from the cache.
        started: When it began, or None when it never did.
        completed: When it ended, or None when it never did.
        error: Why it failed, or an empty string.
        log: Everything it wrote to its output streams.
    """

    name: str
    cached: bool = False
    started: datetime | None = None
    completed: datetime | None = None
    error: str = ""
    log: str = ""

    @property
    def seconds(self) -> float:
        """How long the step took, in seconds; 0.0 for one that did not run to its end."""
        if self.started is None or self.completed is None:
            return 0.0
        return (self.completed - self.started).total_seconds()


@dataclass(frozen=True)
class BuildResult:
    """A finished build.

    Attributes:
        tag: The image reference that was asked for.
        exit_code: The exit code of the build command.
        steps: The steps in the order in which BuildKit first named them.
        warnings: Short texts of the build checks that found something.
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
        """The steps whose name contains a text."""
        return tuple(step for step in self.steps if text in step.name)

    def step(self, text: str) -> Step:
        """The one step whose name contains a text.

        Raises:
            LookupError: No step matches, or several do.
        """
        found = self.matching(text)
        if len(found) != 1:
            names = "\n  ".join(step.name for step in (found or self.steps))
            raise LookupError(f"{len(found)} steps contain {text!r}:\n  {names}")
        return found[0]

    def cached(self, text: str) -> bool:
        """Whether every step whose name contains a text came from the cache.

        Raises:
            LookupError: No step matches, so that a misspelled text cannot pass a test.
        """
        found = self.matching(text)
        if not found:
            names = "\n  ".join(step.name for step in self.steps)
            raise LookupError(f"no step contains {text!r}:\n  {names}")
        return all(step.cached for step in found)

    @property
    def executed(self) -> tuple[Step, ...]:
        """The steps of the Dockerfile that did work: neither cached nor BuildKit's own bookkeeping."""
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
    """Collects the lines of one progress stream."""

    _steps: dict[str, Step] = field(default_factory=dict)
    _warnings: list[str] = field(default_factory=list)
    _other: list[str] = field(default_factory=list)

    def read(self, lines: Iterable[str]) -> None:
        """Reads progress lines; what is not a JSON object is kept as plain output."""
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
        """What has been read so far, as the result of a command that ended with an exit code."""
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
    """A time of the stream, whose nanoseconds are cut to the microseconds that Python has."""
    if not text:
        return None
    whole, _, fraction = text.rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{fraction[:6]:0<6}+00:00")
