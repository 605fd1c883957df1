"""Versions that a build backend takes from git: there is no .git in the build context, and no git in slim images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from generator.detect.detected import Piece
from generator.detect.managers.pyproject import requirement_name
from generator.detect.service_folder import Installation
from generator.detect.steps import each_step
from generator.text.errors import Finding
from generator.text.files import dig, join, mapping, texts

_MANIFEST = "pyproject.toml"


class _Backend(NamedTuple):
    """A plugin of a build backend.

    Attributes:
        variable: The variable that it takes a version from; empty where it has none.
        fallback: The key below `tool` with the version of a build without git.
        switch: The key below `tool` that is `scm` where the version is in git, of a backend that does more.
    """

    variable: str
    fallback: str = ""
    switch: str = ""


_PRETEND = "SETUPTOOLS_SCM_PRETEND_VERSION"
# By the requirement in [build-system]; a backend with a switch has it without asking for another package.
_BACKENDS = {
    "setuptools-scm": _Backend(_PRETEND, "setuptools_scm.fallback_version"),
    "hatch-vcs": _Backend(_PRETEND, "hatch.version.fallback-version"),
    "flit-scm": _Backend(_PRETEND, "setuptools_scm.fallback_version"),
    "pdm-backend": _Backend("PDM_BUILD_SCM_VERSION", "pdm.version.fallback_version", "pdm.version.source"),
    "poetry-dynamic-versioning": _Backend("POETRY_DYNAMIC_VERSIONING_BYPASS"),
    "uv-dynamic-versioning": _Backend("UV_DYNAMIC_VERSIONING_BYPASS", "uv-dynamic-versioning.fallback-version"),
    "versioningit": _Backend("", "versioningit.default-version"),
}


def detect_scm_versions(installation: Installation, package: bool) -> Iterator[Piece]:
    """Warn of each package that the build installs, and whose version is in git.

    Args:
        installation: The service.
        package: Whether the service itself is installed as a package.
    """
    own, *others = [folder for folder, _ in installation.package_folders()]
    for folder in [*([own] if package else []), *others, *installation.local_folders()]:
        manifest = join(folder, _MANIFEST)
        data = installation.repository.toml(manifest) or {}
        for requirement in texts(data, "build-system", "requires"):
            backend = _BACKENDS.get(requirement_name(requirement))
            if backend is not None and _is_used(data, backend) and not _is_given(installation, backend):
                yield _finding(installation, manifest, requirement_name(requirement), backend)


def _is_used(data: dict[str, Any], backend: _Backend) -> bool:
    tool = mapping(data, "tool")
    if backend.fallback and dig(tool, *backend.fallback.split(".")) is not None:
        return False
    if backend.switch and dig(tool, *backend.switch.split(".")) != "scm":
        return False
    return (
        "version" in texts(data, "project", "dynamic") or "project" not in data or backend.variable.startswith("POETRY")
    )


def _is_given(installation: Installation, backend: _Backend) -> bool:
    """Say whether a step or the build has the variable, or one for this package alone."""
    merged = installation.service.merged
    variables = {name for step in each_step(merged) for name in mapping(step, "env")} | set(
        mapping(merged, "variables")
    )
    return bool(backend.variable) and any(name.startswith(backend.variable) for name in variables)


def _finding(installation: Installation, manifest: str, name: str, backend: _Backend) -> Finding:
    line = f'variables: {{{backend.variable}: {{variable: APP_VERSION, default: "0.0.0"}}}}'
    fix = f"set tool.{backend.fallback} in {manifest}" if backend.fallback else ""
    return Finding(
        location=installation.repository.locate(manifest, "build-system", name),
        message=f"{name} takes the version of {installation.service.name} from git, which the builder is not sent",
        fix=" or ".join(filter(None, [f"add {line}" if backend.variable else "", fix])),
        code="version-from-git",
        level="warn",
    )
