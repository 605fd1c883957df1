"""Put right what a run that was killed has left, before anything is read, and say so."""

from __future__ import annotations

from pathlib import Path

from generator.cli.output import warn
from generator.output import journal
from generator.text.errors import Finding, Location
from generator.text.printing import visible


def mend(root: Path) -> None:
    """Undo what a run in `root` had half done when it was killed, remove its temporary files, and say it in one line.

    Raises:
        SpecError: that cannot be done.
    """
    if not journal.exists(root):
        return
    from generator.output.recover import recover  # noqa: PLC0415  # hardly ever needed

    recovered = recover(root)
    if recovered is not None:
        warn(visible(str(recovered)))


def warn_of_killed(root: Path) -> None:
    """Warn where a run in `root` was killed, for a command that writes nothing."""
    if journal.exists(root) and journal.is_abandoned(root):
        message = "an earlier run did not finish, and has left files beside others, and maybe some old and some new"
        fix = "run gen-dockerfiles, which puts that right"
        place = Location(file=journal.JOURNAL)
        warn(f"warning: {Finding(location=place, message=message, fix=fix, code='run-killed', level='warn')}")
