"""What a Python service is made of: is it a package, and which files are its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generator.detect.detected import Piece, Value
from generator.detect.managers import MANAGERS, record_of
from generator.detect.managers.pyproject import is_package
from generator.detect.service_folder import Installation, ServiceFolder
from generator.detect.settings import detect_settings
from generator.detect.tokens import tokens_in
from generator.model.names import with_letters
from generator.text.files import dig, join, texts

_NO_SOURCES = frozenset({"tests", "test", "docs", "examples", "build", "dist", "venv", "env", "node_modules"})
_SWITCHES = tuple(record.package_switch for record in MANAGERS.values() if record.package_switch)

_READMES = (("project", "readme"), *(record.readme_key for record in MANAGERS.values() if record.readme_key))


def detect_python_project(installation: Installation) -> Iterator[Piece]:
    """Yield `package` by [build-system], what the manager's files say, and `sources` where the service names none."""
    service, repository = installation.service, installation.repository
    manifest = service.in_service("pyproject.toml")
    data = repository.toml(manifest)
    package = service.own.get("package")
    if data is not None and package is None:
        package = is_package(data, _SWITCHES)
        if package != service.merged.get("package"):
            yield Value(path=("package",), value=package, place=repository.locate(manifest, "[build-system]"))
    if data is not None and package and record_of(installation.manager).package_manifest:
        name = record_of(installation.manager).package_manifest
        place = repository.locate(service.in_service(name))
        yield Value(path=("install", "manifest"), value=name, place=place)
        yield from tokens_in(installation, manifest)
    yield from detect_settings(installation)
    yield from record_of(installation.manager).read_files(installation)
    if "sources" not in service.own:
        sources = [*_sources(service, bool(package), data)]
        manifest_of_manager = installation.fact("manifest")
        if package and data is not None and manifest_of_manager not in (None, "pyproject.toml"):
            sources.append("pyproject.toml")  # the manager's own manifest is a Pipfile, which builds no package
        if sources and sources != service.merged.get("sources"):
            yield Value(path=("sources",), value=sources, place=repository.locate(service.path))
    else:
        sources = texts(service.own, "sources")
    if package and "beside" not in service.own and (beside := [*_beside(service, sources, data or {})]):
        yield Value(path=("beside",), value=beside, place=repository.locate(service.path))


def _sources(service: ServiceFolder, package: bool, data: dict[str, Any] | None) -> Iterator[str]:
    """Yield `src`, or the modules and packages beside the manifest; and what building the package reads besides."""
    if service.has("src/"):
        yield "src"
    else:
        yield from _flat(service)
    if package:
        yield from _build_inputs(service, data or {})


def _beside(service: ServiceFolder, sources: list[str], data: dict[str, Any]) -> Iterator[str]:
    """Yield what a wheel of the project does not have: beside `src` all, and else what is no package.

    Files that a build reads, as the readme, are no part of the application.
    """
    read = {*_build_inputs(service, data), "setup.py", "setup.cfg", "MANIFEST.in", "pyproject.toml", "src"}
    for path in sources:
        if path in read or path.startswith("src/") or not _is_there(service, path):
            continue
        if "src" in sources or "__init__.py" not in service.repository.names(service.in_service(path)):
            yield path


def _is_there(service: ServiceFolder, path: str) -> bool:
    folder, _, name = service.in_service(path).rpartition("/")
    return bool({name, f"{name}/"} & service.repository.names(folder or "."))


def _flat(service: ServiceFolder) -> Iterator[str]:
    for name in sorted(service.repository.names(service.path)):
        folder = name.removesuffix("/")
        if not re.fullmatch(r"[\w-]+(\.py)?", with_letters(folder)) or folder in _NO_SOURCES or folder == "setup.py":
            continue
        if service.is_secret(name):
            continue
        inside = service.repository.names(join(service.path, folder)) if name.endswith("/") else frozenset({name})
        if any(entry.endswith(".py") for entry in inside):
            yield folder


def _build_inputs(service: ServiceFolder, data: dict[str, Any]) -> Iterator[str]:
    """Yield the readme and the licences that the metadata names, and the files of setuptools."""
    readme = next((said for key in _READMES if (said := dig(data, *key))), None)
    named = dig(readme, "file") if isinstance(readme, dict) else readme
    candidates = [named, dig(data, "project", "license", "file"), *texts(data, "project", "license-files")]
    for candidate in [*candidates, "setup.py", "setup.cfg"]:
        if isinstance(candidate, str) and service.has(candidate):
            yield candidate
