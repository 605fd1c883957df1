"""Pipenv: requirements in a Pipfile, by category."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from generator.detect.managers.locked import in_pipfile
from generator.detect.managers.manager import Dependency, Local, LockedPackage, Manager, Refusal
from generator.detect.managers.pyproject import canonical, unlocked
from generator.detect.managers.pyproject_paths import by_path
from generator.detect.service_folder import Installation
from generator.text.errors import Location
from generator.text.files import dig, mapping, texts
from generator.text.places import positions

if TYPE_CHECKING:
    from generator.model.runtimes import Python


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with the packages of the default category."""
    manifest = installation.service.in_service("Pipfile")
    entries = mapping(installation.repository.json(lock), "default")
    locked = {canonical(name): {str(dig(entry, "version") or "").removeprefix("==")} for name, entry in entries.items()}
    for name, wanted in mapping(installation.repository.toml(manifest), "packages").items():
        if isinstance(wanted, dict) and wanted.keys() - {"version", "extras"}:
            continue  # a marker, a git repository or a path
        version = wanted if isinstance(wanted, str) else str(dig(wanted, "version") or "*")
        yield from unlocked(manifest, [name if version == "*" else name + version], locked)


def find_local(installation: Installation) -> Iterator[Local]:
    """Yield the folders and files that the lock file has, those of categories that the service runs with first."""
    lock = installation.beside_lock(str(installation.fact("lock")))
    data = installation.repository.json(lock) or {}
    text = installation.repository.text(lock) or ""
    places = {found[1]: place for found, place in positions(lock, text, r'"(?:path|file)":\s*"([^"\n]*)"')}
    chosen = _chosen(installation)
    for category in sorted(data, key=lambda name: name not in chosen):
        for name, entry in mapping(data, category).items():
            path = dig(entry, "path") or dig(entry, "file")
            if isinstance(path, str) and "://" not in path:
                place, folder = places.get(path, Location(file=lock)), installation.lock_folder
                local = Local(place=place, folder=folder, said=path, name=canonical(name))
                yield by_path(installation, local, runs=category in chosen)


def options(installation: Installation) -> dict[str, Iterable[str]]:
    """Give the categories: every table of the Pipfile that has packages."""
    data = installation.repository.toml(installation.service.in_service("Pipfile"))
    return {} if data is None else {"groups": data.keys() - {"source", "requires", "scripts", "pipenv", "pipfile"}}


def locked(installation: Installation, lock: str, python: str) -> Iterator[LockedPackage]:
    """Yield the packages of the lock file, for a version of Python."""
    return in_pipfile(installation.repository, lock, python, _chosen(installation))


def _chosen(installation: Installation) -> list[str]:
    return ["default", *texts(installation.service.merged, "groups")]


def refuse(service: Python) -> Iterator[Refusal]:
    """Refuse extras: a Pipfile has categories, and no extras of the project."""
    if service.extras:
        message = f"{service.name} has extras, but a Pipfile has none"
        fix = "use categories, as groups: [...]"
        yield Refusal(path=("extras",), message=message, fix=fix, code="selection-unsupported")


MANAGER = Manager(
    runtimes=("python",),
    required_facts=("manifest", "lock", "version", "installer"),
    find_unlocked=find_unlocked,
    find_local=find_local,
    locked=locked,
    options=options,
    index_key=("source",),
    python_keys=(("requires", "python_full_version"), ("requires", "python_version")),
    refuse=refuse,
)
