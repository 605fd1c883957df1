"""PDM: requirements in [project]."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.detect.managers.manager import Dependency, Local, Manager
from generator.detect.managers.pyproject import canonical, dependencies, unlocked
from generator.detect.managers.pyproject_groups import extras_by_name, groups_by_name
from generator.detect.managers.toml_lock import locked_packages, locked_tables
from generator.detect.service_folder import Installation
from generator.text.files import mapping, texts

_LOCAL = r'(?m)^path = "([^"\n]*)"'


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with the requirements of the project itself: its lock file may leave out extras and groups."""
    manifest = installation.service.in_service("pyproject.toml")
    data = installation.repository.toml(manifest) or {}
    yield from unlocked(manifest, dependencies(data), locked_packages(installation.repository, lock))


def find_local(installation: Installation) -> Iterator[Local]:
    """Yield the folders and files that the lock file has; an older one does not say the groups."""
    lock = installation.beside_lock(str(installation.fact("lock")))
    chosen = {canonical(name) for key in ("extras", "groups") for name in texts(installation.service.merged, key)}
    for table in locked_tables(installation.repository, lock, _LOCAL):
        groups = table.list_at("groups")
        runs = groups is None or bool({"default", *chosen} & {canonical(group) for group in groups})
        place = installation.repository.locate(lock, f'name = "{table.said}"', f'"{table.found}"')
        yield Local(place=place, folder=installation.lock_folder, path=table.found, name=table.name, runs=runs)


def options(installation: Installation) -> dict[str, Iterable[str]]:
    """Give extras and groups, which PDM selects alike."""
    data = installation.repository.toml(installation.service.in_service("pyproject.toml")) or {}
    names = {*extras_by_name(data), *groups_by_name(data), *mapping(data, "tool", "pdm", "dev-dependencies")}
    return {"extras": names, "groups": names} if data else {}


MANAGER = Manager(
    runtimes=("python",),
    required_facts=("manifest", "lock", "version", "installer"),
    find_unlocked=find_unlocked,
    find_local=find_local,
    options=options,
    index_key=("tool", "pdm", "source"),
    package_switch=("tool", "pdm", "distribution"),
)
