"""uv: workspaces with members by pattern, and a lock file of every extra and group of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.detect.managers.manager import Dependency, Manager
from generator.detect.managers.pyproject import (
    canonical,
    dependencies,
    extras,
    groups,
    is_package,
    requirement_name,
    unlocked,
)
from generator.detect.managers.toml_lock import locked_packages
from generator.detect.service_folder import Installation
from generator.detect.workspace import Member, WorkspaceKind
from generator.text.files import Repository, dig, join, mapping, texts

_MANIFEST = "pyproject.toml"
_PACKAGE_SWITCH = ("tool", "uv", "package")


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with the manifests of the service and of the packages that it needs."""
    locked = locked_packages(installation.repository, lock)
    for folder, _ in installation.package_folders():
        manifest = join(folder, _MANIFEST)
        data = installation.repository.toml(manifest) or {}
        yield from unlocked(manifest, [*dependencies(data), *extras(data), *groups(data)], locked)


def _patterns(repository: Repository, folder: str) -> list[str] | None:
    """Give `members`, and `exclude` as patterns that take their matches out again."""
    declared = mapping(repository.toml(join(folder, _MANIFEST)), "tool", "uv", "workspace")
    if not declared:
        return None
    return [*texts(declared, "members"), *(f"!{pattern}" for pattern in texts(declared, "exclude"))]


def _members(repository: Repository, root: str, paths: list[str]) -> Iterator[Member]:
    """Yield the members; a dependency means one of them where `tool.uv.sources` says so, there or in the root."""
    shared = mapping(repository.toml(join(root, _MANIFEST)), "tool", "uv", "sources")
    for path in paths:
        data = repository.toml(join(root, f"{path}/{_MANIFEST}")) or {}
        sources = {**shared, **mapping(data, "tool", "uv", "sources")}
        local = {canonical(name) for name, source in sources.items() if dig(source, "workspace") is True}
        yield Member(
            name=canonical(str(dig(data, "project", "name"))),
            path=path,
            needs=frozenset(local.intersection(map(requirement_name, [*dependencies(data), *extras(data)]))),
            builds_with=frozenset(local.intersection(map(requirement_name, groups(data)))),
        )


def _package(repository: Repository, root: str, member: Member, _: bool) -> dict[str, Any] | None:
    """Give a member that a service needs, all of which ships; None for one that is not installed as a package."""
    data = repository.toml(join(root, f"{member.path}/{_MANIFEST}")) or {}
    if not is_package(data, [_PACKAGE_SWITCH]):
        return None
    return {"name": member.name, "path": member.path, "artifacts": ["."]}


MANAGER = Manager(
    runtimes=("python",),
    required_facts=("manifest", "lock", "version", "tool"),
    find_unlocked=find_unlocked,
    workspace=WorkspaceKind(
        manifest=_MANIFEST,
        heading="[tool.uv.workspace]",
        member_list="members of [tool.uv.workspace]",
        member_manifest=_MANIFEST,
        patterns=_patterns,
        members=_members,
        package=_package,
    ),
    version_key=("tool", "uv", "required-version"),
    package_switch=_PACKAGE_SWITCH,
)
