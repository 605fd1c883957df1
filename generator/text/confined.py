"""Do what presets ask for in a process of its own, so that none of their expressions and templates is without bounds.

The process is another Python with the same modules. It is started for the work and ends with it. What goes in is
pickled, and it is ours. What comes back is JSON, since a preset has had a part in it.
"""

from __future__ import annotations

import json
import pickle
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from generator.text.errors import Finding, Location
from generator.text.processes import Done, Limits, Overrun, run, size

SECONDS = 10.0
SECONDS_EACH = 0.02
"""What each piece of work adds to SECONDS: a thousand services may take longer than one."""
MEMORY = 512_000_000
OUTPUT = 100_000_000
_SHOWN = 2_000
_GRACE = 30.0
"""Seconds beyond its limit after which the process is ended from outside: on a busy machine it may start slowly."""

_START = "import sys; sys.path[:] = sys.argv[1:]; from generator.text.confined_worker import main; main()"
_FRAME = re.compile(r'^  File "(.*)", line (\d+) in ', re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What has become of one piece of work.

    Attributes:
        state: `done`, `wrong` if it raised a SpecError, `stopped` at a limit, `unknown` if it was not reached.
        value: What the function returned, as JSON gives it back.
        findings: Those of the SpecError.
        limit: Which limit, as a verb phrase.
        frames: Where it was stopped: files of code and lines in them, innermost first; none if that is not known.
    """

    state: Literal["done", "wrong", "stopped", "unknown"]
    value: Any = None
    findings: tuple[Finding, ...] = ()
    limit: str = ""
    frames: tuple[tuple[str, int], ...] = ()


def confined(function: str, work: Sequence[object]) -> list[Outcome]:
    """Call `function`, as `package.module:name`, with each piece of `work`, and return what has become of each.

    The function returns what JSON can hold. Work behind a piece that takes too long is not done; behind one that lacks
    memory, it is.

    Raises:
        RuntimeError: the process has failed for a reason of ours.
        OSError: Python cannot be started.
    """
    seconds = SECONDS + SECONDS_EACH * len(work)
    # -I and -S keep the environment and the working directory out; the modules are those of this process.
    command = [sys.executable, "-I", "-S", "-c", _START, *(path or str(Path.cwd()) for path in sys.path)]
    limits = Limits(seconds=seconds + _GRACE, output=OUTPUT, memory=MEMORY)
    data = pickle.dumps((function, seconds, work))
    try:
        done = run(command, limits, data=data)
    except Overrun as error:
        limit = f"writes more than {size(OUTPUT)}" if len(error.out) >= OUTPUT else _takes(seconds)
        return _outcomes(Done(status=-1, out=error.out, err=error.err), len(work), limit)
    return _outcomes(done, len(work), "" if done.status == 0 else _limit(done, seconds))


def short_of_memory() -> str:
    """Say, as a verb phrase, that there was too little memory."""
    return f"needs more than the {size(MEMORY)} of memory that presets have"


def _takes(seconds: float) -> str:
    return f"takes longer than the {seconds:.0f} s that presets have in all"


def _limit(done: Done, seconds: float) -> str:
    """Return the limit at which the process has ended, as a verb phrase."""
    if done.err.startswith(b"Timeout ("):
        return _takes(seconds)
    if done.status == -9 or b"MemoryError" in done.err:  # the system ends processes too when there is no memory
        return short_of_memory()
    if done.status not in (1, 2):
        return f"makes Python crash ({done.status})"
    raise RuntimeError(f"the process for presets has failed: {done.err.decode(errors='replace')[-_SHOWN:]}")


def _outcomes(done: Done, count: int, limit: str) -> list[Outcome]:
    """Read what a process has written; `limit` is the one at which it has ended, if it has not done all."""
    outcomes, running = [Outcome(state="unknown")] * count, 0
    for line in done.out.split(b"\n")[:-1]:  # a last line that is not whole is of no use
        state, value = json.loads(line)
        if state == "started":
            running = value
        outcomes[running] = _outcome(state, value)
    if limit and count:
        frames = tuple((file, int(number)) for file, number in _FRAME.findall(done.err.decode(errors="replace")))
        outcomes[running] = Outcome(state="stopped", limit=limit, frames=frames)
    return outcomes


def _outcome(state: str, value: Any) -> Outcome:
    match state:
        case "done":
            return Outcome(state="done", value=value)
        case "wrong":
            findings = (Finding(**{**one, "location": Location(**one["location"])}) for one in value)
            return Outcome(state="wrong", findings=tuple(findings))
        case "short":
            return Outcome(state="stopped", limit=short_of_memory())
        case _:
            return Outcome(state="unknown")
