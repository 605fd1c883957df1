"""Run other programs within limits of time, output, memory and disk. Whatever reaches one ends with its children."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

if sys.platform == "linux":
    import resource

_MB = 1_000_000
_CHUNK = 65_536
_LOOK = 0.05
"""Seconds between two looks at the limits of a program that runs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What a program may use.

    Attributes:
        seconds: From its start to the end of its output, on the clock.
        output: Bytes of standard output.
        errors: Bytes of standard error.
        memory: Bytes of memory of its own, for each process. Only Linux can hold a program to it.
        stored: Bytes in the folder that it fills, if it is given one.
    """

    seconds: float
    output: int
    errors: int = _MB
    memory: int
    stored: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What a program has left: its exit code (negative: the signal that ended it), and its output."""

    status: int
    out: bytes
    err: bytes


class Overrun(Exception):
    """A program was ended at a limit; the text says which, as a verb phrase. `out` and `err` are what it printed."""

    def __init__(self, words: str, out: bytes, err: bytes) -> None:
        super().__init__(words)
        self.out, self.err = out, err


def run(
    command: Sequence[str],
    limits: Limits,
    *,
    environment: Mapping[str, str] | None = None,
    data: bytes = b"",
    folder: str = "",
) -> Done:
    """Run a program without a shell and a terminal, with `data` as its input; `folder` is the one that it fills.

    Raises:
        Overrun: it reached one of its limits.
        OSError: it is not there, or cannot be run.
        ValueError: the command or the environment has a NUL.
    """
    process = _start(command, environment, data)
    _bound(process.pid, limits.memory)
    assert process.stdout is not None
    assert process.stderr is not None
    readers = _Reader(process.stdout, limits.output), _Reader(process.stderr, limits.errors)
    try:
        if words := _watch(process, readers, limits, folder):
            raise Overrun(words, *(bytes(reader.read) for reader in readers))
    except BaseException:  # also KeyboardInterrupt: the terminal's signal does not reach the other session
        _end(process)
        raise
    finally:
        for reader in readers:
            reader.close()
    return Done(status=process.returncode, out=bytes(readers[0].read), err=bytes(readers[1].read))


def _start(command: Sequence[str], environment: Mapping[str, str] | None, data: bytes) -> subprocess.Popen[bytes]:
    # A file, not a pipe: a program that does not read its input cannot make us wait.
    with tempfile.TemporaryFile() as stdin:
        stdin.write(data)
        stdin.seek(0)
        # In a session of its own it has no terminal to prompt at, and one signal ends its children as well.
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
            bufsize=0,
        )


class _Reader(threading.Thread):
    """Reads a stream to its end, but never more than a limit."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        super().__init__(daemon=True)
        self._stream, self.most, self.read, self.full = stream, most, bytearray(), False
        self.start()

    def run(self) -> None:
        while chunk := self._stream.read(_CHUNK):
            room = self.most - len(self.read)
            self.read += chunk[:room]
            if len(chunk) > room:
                self.full = True
                return

    def close(self) -> None:
        # A program that has left the session may hold the other end; its reader then waits on, and disturbs nobody.
        self.join(1)
        if not self.is_alive():
            self._stream.close()


def _watch(process: subprocess.Popen[bytes], readers: Sequence[_Reader], limits: Limits, folder: str) -> str:
    """Wait for the end of a program; return the limit that it reaches before, or nothing."""
    end = time.monotonic() + limits.seconds
    running = True
    while running:
        for reader in readers:
            reader.join(_LOOK if reader.is_alive() else 0)
        running = any(reader.is_alive() for reader in readers) or not _ends(process)
        if full := [reader.most for reader in readers if reader.full]:
            return f"has printed more than {size(full[0])}"
        if folder and _stored(folder, limits.stored) > limits.stored:
            return f"has stored more than {size(limits.stored)}"
        if running and time.monotonic() > end:
            return f"did not answer within {limits.seconds:.0f} s"
    return ""


def _ends(process: subprocess.Popen[bytes]) -> bool:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_LOOK)
    return process.returncode is not None


def size(count: int) -> str:
    """Give a number of bytes in words: in MB, or below that as it is."""
    return f"{count // _MB} MB" if count >= _MB else f"{count} bytes"


def _stored(folder: str, most: int) -> int:
    """Add up the files below a folder, until they are more than `most`. A program is changing them meanwhile."""
    total, folders = 0, [folder]
    while folders and total <= most:
        with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    with contextlib.suppress(OSError):
                        total += entry.stat(follow_symlinks=False).st_size
    return total


def _bound(process: int, memory: int) -> None:
    """Limit the memory of a process that has only just started. Its children inherit the limit, and leave no dump."""
    if sys.platform == "linux":
        for kind, most in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_CORE, 0)):
            with contextlib.suppress(OSError, ValueError):  # it has ended; a limit that is lower stays
                resource.prlimit(process, kind, (most, most))


def _end(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
