"""Is every dependency that a manifest names in the lock file? The manager would say so too, but only in the build.

Only what is certain is reported: a dependency that the lock file does not have at all, or not in a version that fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator.detect.fresh_node import MISSING_NODE
from generator.detect.fresh_python import MISSING_PYTHON
from generator.detect.subject import Subject

# By manager: the path of the manifest, the name of a dependency and what is asked of it, for each that is not locked.
Missing = Callable[[Subject, str], Iterator[tuple[str, str, str]]]
_BY_MANAGER: dict[str, Missing] = {**MISSING_PYTHON, **MISSING_NODE}


def find_stale_lock(subject: Subject) -> None:
    """Report each dependency that is not in the lock file, with the command that refreshes it."""
    lock = subject.fact("lock")
    check = _BY_MANAGER.get(subject.manager)
    if check is None or not isinstance(lock, str) or not subject.shared(lock):
        return
    for manifest, name, wanted in check(subject, subject.above(lock)):
        location = subject.repository.locate(manifest, "ependencies", name)
        if not location.line:  # a Pipfile has other words for its sections
            location = subject.repository.locate(manifest, name)
        message = f"{subject.above(lock)} is stale: it does not have {f'{name} {wanted}'.strip()}"
        subject.found.problem(location, message, f"refresh it with: {subject.fact('refresh')}")
