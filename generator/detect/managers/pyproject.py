"""Parts of pyproject.toml that several managers read: requirements, and whether the project is a package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from generator.detect.managers.manager import Dependency
from generator.text.files import dig, mapping, texts

if TYPE_CHECKING:
    from packaging.requirements import Requirement

# Versions by the normalised name of each locked package; none where the lock file does not tell.
Locked = Mapping[str, set[str]]
_MAX_LENGTH = 10_000


def is_package(data: dict[str, Any], switches: Iterable[tuple[str, ...]]) -> bool:
    """Say whether a project is installed as a package: by the first of `switches` that it has, or [build-system]."""
    for switch in switches:
        if isinstance(said := dig(data, *switch), bool):
            return said
    return "build-system" in data


def project_name(data: Any) -> str:
    """Give the normalised name of a project; empty where its manifest has none."""
    said = dig(data, "project", "name") or dig(data, "tool", "poetry", "name")
    return canonical(said) if isinstance(said, str) and re.fullmatch(r"[A-Za-z0-9][\w.-]*", said, re.ASCII) else ""


def dependencies(data: dict[str, Any]) -> list[str]:
    """List the requirements of a project itself."""
    return texts(data, "project", "dependencies")


def extras(data: dict[str, Any]) -> list[str]:
    """List the requirements of all extras."""
    table = mapping(data, "project", "optional-dependencies")
    return [requirement for name in table for requirement in texts(table, name)]


def groups(data: dict[str, Any]) -> list[str]:
    """List the requirements of all dependency groups."""
    table = mapping(data, "dependency-groups")
    return [requirement for name in table for requirement in texts(table, name)]


def canonical(name: str) -> str:
    """Normalise a project's name, as PEP 503 says."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement_name(requirement: str) -> str:
    """Give the normalised name at the start of a requirement of PEP 508; empty for anything else."""
    found = re.match(r"\s*([A-Za-z0-9][\w.-]*)", requirement)
    return canonical(found[1]) if found else ""


def unlocked(manifest: str, requirements: Iterable[str], locked: Locked) -> Iterator[Dependency]:
    """Yield those of the requirements in `manifest` that are certainly not in `locked`."""
    for text in requirements:
        requirement = _parse(text)
        if requirement is None or requirement.marker is not None:
            continue
        versions = locked.get(canonical(requirement.name))
        known = {version for version in versions or () if version}
        fits = any(_contains(requirement, version) for version in known)
        if versions is None or (known and not fits):
            yield Dependency(manifest=manifest, name=requirement.name, wanted=str(requirement.specifier))


def _parse(text: str) -> Requirement | None:
    from packaging.requirements import Requirement  # noqa: PLC0415  # 28 ms, and few runs need it

    try:
        return Requirement(text) if len(text) <= _MAX_LENGTH else None
    except (ValueError, RecursionError):  # a marker may have any number of parentheses
        return None  # the manager has better words for it


def _contains(requirement: Requirement, version: str) -> bool:
    """Say whether a version fits; one that is none, or has thousands of digits, is not certain to be wrong."""
    try:
        return requirement.specifier.contains(version, prereleases=True)
    except ValueError:
        return True
