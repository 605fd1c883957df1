"""What a Python service is made of: is it a package, and which files are its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generator.detect.build_inputs import SETUPTOOLS_FILES, build_inputs
from generator.detect.detected import Piece, Value
from generator.detect.managers import MANAGERS, record_of
from generator.detect.managers.pyproject import is_package
from generator.detect.package_discovery import Undiscovered, undiscovered
from generator.detect.paths.folder_entries import folder_entries
from generator.detect.paths.folder_findings import told
from generator.detect.service_folder import Installation, ServiceFolder, is_there
from generator.detect.settings import detect_settings
from generator.detect.tokens import tokens_in
from generator.text.errors import Finding
from generator.text.files import dig, is_below, texts

_SWITCHES = tuple(record.package_switch for record in MANAGERS.values() if record.package_switch)


def detect_python_project(installation: Installation) -> Iterator[Piece]:
    """Yield `package` by [build-system], what the manager's files say, and `sources` where the service names none."""
    service, repository = installation.service, installation.repository
    manifest = service.in_service("pyproject.toml")
    data = repository.toml(manifest)
    package = service.own.get("package")
    if data is not None and package is None:
        package = is_package(data, _SWITCHES)
        if package and (missing := undiscovered(service, data)) is not None and not _is_said(data):
            package = False
            yield _not_found(service, manifest, missing)
        if package != service.merged.get("package"):
            yield Value(path=("package",), value=package, place=repository.locate(manifest, "[build-system]"))
    if data is not None and package and record_of(installation.manager).package_manifest:
        name = record_of(installation.manager).package_manifest
        place = repository.locate(service.in_service(name))
        yield Value(path=("install", "manifest"), value=name, place=place)
        yield from tokens_in(installation, manifest)
    if data is None and package is None:
        yield from _entry_points(service)
    yield from detect_settings(installation)
    yield from record_of(installation.manager).read_files(installation)
    found = folder_entries(installation)
    sources, inputs = texts(service.own, "sources"), build_inputs(service, data or {}) if package else []
    if "sources" not in service.own:
        sources = [*_sources(service, found.application, inputs)]
        manifest_of_manager = installation.fact("manifest")
        if package and data is not None and manifest_of_manager not in (None, "pyproject.toml"):
            sources.append("pyproject.toml")  # the manager's own manifest is a Pipfile, which builds no package
        if sources and sources != service.merged.get("sources"):
            yield Value(path=("sources",), value=sources, place=repository.locate(service.path))
        yield from told(installation, found, sources)
    shipped = [*sources, *texts(service.own, "extra_sources")]
    if package and "beside" not in service.own and (beside := [*_beside(service, shipped, inputs)]):
        yield Value(path=("beside",), value=beside, place=repository.locate(service.path))


def _is_said(data: dict[str, Any]) -> bool:
    """Say whether a setting of a package manager, and not [build-system] alone, makes the project a package."""
    return any(dig(data, *switch) is True for switch in _SWITCHES)


def _not_found(service: ServiceFolder, manifest: str, missing: Undiscovered) -> Finding:
    return Finding(
        location=service.repository.locate(manifest, "[build-system]"),
        message=f"{service.name} is copied, and not installed as a package: {missing.reason}",
        fix=f"nothing, if it runs from its folder; or name its packages, as {missing.fix}",
        code="project-copied",
        level="warn",
    )


def _entry_points(service: ServiceFolder) -> Iterator[Finding]:
    """Warn of entry points that only an installation makes, where no pyproject.toml says that there is one."""
    for name in SETUPTOOLS_FILES[:2]:
        path = service.in_service(name)
        if found := re.search(r"\b(?:entry_points|console_scripts)\b", service.repository.text(path) or ""):
            yield Finding(
                location=service.repository.locate(path, found[0]),
                message=f"{service.name} is copied, and not installed: the entry points of {name} are not in its image",
                fix="nothing, if it runs without them; or add package: true, and a pyproject.toml with "
                '[build-system], requires = ["setuptools"] and build-backend = "setuptools.build_meta"',
                code="project-copied",
                level="warn",
            )
            return


def _sources(service: ServiceFolder, application: list[str], inputs: list[str]) -> Iterator[str]:
    """Yield what changes less often, as templates and settings; then `src`, or the modules and packages.

    Behind these come `inputs`, what building the package reads besides.
    """
    code = ["src"] if "src/" in application else [*_flat(service, application)]
    entries = [name.removesuffix("/") for name in application]
    yield from (name for name in entries if name not in (*code, *inputs))
    yield from code
    yield from (name for name in inputs if not any(is_below(name, entry) and name != entry for entry in entries))


def _beside(service: ServiceFolder, sources: list[str], inputs: list[str]) -> Iterator[str]:
    """Yield what a wheel of the project does not have: beside `src` all, and else what is no package.

    Files that a build reads, as the readme, are no part of the application.
    """
    # A whole folder has nothing beside it.
    read = {*inputs, *SETUPTOOLS_FILES, "pyproject.toml", "src", "."}
    for path in sources:
        if path in read or path.startswith("src/") or not is_there(service.repository, service.in_service(path)):
            continue
        if "src" in sources or "__init__.py" not in service.repository.names(service.in_service(path)):
            yield path


def _flat(service: ServiceFolder, application: list[str]) -> Iterator[str]:
    for name in application:
        folder = name.removesuffix("/")
        inside = service.repository.names(service.in_service(folder)) if name.endswith("/") else {name}
        if any(entry.endswith(".py") for entry in inside):
            yield folder
