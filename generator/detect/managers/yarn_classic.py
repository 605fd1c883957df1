"""Yarn 1."""

from __future__ import annotations

from collections.abc import Iterator

from generator.detect.managers.git_sources import git_sources
from generator.detect.managers.manager import Dependency, Manager
from generator.detect.managers.package_json_paths import ByPath
from generator.detect.managers.yarn_lock import unlocked_in_yarn_lock
from generator.detect.service_folder import Installation


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with a lock file that has no entry for a package of the workspace, whatever range names it."""
    packages = installation.workspace.get("packages") or []
    return unlocked_in_yarn_lock(installation, lock, frozenset(package["name"] for package in packages))


MANAGER = Manager(
    runtimes=("node",),
    required_facts=("manifest", "lock", "version"),
    lock_marker="# yarn lockfile v1",
    find_unlocked=find_unlocked,
    package_json_name="yarn",
    member_range="*",
    runs_programs="yarn",
    locked=git_sources,
    find_local=ByPath(
        links=lambda _, protocol, __: protocol == "link:",
        copies_instead="write file: instead of link:, and run: yarn install",
    ).find_local,
)
