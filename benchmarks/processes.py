"""What a whole process takes: seconds on the clock and of the processor, and its peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# A process has the memory of the one that starts it until its own program is loaded, and the peak counts that. So it is
# started by a Python that has loaded nothing.
_LAUNCHER = """\
import os, sys, time
start = time.perf_counter()
nothing = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=nothing)
_, status, usage = os.wait4(pid, 0)
figures = time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss
print([os.waitstatus_to_exitcode(status), *figures])
"""

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
    launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER, *arguments]
    done = subprocess.run(launcher, env=environment, cwd=code, stdout=subprocess.PIPE, check=True)
    status, wall, cpu, memory = json.loads(done.stdout)
    if status != 0:
        raise SystemExit(f"exit code {status}: {' '.join(arguments)}")
    return Figures(wall, cpu, memory * (1 if sys.platform == "darwin" else 1024) / 1e6)
