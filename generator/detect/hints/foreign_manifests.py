"""Manifests of another language in the folder of a service: nothing installs what they name, or runs their build."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from generator.detect.detected import Piece
from generator.detect.managers import foreign
from generator.detect.paths.development import is_development
from generator.detect.service_folder import Installation, ServiceFolder
from generator.detect.steps import commands
from generator.model.names import ASSETS
from generator.text.errors import Finding
from generator.text.files import dig, join, relative_to
from generator.text.quote import quoted

# A front end lies in `frontend`, `src/js/web` or the like, and every run looks there.
_DEPTH = 3
_MOST_FOLDERS = 300


def detect_foreign_manifests(installation: Installation) -> Iterator[Piece]:
    """Warn of a build script in a service of Python, and of requirements of Python in a service of JavaScript."""
    service = installation.service
    if service.runtime == "python":
        unbuilt = [folder for folder in _folders(installation) if _is_unbuilt(installation, folder)]
        for folder in unbuilt:
            yield _unbuilt(installation, folder, among=unbuilt)
        return
    for name in foreign.OF_PYTHON:
        if (
            service.merged.get("kind") != ASSETS
            and service.has(name)
            and _asks_for_packages(installation, name)
            and not _is_said(installation, foreign.RUNS_PYTHON)
        ):
            yield Finding(
                location=service.repository.locate(service.in_service(name)),
                message=f"{service.name} has {name}, and a service of kind {service.merged.get('kind')} installs no "
                "packages of Python",
                fix="nothing, if only its developers need them; or make what needs them a service of its own, with "
                "another path",
                code="manifest-unread",
                level="warn",
            )


def _asks_for_packages(installation: Installation, name: str) -> bool:
    """Say whether a manifest of Python names packages: a pyproject.toml may only have settings of tools."""
    path = installation.service.in_service(name)
    if name.endswith(".txt"):
        return bool(re.search(r"(?m)^[^\S\n]*[^#\s]", installation.repository.text(path) or ""))
    data = installation.repository.toml(path)
    return any(dig(data, *keys) for keys in foreign.DEPENDENCIES)


def _folders(installation: Installation) -> Iterator[str]:
    """Yield the folder of the service, and those in it that no other service has."""
    service = installation.service
    yield service.path
    yield from islice(_below(service, service.path, _DEPTH), _MOST_FOLDERS)


def _below(service: ServiceFolder, folder: str, depth: int) -> Iterator[str]:
    """Yield folders of the service; none inside of one with a package.json, which says what it has."""
    for name in sorted(service.repository.names(folder)):
        path = join(folder, name.removesuffix("/"))
        if not name.endswith("/") or path in service.services or is_development(name, service.runtime):
            continue
        yield path
        if depth > 1 and "package.json" not in service.repository.names(path):
            yield from _below(service, path, depth - 1)


def _is_unbuilt(installation: Installation, folder: str) -> bool:
    """Say whether a folder has a package.json with a script `build`, and no step of the service runs its manager."""
    service, manifest = installation.service, join(folder, "package.json")
    if "package.json" not in service.repository.names(folder) or manifest in service.services:
        return False
    if _is_said(installation, foreign.RUNS_JAVASCRIPT):
        return False
    return isinstance(dig(service.repository.json(manifest), "scripts", "build"), str)


def _unbuilt(installation: Installation, folder: str, *, among: list[str]) -> Finding:
    """Warn of the script `build` of a folder; each of several is another service."""
    service, manifest = installation.service, join(folder, "package.json")
    name = f"{service.name}-assets"
    if len(among) > 1:
        plain = re.sub(r"[^a-z0-9]+", "-", relative_to(service.path, folder).lower()).strip("-")
        name = f"{service.name}-{plain or 'assets'}"
    said = quoted({name: {"kind": "assets", "path": folder, "artifacts": ["dist"]}})[1:-1]
    return Finding(
        location=service.repository.locate(manifest, '"scripts"', '"build"'),
        message=f"nothing runs the script build of {manifest}, so that {service.name} ships without what it makes",
        fix=f"if the image needs it, add the service {said}, with the folder that the script makes, and to "
        f"{service.name} assets: {quoted({name: {'dist': 'static'}})}, with the place where it ships",
        code="manifest-unread",
        level="warn",
    )


def _is_said(installation: Installation, programs: tuple[str, ...]) -> bool:
    """Say whether a step of the service starts one of the programs."""
    return any(command[:1] and command[0] in programs for command in commands(installation.service.merged))
