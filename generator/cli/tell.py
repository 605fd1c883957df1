"""Say what has been written."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from generator.text.printing import visible


def tell(lines: Iterable[str]) -> None:
    """Print `lines` after the files have been written. That nobody can read them any more is no error of the run."""
    try:
        for line in lines:
            print(visible(line))
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:  # a closed pipe, or a full disk
        sys.stdout = None  # else the interpreter fails again when it flushes at exit
