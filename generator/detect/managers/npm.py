"""npm: a lock file that repeats the manifests."""

from __future__ import annotations

from collections.abc import Iterator

from generator.detect.managers.manager import Dependency, Manager
from generator.detect.managers.package_json import unlocked_by_importer
from generator.detect.service_folder import Installation
from generator.text.files import mapping


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with the entries of the manifests, which stand between those of the packages."""
    return unlocked_by_importer(installation, mapping(installation.repository.json(lock), "packages"))


MANAGER = Manager(
    runtimes=("node",),
    required_facts=("manifest", "lock"),
    find_unlocked=find_unlocked,
    package_json_name="npm",
)
