"""Put right what a run that was killed has left, before anything is read, and say so."""

from __future__ import annotations

import os
from pathlib import Path

from generator.cli.output import warn
from generator.model.artefacts import JOURNAL
from generator.text.errors import Finding, Location
from generator.text.printing import visible


def mend(root: Path) -> None:
    """Undo what a run in `root` had half done when it was killed, remove its temporary files, and say it in one line.

    Raises:
        SpecError: that cannot be done.
    """
    if not os.path.lexists(root / JOURNAL):
        return
    from generator.output.recover import recover  # noqa: PLC0415  # 6 ms, for what is hardly ever there

    recovered = recover(root)
    if recovered is not None:
        warn(visible(str(recovered)))


def warn_of_killed(root: Path) -> None:
    """Warn where a run in `root` was killed, for a command that writes nothing."""
    if not os.path.lexists(root / JOURNAL):
        return
    from generator.output.journal import is_abandoned  # noqa: PLC0415  # 3 ms, as above

    if is_abandoned(root):
        message = "an earlier run did not finish, and has left files beside others, and maybe some old and some new"
        fix = "run gen-dockerfiles, which puts that right"
        finding = Finding(location=Location(file=JOURNAL), message=message, fix=fix, code="run-killed", level="warn")
        warn(f"warning: {finding}")
