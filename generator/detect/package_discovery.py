"""Whether a build backend finds the package of a project. Many applications have a [build-system] and no package."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from generator.detect.managers.pyproject import project_name
from generator.detect.service_folder import ServiceFolder
from generator.text.files import dig, mapping


class Undiscovered(NamedTuple):
    """Why a backend finds no package.

    Attributes:
        reason: What it finds instead, behind "for".
        fix: The setting that names the packages.
    """

    reason: str
    fix: str


# Folders that setuptools takes for no package: https://setuptools.pypa.io/en/latest/userguide/package_discovery.html
_NO_PACKAGES = (
    *("ci", "bin", "debian", "doc", "docs", "documentation", "manpages", "news", "newsfragments", "changelog"),
    *("test", "tests", "unit_test", "unit_tests", "example", "examples", "scripts", "tools", "util", "utils", "python"),
    *("build", "benchmark", "benchmarks", "exercise", "exercises", "htmlcov", "tasks", "fabfile", "site_scons"),
)


def undiscovered(service: ServiceFolder, data: dict[str, Any]) -> Undiscovered | None:
    """Say why the backend of a pyproject.toml would find no package; None if it finds one, or if that is not known."""
    backend = dig(data, "build-system", "build-backend")
    if backend == "setuptools.build_meta":
        return _of_setuptools(service, data)
    found = _BY_NAME.get(backend) if isinstance(backend, str) else None
    module = project_name(data).replace("-", "_")
    if found is None or not module or dig(data, *found.setting.split(".")) is not None:
        return None
    places = {place.format(module) for place in found.places}
    if any(place.lower() in places for place in _modules(service)) or found.also(service, module):
        return None
    wanted = " and no ".join(place.format(module) for place in found.places)
    return Undiscovered(f"{found.name} finds no {wanted}", found.fix)


class _Backend(NamedTuple):
    """A backend that looks for a package with the name of the project.

    Attributes:
        name: Its name in messages.
        places: Where it looks.
        setting: The key of pyproject.toml that says otherwise.
        fix: A line with that setting.
        also: Says whether it finds the package in another way.
    """

    name: str
    places: tuple[str, ...]
    setting: str
    fix: str
    also: Callable[[ServiceFolder, str], bool] = lambda _, __: False


def _in_a_namespace(service: ServiceFolder, module: str) -> bool:
    folders = [name for name in service.repository.names(service.path) if name.endswith("/")]
    return any(f"{module}/" in service.repository.names(service.in_service(folder[:-1])) for folder in folders)


_BESIDE_OR_SRC = ("{}/", "{}.py", "src/{}/", "src/{}.py")
_POETRY = _Backend("poetry-core", _BESIDE_OR_SRC, "tool.poetry.packages", 'tool.poetry.packages = [{include = "…"}]')
_BY_NAME: Mapping[str, _Backend] = {
    "poetry.core.masonry.api": _POETRY,
    "poetry.masonry.api": _POETRY,
    "poetry_dynamic_versioning.backend": _POETRY,
    "hatchling.build": _Backend(
        "hatchling",
        ("{}/", "{}.py", "src/{}/"),
        "tool.hatch.build",
        'tool.hatch.build.targets.wheel.packages = ["…"]',
        _in_a_namespace,
    ),
    "uv_build": _Backend("uv_build", ("src/{}/",), "tool.uv.build-backend", 'tool.uv.build-backend.module-name = "…"'),
    "flit_core.buildapi": _Backend("flit", _BESIDE_OR_SRC, "tool.flit", 'tool.flit.module.name = "…"'),
}


def _modules(service: ServiceFolder) -> Iterator[str]:
    """Yield the entries of the folder and of `src` below it."""
    yield from service.repository.names(service.path)
    yield from (f"src/{name}" for name in service.repository.names(service.in_service("src")))


def _of_setuptools(service: ServiceFolder, data: dict[str, Any]) -> Undiscovered | None:
    """Setuptools stops at more than one package at the top, unless a setting names those that count."""
    said = mapping(data, "tool", "setuptools").keys() & {"packages", "py-modules", "package-dir"}
    if said or any(service.has(name) for name in ("src/", "setup.py", "setup.cfg")):
        return None
    names = sorted(name[:-1] for name in service.repository.names(service.path) if name.endswith("/"))
    found = [name for name in names if _is_package(service, name)]
    if len(found) < 2:  # one is what it looks for, and without any there may be modules
        return None
    return Undiscovered(
        f"setuptools finds more than one package: {', '.join(found)}",
        f'tool.setuptools.packages = ["{found[0]}", "…"]',
    )


def _is_package(service: ServiceFolder, name: str) -> bool:
    inside = service.repository.names(service.in_service(name))
    is_module = re.fullmatch(r"[A-Za-z_]\w*", name) is not None and not name.startswith("_")
    return is_module and name not in _NO_PACKAGES and any(entry.endswith(".py") for entry in inside)
