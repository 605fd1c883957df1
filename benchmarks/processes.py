"""What a whole process takes: seconds on the clock and of the processor, and its peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Figures:
    """What one process took: seconds on the clock, seconds of the processor, and its peak resident memory in MB."""

    wall: float
    cpu: float
    memory: float


def measure(arguments: Sequence[str], cache: Path, *, code: Path = ROOT) -> Figures:
    """Run a process to its end; it has to succeed.

    Args:
        arguments: The command.
        cache: The folder of the cache.
        code: The checkout whose `generator` is run.
    """
    environment = {**os.environ, "PYTHONPATH": str(code), "GEN_DOCKERFILES_CACHE_DIR": str(cache)}
    environment.pop("GEN_DOCKERFILES_NO_CACHE", None)
    start = time.perf_counter()
    process = subprocess.Popen(arguments, env=environment, cwd=code, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"exit code {process.returncode}: {' '.join(arguments)}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Figures(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6)
