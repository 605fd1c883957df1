"""PDM: requirements in [project]."""

from __future__ import annotations

from collections.abc import Iterator

from generator.detect.managers.manager import Dependency, Manager
from generator.detect.managers.pyproject import dependencies, unlocked
from generator.detect.managers.toml_lock import locked_packages
from generator.detect.service_folder import Installation


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with the requirements of the project itself: its lock file may leave out extras and groups."""
    manifest = installation.service.in_service("pyproject.toml")
    data = installation.repository.toml(manifest) or {}
    yield from unlocked(manifest, dependencies(data), locked_packages(installation.repository, lock))


MANAGER = Manager(
    runtimes=("python",),
    required_facts=("manifest", "lock", "version", "installer"),
    find_unlocked=find_unlocked,
    package_switch=("tool", "pdm", "distribution"),
)
