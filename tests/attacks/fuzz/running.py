"""Run the command on what has been drawn, for a given time, and count: inputs, failures, the slowest."""

from __future__ import annotations

import contextlib
import io
import os
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.strategies import SearchStrategy

from generator.cli.app import main
from generator.text.errors import EXIT_STALE, EXIT_USAGE
from tests.support import snapshot

SECONDS = float(os.environ.get("FUZZ_SECONDS", "15"))
"""How long all tests that draw files may take together, without those that need an engine."""
HANGS = 2.0
"""Seconds of the processor after which a run counts as a hang. Time on a clock depends on what else the host does."""

_ROUND = 100 if SECONDS > 100 else 20  # a round that has begun is drawn to its end
_SETTINGS = settings(
    max_examples=_ROUND, deadline=None, database=None, print_blob=True, suppress_health_check=[*HealthCheck]
)


class Tally:
    """What the runs of one test have come to; `told` is what the last one has printed beside its output."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.codes: Counter[int] = Counter()
        self.slowest = 0.0
        self.told = ""

    def __str__(self) -> str:
        told = ", ".join(f"exit {code}: {number}" for code, number in sorted(self.codes.items()))
        return f"{self.kind}: {self.codes.total()} inputs ({told}), the slowest {self.slowest:.2f} s"

    def refuses_or_works(self, root: Path, *arguments: str, ours: bool = True) -> int:
        """Run the command; return its exit code. `ours` says that all it prints is ours, not Copier's.

        Raises:
            AssertionError: it has failed, took too long, or printed what steers a terminal.
        """
        started = time.process_time()
        code, self.told = _run(["-C", str(root), *arguments])
        took = time.process_time() - started
        self.codes[code] += 1
        self.slowest = max(self.slowest, took)
        assert code in (0, EXIT_STALE, EXIT_USAGE), self.told
        assert not ours or all(line.isprintable() or "\t" in line for line in self.told.split("\n")), self.told
        assert took < HANGS, f"{took:.1f} s of the processor: {arguments}"
        return code

    def refuses_or_writes_all(self, root: Path, *arguments: str) -> None:
        """Run a command that writes: where it refuses, no file has changed; what it has written is up to date."""
        before = snapshot(root)
        code = self.refuses_or_works(root, *arguments)
        if code == EXIT_USAGE:
            assert snapshot(root) == before, "something has been written"
        elif code == 0:
            self.is_up_to_date(root)

    @staticmethod
    def is_up_to_date(root: Path) -> None:
        """Run `--check` on what has just been written. Raises AssertionError unless it finds nothing to write."""
        code, told = _run(["-C", str(root), "--check"])
        assert code == 0, told


def isolate(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Print tracebacks; use no cache, no settings of the user for git, and no proxy; start in the folder `home`."""
    monkeypatch.chdir(home)  # an argument may name any folder below this one
    for name in ("GEN_DOCKERFILES_TRACEBACK", "GEN_DOCKERFILES_NO_CACHE", "GIT_CONFIG_NOSYSTEM"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")


def restore(root: Path, files: Mapping[str, bytes]) -> None:
    """Make `files` all that there is below `root`."""
    for entry in root.iterdir():
        shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def run_for(
    seconds: float, strategy: SearchStrategy[Any], check: Callable[[Any], None], after: Callable[[], None] | None = None
) -> None:
    """Draw rounds of examples until the time is over, each with a seed that is printed.

    With FUZZ_SEED there is one round, of that seed. `after` is called after each round.
    """
    end = time.monotonic() + seconds
    given_seed = os.environ.get("FUZZ_SEED")
    while True:
        number = int(given_seed) if given_seed else secrets.randbits(32)
        print(f"seed: {number}")
        seed(number)(_SETTINGS(given(strategy)(lambda example: check(example))))()
        if after is not None:
            after()
        if given_seed or time.monotonic() > end:
            return


def _run(arguments: list[str]) -> tuple[int, str]:
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(arguments)
        except SystemExit as end:  # the parser of the arguments
            code = end.code if isinstance(end.code, int) else EXIT_USAGE
    err.flush()
    return code, err.buffer.getvalue().decode("utf-8")
