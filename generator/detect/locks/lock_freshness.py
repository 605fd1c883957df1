"""Check that the lock file has every dependency of the manifests. The manager would check it only in the build.

Only what is certain is reported: a dependency that the lock file does not have at all, or not in a version that fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from generator.detect.managers import record_of
from generator.detect.service_folder import Installation
from generator.text.errors import Finding

# One command refreshes them all, and to find the place of each takes time.
_MAX_TOLD = 100


def check_freshness(installation: Installation) -> Iterator[Finding]:
    """Report each dependency that is not in the lock file, with the command that refreshes it."""
    lock = installation.fact("lock")
    if not isinstance(lock, str) or not installation.has_beside_lock(lock):
        return
    path = installation.beside_lock(lock)
    record = record_of(installation.manager)
    for missing in islice(record.find_unlocked(installation, path), _MAX_TOLD):
        location = installation.repository.locate(missing.manifest, "ependencies", missing.name)
        if not location.line:  # not every manifest has a section with such a word
            location = installation.repository.locate(missing.manifest, missing.name)
        yield Finding(
            location=location,
            message=f"{path} is stale: it does not have {f'{missing.name} {missing.wanted}'.strip()}",
            fix=f"refresh it with: {record.refresh(installation)}",
            code="lock-stale",
        )
