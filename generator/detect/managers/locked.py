"""What a lock file says of a package beside its version: where it comes from, and for which platforms it has wheels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from generator.detect.managers.pyproject import canonical
from generator.detect.managers.requirement_files import RequirementFile
from generator.detect.service_folder import Installation
from generator.text.errors import Finding, Location
from generator.text.files import Repository, mapping, position

_HEAD = "[[package]]\n"
_NAME = r'name = "([^"]+)"'
# A dependency in uv.lock, with the marker that it has.
_ELSEWHERE = r"(?:win32|nt|darwin|Darwin|Windows|emscripten|cygwin)"
_ONLY_ELSEWHERE = rf"marker\w* = \"(?:sys_platform|os_name|platform_system) == '{_ELSEWHERE}'"
_VCS = r'(?m)^source = \{ git = |^type = "git"$|^git = "|^hg = "'
_PIN = r"(?m)^([A-Za-z0-9][\w.-]*)(?:\[[^\]\n]*\])?[^\S\n]*(?:[=<>!~;]|$|\\)"
_FROM_VCS = r"(?m)^[^\S\n#]*(?:-e[^\S\n]+)?(?:([A-Za-z0-9][\w.-]*)(?:\[[^\]\n]*\])?[^\S\n]*@[^\S\n]*)?git\+"


class LockedPackage(NamedTuple):
    """A package of a lock file.

    Attributes:
        name: Its normalised name; empty where a requirement has an address alone.
        place: Where the lock file has it.
        from_git: Whether git fetches it.
        compiled: Whether it has wheels, and none for Linux and this version of Python.
    """

    name: str
    place: Location
    from_git: bool = False
    compiled: bool = False


def elsewhere(installation: Installation, lock: str, word: str, refresh: str) -> Finding:
    """Report a lock file that is for other platforms alone, where `word` stands; `refresh` writes one for Linux."""
    return Finding(
        location=installation.repository.locate(lock, word),
        message=f"{lock} is for other platforms than Linux, which {installation.service.name} is built on",
        fix=f"lock for Linux as well: {refresh}",
        code="lock-of-another-platform",
    )


def in_toml(repository: Repository, lock: str, python: str) -> Iterator[LockedPackage]:
    """Yield the packages of a lock file with [[package]] tables, for a version of Python such as 3.13."""
    text = (repository.text(lock) or "").replace("\r\n", "\n")
    tag = "".join(python.split(".")[:2])
    fits = re.compile(rf"-(?:cp{tag}-\w+|cp3\d*-abi3|(?:py\d\.?)+(?:cp\d+)?-none)-(?:manylinux|linux)")
    at = text.find(_HEAD)
    while at >= 0:
        end = text.find(_HEAD, at + 1)
        table = text[at : end if end >= 0 else len(text)]
        if found := re.search(_NAME, table):
            compiled = _is_compiled(table, fits) and not _is_elsewhere(text, table, found[1])
            git = re.search(_VCS, table) is not None
            yield LockedPackage(canonical(found[1]), position(lock, text, at), git, compiled)
        at = end


def in_pipfile(repository: Repository, lock: str) -> Iterator[LockedPackage]:
    """Yield the packages of a Pipfile.lock, which has hashes and no names of files."""
    data = repository.json(lock) or {}
    for category in data:
        for name, entry in mapping(data, category).items() if category != "_meta" else ():
            git = isinstance(entry, dict) and "git" in entry
            yield LockedPackage(canonical(name), repository.locate(lock, f'"{category}"', f'"{name}"'), git)


def in_requirements(files: list[RequirementFile]) -> Iterator[LockedPackage]:
    """Yield the packages that requirement files name."""
    for file in files:
        for pattern, git in ((_PIN, False), (_FROM_VCS, True)):
            for found in re.finditer(pattern, file.text):
                yield LockedPackage(canonical(found[1] or ""), position(file.path, file.text, found.start()), git)


def _is_compiled(table: str, fits: re.Pattern[str]) -> bool:
    if ".whl" not in table or "-none-any.whl" in table:
        return False
    has_source = "\nsdist = " in table or ".tar.gz" in table or ".zip" in table
    return has_source and not fits.search(table)


def _is_elsewhere(text: str, table: str, name: str) -> bool:
    """Say whether a package is only for another platform, by its own marker or by those of all that need it."""
    if re.search(rf"(?m)^{_ONLY_ELSEWHERE}", table):
        return True
    uses = re.findall(rf'\{{ name = "{re.escape(name)}"[^}}\n]*\}}', text)
    wanted = [use for use in uses if "specifier" not in use]
    return bool(wanted) and all(re.search(_ONLY_ELSEWHERE, use) for use in wanted)
