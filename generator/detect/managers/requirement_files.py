"""Requirement files of pip: which there are, how they refer to each other, and what they take from the repository.

https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from generator.detect.managers.manager import Local
from generator.detect.managers.pyproject_paths import WANTED, by_path
from generator.detect.service_folder import Installation
from generator.text.errors import Finding, Location
from generator.text.files import dig, is_below, is_outside, led_to, relative_to
from generator.text.places import positions
from generator.text.spelling import misspelled, on_disk

# Blanks of one line: `\s` at the beginning of each line would go through all blank lines again and again.
_REFERENCE = r"(?m)^[^\S\n]*(?:-r|--requirement|-c|--constraint)[\s=]+(\S+)"
_LOCAL = (
    r"(?m)^[^\S\n]*(?:(?:-e|--editable)(?:=|[^\S\n]+))?"
    r"(?:[A-Za-z0-9][\w.-]*(?:[^\S\n]*\[[^\]\n]*\])?[^\S\n]*@[^\S\n]*)?"
    r"(?P<path>(?:file:)?(?:\.{1,2}(?:/[^\s;#\[\]]*)?|/[^\s;#\[\]]+)|[^\s;#\[\]:=<>~!@]+\.(?:whl|zip|tar\.gz))"
    r"(?P<extras>\[[^\]\n]*\])?(?=[\s;#]|$)"
)
_FIND_LINKS = r"(?m)^[^\S\n]*(?:-f|--find-links)[\s=]+(\S+)"
_MAX_TOLD = 100
FOR_DEVELOPMENT = (
    r"(?i)(?<![a-z])(?:dev|devel|development|local|tests?|testing|docs?|lint|linting|ci|readthedocs)(?![a-z])"
)
"""What is in the names of requirement files that are not what a service runs with."""


class RequirementFile(NamedTuple):
    """A requirement file.

    Attributes:
        path: Where it is in the repository.
        text: What it holds.
        ships: Whether the service runs with what it names, and not only development needs it.
        named: Whether the spec or a preset names it; another file refers to any other.
    """

    path: str
    text: str
    ships: bool
    named: bool


def named_files(installation: Installation, *keys: str) -> list[str]:
    """List the requirement files that the presets and the service name under keys of `install`."""
    own = dig(installation.service.own, "install")
    named = [installation.fact("lock")] if "lock" in keys else []
    for key in keys:
        said = dig(own, key)
        named += said if isinstance(said, list) else []
    return [file for file in named if isinstance(file, str)]


def read_files(installation: Installation) -> Iterator[RequirementFile | Finding]:
    """Yield the files that are named, and those that they refer to, in the order they are met; or what is wrong."""
    repository, seen, wrong = installation.repository, set[str](), 0
    for ships, keys in ((True, ("lock", "requirements")), (False, ("development",))):
        waiting = [(installation.service.in_service(name), True) for name in named_files(installation, *keys)]
        for path, named in waiting:  # it grows
            if path in seen or (text := repository.text(path)) is None:
                continue
            seen.add(path)
            yield RequirementFile(path=path, text=text, ships=ships, named=named)
            for found, place in positions(path, text, _REFERENCE):
                other = led_to(posixpath.dirname(path) or ".", found[1])
                if "://" in found[1] or other in seen:
                    continue
                if finding := _unusable(installation, found[1], other, place):
                    seen.add(other)
                    wrong += 1
                    yield finding
                else:
                    waiting.append((other, False))
                if wrong == _MAX_TOLD:
                    return


def local_of(installation: Installation, files: Iterable[RequirementFile]) -> Iterator[Local]:
    """Yield what requirement files take from the repository, and those of the files that are above the service."""
    service = installation.service
    for file in files:
        if not file.named and not is_below(file.path, service.path):
            yield Local(place=Location(file=file.path), folder=".", said=file.path, is_read=True)
        for found, place in positions(file.path, file.text, _LOCAL):
            path = found["path"].removeprefix("file:")
            path = path.removeprefix("//") if path.startswith("///") else path
            # pip starts from the folder that it runs in, other tools from that of the file.
            folders = (service.path, posixpath.dirname(file.path) or ".")
            folder = next((one for one in folders if _exists(installation, led_to(one, path))), service.path)
            yield by_path(installation, Local(place=place, folder=folder, said=path), runs=file.ships, reads=WANTED)


def unread_of(files: Iterable[RequirementFile]) -> Iterator[Finding]:
    """Warn of what stands in requirement files and is not carried over."""
    hashed = any("--hash=" in file.text for file in files)
    for file in files:
        for found, place in positions(file.path, file.text, _FIND_LINKS):
            if "://" not in found[1]:
                yield Finding(
                    location=place,
                    message=f"the folder {found[1]} is not sent to the builder",
                    fix="name each file of it that is needed, as ./wheels/example-1.0-py3-none-any.whl",
                    code="setting-unsupported",
                )
        for found, place in positions(file.path, file.text, _LOCAL):
            if found["extras"] and not hashed and not found["path"].endswith((".whl", ".zip", ".gz")):
                yield Finding(
                    location=place,
                    message=f"what the extras {found['extras']} of {found['path']} need is not read, and not installed",
                    fix=f"list what they need in {file.path}",
                    code="dependency-unread",
                    level="warn",
                )


def included(installation: Installation, files: Iterable[RequirementFile]) -> list[str]:
    """List the files below the service's folder that are not named, as the service would name them."""
    folder = installation.service.path
    return [relative_to(folder, file.path) for file in files if not file.named and is_below(file.path, folder)]


def not_installed(installation: Installation, files: Iterable[RequirementFile], names: str) -> Iterator[Finding]:
    """Tell of the files of the folder that match `names`, are not for development, and that nothing installs."""
    service, read = installation.service, {file.path for file in files}
    found = sorted(
        name
        for name in service.repository.names(service.path)
        if re.fullmatch(names, name) and service.in_service(name) not in read and not re.search(FOR_DEVELOPMENT, name)
    )
    if found and dig(service.own, "install", "requirements") is None:
        yield Finding(
            location=Location(file=service.in_service(found[0])),
            message=f"{service.name} does not install {' and '.join(found)}",
            fix=f"name what ships, as install: {{requirements: [{', '.join(found)}]}}",
            code="requirements-left-out",
            level="note",
        )


def _exists(installation: Installation, path: str) -> bool:
    if is_outside(path):
        return False
    folder, _, name = path.rpartition("/")
    return bool({name, f"{name}/"} & installation.repository.names(folder or ".")) or path == "."


def _unusable(installation: Installation, said: str, path: str, place: Location) -> Finding | None:
    """Give what is wrong with the file at `path`, to which the file of `place` refers as `said`."""
    repository, service = installation.repository, installation.service
    if is_outside(path):
        message = f"{service.name} needs {said}, which is outside of the repository"
        return Finding(location=place, message=message, fix="move it into the repository", code="file-outside")
    if (spelled := on_disk(repository, path)) != path:
        there = posixpath.relpath(spelled, posixpath.dirname(place.file) or ".")
        return misspelled(f"{service.name} installs from", said, there, place)
    if repository.text(path) is None:
        message = f"there is no {path}, which {place.file} refers to as {said}"
        fix = "restore it, or correct the line"
        return Finding(location=place, message=message, fix=fix, code="requirements-missing")
    return None
