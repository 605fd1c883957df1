"""Files that Python opens by a path from the folder of the service, and that the image does not have there.

Two things have no file below `/app`: what is known to be for development, as `pyproject.toml` or a change log, and the
package itself where it is installed. Nothing is parsed: a text in quotes is a path if the repository has it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, NamedTuple

from generator.detect.detected import Piece
from generator.detect.hints.package_data import packages_of
from generator.detect.paths.development import is_development
from generator.detect.paths.folder_entries import folder_entries
from generator.detect.paths.imports import read_code
from generator.detect.service_folder import Installation, ServiceFolder, Values, is_file, is_there
from generator.text.errors import Finding, Location
from generator.text.files import is_below, join, relative_to, texts
from generator.text.places import positions
from generator.text.tracked import files_below

_SETTINGS = (".ini", ".cfg")
_MOST = 3_000
"""Files that are looked at: every run does."""
# An argument, or what stands behind the slash of pathlib; `open("a")`, `Path("a", "b")`, `BASE / "a"`.
_OPERAND = r"""[(/,]\s{0,9}["'](?:\./)?([\w.-][\w./-]{0,200})["']"""
_JOINED = r"""\(\s{0,9}["']([\w.-]{1,80})["']\s{0,9},\s{0,9}["']([\w.-][\w./-]{0,200})["']"""
_SETTING = r"(?m)^[\w.]+[^\S\n]*=[^\S\n]*(?:%\(here\)s/)?([\w.-]+/[\w./-]+)[^\S\n]*$"


class _Named(NamedTuple):
    """A path below the folder of the service, where something names it."""

    path: str
    place: Location
    in_code: bool


def detect_working_files(installation: Installation, merged: Values) -> Iterator[Piece]:
    """Warn of files that code names and that do not ship, and of paths into a package that is installed elsewhere.

    Args:
        installation: A service in Python.
        merged: Its values, with what was detected.
    """
    named = [*_named(installation, merged)]
    yield from _left_out(installation, merged, named)
    if merged.get("package") and merged.get("working_dir") is None:
        yield from _installed(installation, named)


def _left_out(installation: Installation, merged: Values, named: list[_Named]) -> Iterator[Finding]:
    """Warn of the first file that is known to be for development, with the line that ships all of them."""
    service, shipped = installation.service, [*texts(merged, "sources"), *texts(merged, "extra_sources")]
    left_out = {name.removesuffix("/") for name in folder_entries(installation).left_out}
    read = {str(facts.get(key)) for facts in service.facts.values() for key in ("manifest", "lock")}
    found = [
        one
        for one in named
        if one.in_code
        and one.path.partition("/")[0] in left_out | read
        and "." in posixpath.basename(one.path)
        and is_file(service.repository, service.in_service(one.path))
        and not any(source == "." or is_below(one.path, source) for source in shipped)
    ]
    if found:
        paths = [*dict.fromkeys(one.path for one in found)]
        line = ", ".join([*texts(merged, "extra_sources"), *paths])
        yield Finding(
            location=found[0].place,
            message=f"code of {service.name} names {' and '.join(paths)}, and the image does not have it",
            fix=f"if it is read when the service runs, add extra_sources: [{line}]",
            code="named-left-out",
            level="warn",
        )


def _installed(installation: Installation, named: list[_Named]) -> Iterator[Finding]:
    """Warn of the first path into a package of the service, which is in the image as it is imported alone."""
    folder = installation.service.path
    packages = [relative_to(folder, join(root, name)) for root, name in packages_of(installation, folder)]
    found = [one for one in named if any(one.path != name and is_below(one.path, name) for name in packages)]
    if not found:
        return
    yield Finding(
        location=found[0].place,
        message=f"{found[0].path} is named by its path, and {installation.service.name} has its package installed in "
        "/opt/app",
        fix=_instead(found),
        code="package-by-path",
        level="warn",
    )


def _instead(found: list[_Named]) -> str:
    """Give the lines with which paths into a package are there; settings beside it are read from where they lie."""
    if any(one.path.startswith("src/") for one in found):
        return "copy the project, with package: false and env: {PYTHONPATH: /app/src}"
    fix = "copy the project, with package: false"
    return fix if any(not one.in_code for one in found) else f"{fix}; or run it there, with working_dir: /opt/app"


def _named(installation: Installation, merged: Values) -> Iterator[_Named]:
    """Yield what the sources of a service name in its folder, each path once."""
    told: set[Any] = set()
    for one in _candidates(installation, merged):
        path = one.path.rstrip("/")
        if path not in told and is_there(installation.repository, installation.service.in_service(path)):
            told.add(path)
            yield one._replace(path=path)


def _candidates(installation: Installation, merged: Values) -> Iterator[_Named]:
    repository = installation.repository
    for file in _files(installation, merged):
        in_code, text = file.endswith(".py"), read_code(repository, file)
        for pattern in (_OPERAND, _JOINED) if in_code else (_SETTING,):
            for found, place in positions(file, text, pattern):
                yield _Named("/".join(found.groups()), place, in_code)


def _files(installation: Installation, merged: Values) -> Iterator[str]:
    """Yield settings at the top of the service, and code there and in packages: scripts may be for developers."""
    service = installation.service
    for source in texts(merged, "sources"):
        path = service.path if source == "." else service.in_service(source)
        is_folder = source == "." or bool(service.repository.names(path))
        for file in files_below(service.repository, path, _MOST) if is_folder else (path,):
            folder, name = posixpath.split(relative_to(service.path, file))
            if not folder and name != "setup.py" and name.endswith((".py", *_SETTINGS)):
                yield file
            elif name.endswith(".py") and _is_of_package(service, folder):
                yield file


def _is_of_package(service: ServiceFolder, folder: str) -> bool:
    """Say whether a folder has modules of a package that is not for development."""
    is_for_developers = any(is_development(f"{part}/", "python") for part in folder.split("/"))
    return not is_for_developers and "__init__.py" in service.repository.names(service.in_service(folder))
