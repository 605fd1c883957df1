"""Run docker commands, and report those that fail."""

import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

COMMAND_SECONDS = 600.0  # longer than any build of the examples takes on two cores


class CommandFailed(AssertionError):
    """A docker command failed; the message has the command, its exit code and its output."""

    def __init__(self, argv: Sequence[str], exit_code: int, output: str) -> None:
        """Keep the exit code and the output for tests that expect the failure."""
        super().__init__(f"{shlex.join(argv)}\nexit code {exit_code}\n{output}")
        self.exit_code = exit_code
        self.output = output


def run_docker(
    argv: Sequence[str],
    *,
    environment: Mapping[str, str],
    check: bool,
    cwd: Path | None,
    stdin: str | None,
    timeout: float,
) -> subprocess.CompletedProcess[str]:
    """Run ``docker argv…`` and capture both output streams.

    Args:
        argv: The arguments after ``docker``.
        environment: The environment of the command.
        check: Whether an exit code other than 0 is an error.
        cwd: The working directory.
        stdin: Text for the standard input; None gives it no input.
        timeout: How long the command may take, in seconds.

    Raises:
        CommandFailed: The command failed and ``check`` is set.
        subprocess.TimeoutExpired: The command took too long.
    """
    command = ["docker", *argv]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        errors="replace",
        cwd=cwd,
        input=stdin if stdin is not None else "",
        env=dict(environment),
        timeout=timeout,
        check=False,
    )
    if check and done.returncode:
        raise CommandFailed(command, done.returncode, done.stdout + done.stderr)
    return done


def stream_docker(argv: Sequence[str], file: IO[bytes], *, environment: Mapping[str, str]) -> None:
    """Run ``docker argv…`` with its output in a file, for output that is too large for memory.

    Raises:
        CommandFailed: The command failed.
        subprocess.TimeoutExpired: The command took longer than COMMAND_SECONDS.
    """
    command = ["docker", *argv]
    done = subprocess.run(
        command,
        stdout=file,
        stderr=subprocess.PIPE,
        env=dict(environment),
        timeout=COMMAND_SECONDS,
        check=False,
    )
    if done.returncode:
        raise CommandFailed(command, done.returncode, done.stderr.decode(errors="replace"))
