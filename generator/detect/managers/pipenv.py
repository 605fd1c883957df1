"""Pipenv: requirements in a Pipfile, by category."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from generator.detect.managers.manager import Dependency, Manager, Refusal
from generator.detect.managers.pyproject import canonical, unlocked
from generator.detect.service_folder import Installation
from generator.text.files import dig, mapping

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
    refuse=refuse,
)
