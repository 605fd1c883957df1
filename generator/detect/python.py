"""What a Python service is made of: is it a package, and which files are its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generator.detect.settings import find_settings
from generator.detect.subject import Subject
from generator.text.files import dig, join, texts

_NO_SOURCES = frozenset({"tests", "test", "docs", "examples", "build", "dist", "venv", "env", "node_modules"})


def find_python_project(subject: Subject) -> None:
    """`package` by [build-system], the settings files of the manager, and `sources` where the service names none."""
    manifest = subject.here("pyproject.toml")
    data = subject.repository.toml(manifest)
    package = subject.own.get("package")
    if data is not None and package is None:
        package = is_package(data)
        if package != subject.merged.get("package"):
            subject.found.set(("package",), package, subject.repository.locate(manifest, "[build-system]"))
    if data is not None and subject.manager == "pip" and package:
        subject.found.set(("install", "manifest"), "pyproject.toml", subject.repository.locate(manifest))
    find_settings(subject)
    if "sources" not in subject.own:
        sources = [*_sources(subject, bool(package), data)]
        if sources and sources != subject.merged.get("sources"):
            subject.found.set(("sources",), sources, subject.repository.locate(subject.path))


def is_package(data: dict[str, Any]) -> bool:
    """Whether a project is installed as a package, as uv, Poetry and PDM decide it themselves."""
    for switch in (("uv", "package"), ("poetry", "package-mode"), ("pdm", "distribution")):
        if isinstance(said := dig(data, "tool", *switch), bool):
            return said
    return "build-system" in data


def _sources(subject: Subject, package: bool, data: dict[str, Any] | None) -> Iterator[str]:
    """`src`, or the modules and packages beside the manifest; and what building the package reads besides."""
    if subject.has("src/"):
        yield "src"
    else:
        yield from _flat(subject)
    if package:
        yield from _build_inputs(subject, data or {})


def _flat(subject: Subject) -> Iterator[str]:
    for name in sorted(subject.repository.names(subject.path)):
        folder = name.removesuffix("/")
        if not re.fullmatch(r"[\w-]+(\.py)?", folder) or folder in _NO_SOURCES or folder == "setup.py":
            continue
        inside = subject.repository.names(join(subject.path, folder)) if name.endswith("/") else frozenset({name})
        if any(entry.endswith(".py") for entry in inside):
            yield folder


def _build_inputs(subject: Subject, data: dict[str, Any]) -> Iterator[str]:
    """The readme and the licences that the metadata names, and the files of setuptools."""
    readme = dig(data, "project", "readme") or dig(data, "tool", "poetry", "readme")
    named = dig(readme, "file") if isinstance(readme, dict) else readme
    candidates = [named, dig(data, "project", "license", "file"), *texts(data, "project", "license-files")]
    for candidate in [*candidates, "setup.py", "setup.cfg"]:
        if isinstance(candidate, str) and candidate in subject.repository.names(subject.path):
            yield candidate
