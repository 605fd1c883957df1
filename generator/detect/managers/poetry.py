"""Poetry: requirements in [project], or in a table of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from generator.detect.managers.locked import in_toml
from generator.detect.managers.manager import Dependency, Local, LockedPackage, Manager
from generator.detect.managers.pyproject import canonical, dependencies, unlocked
from generator.detect.managers.pyproject_groups import extras_by_name, groups_by_name
from generator.detect.managers.pyproject_paths import by_path
from generator.detect.managers.toml_lock import LockedTable, locked_packages, locked_tables
from generator.detect.service_folder import Installation
from generator.text.files import mapping, texts

_LOCAL = r'(?m)^type = "(?:directory|file)"\nurl = "([^"\n]*)"'


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with both tables; of its own only by name, since its ranges are no specifiers of PEP 440."""
    manifest = installation.service.in_service("pyproject.toml")
    data = installation.repository.toml(manifest) or {}
    locked = locked_packages(installation.repository, lock)
    yield from unlocked(manifest, dependencies(data), locked)
    for name, wanted in mapping(data, "tool", "poetry", "dependencies").items():
        if name != "python" and isinstance(wanted, str) and canonical(name) not in locked:
            yield Dependency(manifest=manifest, name=name, wanted=wanted)


def find_local(installation: Installation) -> Iterator[Local]:
    """Yield the folders and files that the lock file has, those that other packages need among them."""
    lock = installation.beside_lock(str(installation.fact("lock")))
    for table in locked_tables(installation.repository, lock):
        if path := table.find(_LOCAL):
            runs, folder = _runs(installation, table), installation.lock_folder
            local = Local(place=table.place, folder=folder, said=path, name=table.name)
            yield by_path(installation, local, runs=runs)


def _runs(installation: Installation, table: LockedTable) -> bool:
    """Say whether the service runs with a package. Before Poetry 2, lock files did not say the groups."""
    chosen = {key: {canonical(one) for one in texts(installation.service.merged, key)} for key in ("extras", "groups")}
    groups = table.list_at("groups")
    if groups is None:
        groups = _groups(installation, table.name)
    optional = "\noptional = true\n" in table.text
    return bool({"main", *chosen["groups"]} & {canonical(group) for group in groups}) and (
        not optional or bool(chosen["extras"])
    )


def _groups(installation: Installation, name: str) -> list[str]:
    """List the groups of a manifest that name a package; without any, another package needs it to run."""
    own = mapping(installation.repository.toml(installation.service.in_service("pyproject.toml")), "tool", "poetry")
    tables: dict[str, Any] = {"main": own.get("dependencies"), "dev": own.get("dev-dependencies")}
    tables.update({group: mapping(own, "group", group, "dependencies") for group in mapping(own, "group")})
    return [group for group, table in tables.items() if name in map(canonical, table or ())] or ["main"]


def options(installation: Installation) -> dict[str, Iterable[str]]:
    """Give the extras and groups of [project], and of Poetry's own table."""
    data = installation.repository.toml(installation.service.in_service("pyproject.toml")) or {}
    own = mapping(data, "tool", "poetry")
    groups = {*mapping(own, "group"), *groups_by_name(data), *(["dev"] if "dev-dependencies" in own else [])}
    return {"extras": {*extras_by_name(data), *mapping(own, "extras")}, "groups": groups} if data else {}


def variable(name: str) -> str:
    """Give the name that uv has for a variable with Poetry's credentials of a source."""
    return re.sub(r"^POETRY_HTTP_BASIC_(\w+)_(USERNAME|PASSWORD)$", r"UV_INDEX_\1_\2", name)


def locked(installation: Installation, lock: str, python: str) -> Iterator[LockedPackage]:
    """Yield the packages of the lock file, for a version of Python."""
    return in_toml(installation.repository, lock, python, lambda table: _runs(installation, table))


MANAGER = Manager(
    runtimes=("python",),
    required_facts=("manifest", "lock", "version", "exporter", "installer"),
    find_unlocked=find_unlocked,
    find_local=find_local,
    locked=locked,
    options=options,
    index_key=("tool", "poetry", "source"),
    variable=variable,
    version_key=("tool", "poetry", "requires-poetry"),
    python_keys=(("tool", "poetry", "dependencies", "python"),),
    package_switch=("tool", "poetry", "package-mode"),
    readme_key=("tool", "poetry", "readme"),
)
