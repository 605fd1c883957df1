"""Lock files in a form that the package manager of the build does not read, or that lack what it needs there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from generator.detect.detected import Piece
from generator.detect.managers import MANAGERS, record_of
from generator.detect.service_folder import Installation, ServiceFolder, is_file
from generator.text.errors import Finding, Location
from generator.text.files import join

# Numbers that fit into any type of number.
_COMPARABLE = r"\d{1,9}(?:\.\d{1,9}){0,2}(?!\d)"
_MAX_TOLD = 100


def other_locks(service: ServiceFolder, folder: str, managers: Iterable[str]) -> Iterator[Finding]:
    """Report each lock file of `managers` in a form that is not supported, with the command that converts it."""
    for manager in managers:
        for path in other_lock_paths(service, folder, manager):
            name, lock = path.rpartition("/")[2], service.facts[manager].get("lock")
            yield Finding(
                location=Location(file=path),  # it may be binary
                message=f"{service.name} is locked by {name}, which is not supported; {lock} is",
                fix=f"convert it with: {MANAGERS[manager].other_locks[name]}",
                code="lock-format",
            )


def other_lock_paths(service: ServiceFolder, folder: str, manager: str) -> list[str]:
    """List the lock files of `manager` in `folder` that have a form that is not supported."""
    paths = (join(folder, name) for name in MANAGERS[manager].other_locks)
    return [path for path in paths if is_file(service.repository, path)]


def check_format(installation: Installation, version: object) -> Iterator[Piece]:
    """Yield what is wrong with the lock file for the `version` of the manager that will read it."""
    lock = installation.fact("lock")
    if not isinstance(lock, str) or not installation.has_beside_lock(lock):
        return
    path = installation.beside_lock(lock)
    for name, command in record_of(installation.manager).other_locks.items():
        if installation.has_beside_lock(name) and record_of(installation.manager).prefers_other_lock:
            yield Finding(
                location=Location(file=installation.beside_lock(name)),
                message=f"{installation.manager} reads {name}, and the image would be built from {lock}",
                fix=f"remove one of them; to keep what {name} has: {command}",
                code="lock-ambiguous",
            )
    if version is None or (isinstance(version, str) and re.match(_COMPARABLE, version)):
        yield from islice(record_of(installation.manager).check_lock(installation, path, version or ""), _MAX_TOLD)
