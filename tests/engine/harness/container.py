"""A running container: inspect it, read its logs, find its ports and stop it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .engine import Engine


@dataclass(frozen=True)
class Container:
    """A container that a test started."""

    engine: Engine = field(repr=False)
    id: str

    def inspect(self) -> dict[str, Any]:
        """Return the result of ``docker inspect`` for the container."""
        return self.engine.inspect(self.id)

    def port(self, port: int) -> int:
        """Return the host port on which a container port is published.

        Raises:
            CommandFailed: The port is not published.
        """
        return host_port(self.engine.run("port", self.id, f"{port}/tcp").stdout)

    def logs(self) -> str:
        """Return both output streams so far, the standard output first."""
        done = self.engine.run("logs", self.id)
        return done.stdout + done.stderr

    def stop(self, grace: int = 10) -> tuple[float, int]:
        """Stop the container, with SIGKILL after ``grace`` seconds; return the seconds it took and its exit code."""
        started = time.monotonic()
        self.engine.run("stop", f"--timeout={grace}", self.id)
        elapsed = time.monotonic() - started
        return elapsed, int(self.inspect()["State"]["ExitCode"])


def host_port(text: str) -> int:
    """Parse the port in the first line of ``docker port`` or ``docker compose port``."""
    return int(text.splitlines()[0].rpartition(":")[2])
