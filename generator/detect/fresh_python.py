"""Direct dependencies of a Python project that its lock file does not have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from generator.detect.subject import Subject
from generator.detect.workspace_uv import canonical
from generator.text.files import dig, join, mapping, texts

if TYPE_CHECKING:
    from packaging.requirements import Requirement

Missing = Iterator[tuple[str, str, str]]
Locked = dict[str, set[str]]

# The head of a package in uv.lock, poetry.lock and pdm.lock. Reading all of such a file takes a tenth of a second.
_PACKAGE = re.compile(r'^\[\[package\]\]\nname = "([^"]+)"(?:\nversion = "([^"]+)")?', re.MULTILINE)

# A requirement with an exact version, as pip-compile and uv write it.
_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def _in_toml(subject: Subject, lock: str) -> Missing:
    """Packages of [project] and of [tool.poetry] that are not in a lock file with [[package]] tables."""
    locked: Locked = {}
    for name, version in _PACKAGE.findall((subject.repository.text(lock) or "").replace("\r\n", "\n")):
        locked.setdefault(canonical(name), set()).add(version)
    for manifest in dict.fromkeys(_manifests(subject)):
        data = subject.repository.toml(manifest) or {}
        for text in _asked(data, whole=subject.manager == "uv"):
            if (missing := _missing(text, locked)) is not None:
                yield (manifest, *missing)
        for name, wanted in mapping(data, "tool", "poetry", "dependencies").items():
            if name != "python" and isinstance(wanted, str) and canonical(name) not in locked:
                yield manifest, name, wanted


def _asked(data: dict[str, Any], *, whole: bool) -> Iterator[str]:
    """The requirements of a manifest; the `whole` of it where the manager locks all extras and groups, as uv does."""
    yield from texts(data, "project", "dependencies")
    if whole:
        for table in (mapping(data, "project", "optional-dependencies"), mapping(data, "dependency-groups")):
            for name in table:
                yield from texts(table, name)


def _manifests(subject: Subject) -> Iterator[str]:
    """The service's manifest, and those of its workspace packages."""
    yield subject.here("pyproject.toml")
    for package in dig(subject.found.values, "workspace", "packages") or []:
        yield join(subject.root, f"{package['path']}/pyproject.toml")


def _missing(text: str, locked: Locked) -> tuple[str, str] | None:
    """Name and specifier of a requirement that is not locked, if that is certain."""
    requirement = _requirement(text)
    if requirement is None or requirement.marker is not None:
        return None
    versions = {version for version in locked.get(canonical(requirement.name), set()) if version}
    if canonical(requirement.name) not in locked:
        return requirement.name, str(requirement.specifier)
    if versions and not any(requirement.specifier.contains(version, prereleases=True) for version in versions):
        return requirement.name, str(requirement.specifier)
    return None


def _requirement(text: str) -> Requirement | None:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return Requirement(text)
    except InvalidRequirement:
        return None  # the manager has better words for it


def _in_pipfile_lock(subject: Subject, lock: str) -> Missing:
    manifest = subject.here("Pipfile")
    entries: dict[str, Any] = mapping(subject.repository.json(lock), "default")
    locked = {canonical(name): {str(dig(entry, "version") or "").removeprefix("==")} for name, entry in entries.items()}
    for name, wanted in mapping(subject.repository.toml(manifest), "packages").items():
        text = wanted if isinstance(wanted, str) else str(dig(wanted, "version") or "*")
        if isinstance(wanted, dict) and wanted.keys() - {"version", "extras"}:
            continue  # a marker, a git repository or a path
        if (missing := _missing(name + ("" if text == "*" else text), locked)) is not None:
            yield (manifest, *missing)


def _in_requirements(subject: Subject, lock: str) -> Missing:
    """Of the file that a requirements file is compiled from, as requirements.in beside requirements.txt."""
    source = re.sub(r"(\.txt)?$", ".in", lock, count=1)
    locked: Locked = {}
    for name, version in _PIN.findall(subject.repository.text(lock) or ""):
        locked.setdefault(canonical(name), set()).add(version)
    for line in (subject.repository.text(source) or "").splitlines():
        text = line.partition(" #")[0].strip()
        if text[:1].isalnum() and "@" not in text and (missing := _missing(text, locked)) is not None:
            yield (source, *missing)


MISSING_PYTHON: dict[str, Callable[[Subject, str], Missing]] = {
    "uv": _in_toml,
    "poetry": _in_toml,
    "pdm": _in_toml,
    "pipenv": _in_pipfile_lock,
    "pip": _in_requirements,
}
