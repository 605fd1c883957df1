"""The version of the package manager that the repository asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.detect.detected import Piece, Value
from generator.detect.managers import MANAGERS, record_of
from generator.detect.service_folder import Installation
from generator.detect.version_ranges import fits_node, fits_python
from generator.detect.versions.version_files import Said, folders_above, in_dev_engines, in_tool_files, in_volta
from generator.text.errors import Finding, Location
from generator.text.files import dig, join

_EXACT = r"\d+\.\d+\.\d+[\w.-]*"
_NAMES = frozenset(record.package_json_name for record in MANAGERS.values() if record.package_json_name)


def detect_package_manager(installation: Installation) -> Iterator[Piece]:
    """Yield `install.version` by `packageManager` of package.json, or by the files of version managers."""
    for manifest in installation.in_both_folders("package.json"):
        said = dig(installation.repository.json(manifest), "packageManager")
        name, _, rest = said.partition("@") if isinstance(said, str) else ("", "", "")
        version = re.match(_EXACT, rest)
        if name not in _NAMES or not version:
            continue
        location = installation.repository.locate(manifest, '"packageManager"')
        if name == record_of(installation.manager).package_json_name:
            yield from _exact(installation, version[0], location)
        else:
            service, manager = installation.service.name, installation.manager
            message = f"packageManager is {name}, but {service} is installed by {manager}"
            fix = f"correct packageManager, or set manager: {name} and make its lock file"
            yield Finding(location=location, message=message, fix=fix, code="manager-disagrees")
        return
    if said := next(_pinned(installation), None):
        yield from _exact(installation, said.text, said.place)
    else:
        yield from _engines(installation)


def _pinned(installation: Installation) -> Iterator[Said]:
    """Yield the exact versions that Volta, `devEngines`, asdf and mise have, the nearest folder first."""
    repository, name = installation.repository, record_of(installation.manager).package_json_name
    version = installation.fact("version")
    if not name or not isinstance(version, str):
        return
    said: list[Said] = []
    for folder in dict.fromkeys((installation.service.path, installation.lock_folder)):
        said += in_volta(repository, folder, name)
        said += in_dev_engines(repository, join(folder, "package.json"), "packageManager", name)
    for folder in (installation.service.path, *folders_above(installation.service.path)):
        said += in_tool_files(repository, folder, (name,))
    for one in said:
        # A Yarn 1 beside a lock file of a later one only starts the Yarn of the repository.
        if re.fullmatch(_EXACT, one.text) and one.text.startswith("1.") == version.startswith("1."):
            yield one


def _engines(installation: Installation) -> Iterator[Piece]:
    manifest, name = installation.beside_lock("package.json"), record_of(installation.manager).package_json_name
    wanted, version = dig(installation.repository.json(manifest), "engines", name), installation.fact("version")
    if isinstance(wanted, str) and isinstance(version, str) and not fits_node(version, wanted):
        yield Finding(
            location=installation.repository.locate(manifest, '"engines"', f'"{name}"'),
            message=f"{installation.service.name} asks for {name} {wanted}, and the presets have {version}",
            fix=f'name the version, as "packageManager": "{name}@…" in package.json',
            code="version-disagrees",
        )


def detect_required_version(installation: Installation) -> Iterator[Piece]:
    """Yield `install.version` if pyproject.toml asks for one version; report a version that does not fit."""
    manifest, key = installation.beside_lock("pyproject.toml"), record_of(installation.manager).version_key
    wanted, version = dig(installation.repository.toml(manifest), *key), installation.fact("version")
    if not isinstance(wanted, str) or not isinstance(version, str):
        return
    location = installation.repository.locate(manifest, key[-1])
    exact = re.fullmatch(r"(?:==\s*)?(\d+\.\d+\.\d+)", wanted.strip())
    if exact:
        yield from _exact(installation, exact[1], location)
    elif not fits_python(version, wanted):
        service, manager = installation.service.name, installation.manager
        message = f"{service} asks for {manager} {wanted}, and the presets have {version}"
        fix = 'choose one, as install: {version: "…"}'
        yield Finding(location=location, message=message, fix=fix, code="version-disagrees")


def _exact(installation: Installation, version: str, location: Location) -> Iterator[Piece]:
    service = installation.service
    own = dig(service.own, "install", "version")
    if isinstance(own, str) and own != version:
        yield Finding(
            location=service.locate("install", "version"),
            message=f"{service.name} has install.version {own}, and the repository asks for {version}",
            fix=f"leave it out, or correct {location.file}",
            code="version-overruled",
            level="warn",
        )
    if version != installation.fact("version"):
        yield Value(path=("install", "version"), value=version, place=location)
