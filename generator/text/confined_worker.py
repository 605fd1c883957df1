"""The other side of `generator.text.confined`: a process that does one list of work and ends."""

from __future__ import annotations

import faulthandler
import importlib
import json
import pickle
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from generator.text.errors import SpecError


def main() -> None:
    """Do the work that standard input describes, and write a line of JSON before and after each piece of it."""
    function, seconds, work = pickle.load(sys.stdin.buffer)  # from our own other side, through an unnamed file
    module, _, name = function.partition(":")
    call = getattr(importlib.import_module(module), name)
    # A thread of its own that needs no lock of Python: it ends the process in the midst of a single long operation too.
    faulthandler.dump_traceback_later(seconds, exit=True)
    for index, piece in enumerate(work):
        _tell(json.dumps(["started", index]))
        _tell(_done(call, piece))


def _done(call: Callable[[Any], object], piece: object) -> str:
    try:
        return json.dumps(["done", call(piece)])
    except SpecError as error:
        return json.dumps(["wrong", [asdict(finding) for finding in error.findings]])
    except MemoryError:
        return json.dumps(["short", None])


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
