"""What a lock file says of a package beside its version: where it comes from, and for which platforms it has wheels."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from generator.detect.managers.manager import LockedPackage
from generator.detect.managers.pypi_packages import WELL_KNOWN
from generator.detect.managers.pypi_wheels import wheels_of
from generator.detect.managers.pyproject import canonical
from generator.detect.managers.requirement_files import RequirementFile
from generator.detect.managers.toml_lock import LockedTable, lock_text, locked_tables
from generator.detect.service_folder import Installation
from generator.text.errors import Finding, Location
from generator.text.files import Repository, mapping
from generator.text.places import positions

# A dependency in uv.lock, with the marker that it has.
_ELSEWHERE = r"(?:win32|nt|darwin|Darwin|Windows|emscripten|cygwin)"
_ONLY_ELSEWHERE = rf"marker\w* = \"(?:sys_platform|os_name|platform_system) == '{_ELSEWHERE}'"
# Texts and no patterns: every table of a large file is searched.
_VCS = ("\nsource = { git = ", '\ntype = "git"\n', '\ngit = "', '\nhg = "')
_PIN = r"(?m)^([A-Za-z0-9][\w.-]*)(?:\[([^\]\n]*)\])?[^\S\n]*(?:==[^\S\n]*([\w.]+)|[=<>!~;]|$|\\)"
_FROM_VCS = r"(?m)^[^\S\n#]*(?:-e[^\S\n]+)?(?:([A-Za-z0-9][\w.-]*)(?:\[([^\]\n]*)\])?[^\S\n]*@[^\S\n]*)?git\+"
_MINORS = 100  # a wheel for the stable ABI fits all later versions of Python 3


def elsewhere(installation: Installation, lock: str, word: str, refresh: str) -> Finding:
    """Report a lock file that is for other platforms alone, where `word` stands; `refresh` writes one for Linux."""
    return Finding(
        location=installation.repository.locate(lock, word),
        message=f"{lock} is for other platforms than Linux, which {installation.service.name} is built on",
        fix=f"lock for Linux as well: {refresh}",
        code="lock-platform",
    )


def in_toml(
    repository: Repository, lock: str, python: str, ships: Callable[[LockedTable], bool] = lambda _: True
) -> Iterator[LockedPackage]:
    """Yield the packages of a lock file with [[package]] tables.

    Args:
        repository: The files.
        lock: The path of the lock file.
        python: The version of Python, as 3.13.
        ships: Says whether the service may run with a package.
    """
    fits = _fitting(python)
    uses: dict[str, list[str]] | None = None
    for table in locked_tables(repository, lock):
        compiled, pythons = _is_compiled(table.text, fits), frozenset[str]()
        if compiled:
            uses = _uses(lock_text(repository, lock)) if uses is None else uses
            compiled, pythons = not _is_elsewhere(table, uses.get(table.name, [])), _pythons(table.text)
        git = any(words in table.text for words in _VCS)
        # Whether others ship is asked of nobody, and a large lock file takes its time to tell.
        runs = ships(table) if compiled or table.name in WELL_KNOWN else True
        yield LockedPackage(table.name, table.place, from_git=git, ships=runs, compiled=compiled, pythons=pythons)


def in_pipfile(repository: Repository, lock: str, python: str, chosen: Collection[str]) -> Iterator[LockedPackage]:
    """Yield the packages of a Pipfile.lock, which has hashes and no names of files; `chosen` categories ship."""
    data = repository.json(lock) or {}
    entries = positions(lock, repository.text(lock) or "", r'"([^"\n]+)":\s*\{')
    places = {found[1]: place for found, place in entries}
    for category in data:
        for name, entry in mapping(data, category).items() if category != "_meta" else ():
            git, place = isinstance(entry, dict) and "git" in entry, places.get(name, Location(file=lock))
            version = str(entry.get("version") or "").removeprefix("==") if isinstance(entry, dict) else ""
            compiled, pythons = wheels_of(canonical(name), version, python)
            ships = category in chosen
            yield LockedPackage(canonical(name), place, from_git=git, ships=ships, compiled=compiled, pythons=pythons)


def in_requirements(files: list[RequirementFile], python: str) -> Iterator[LockedPackage]:
    """Yield the packages that requirement files name, for a version of Python."""
    for file in files:
        for pattern, git in ((_PIN, False), (_FROM_VCS, True)):
            for found, place in positions(file.path, file.text, pattern):
                extras = tuple(canonical(one.strip()) for one in (found[2] or "").split(","))
                name, version = canonical(found[1] or ""), "" if git else found[3] or ""
                compiled, pythons = wheels_of(name, version, python)
                yield LockedPackage(name, place, from_git=git, compiled=compiled, pythons=pythons, extras=extras)


def _fitting(python: str) -> re.Pattern[str]:
    """Give what is in the name of a wheel for Linux that fits a version of Python."""
    major, minor = (*re.findall(r"\d+", python), "3", "0")[:2]
    older = "|".join(str(number) for number in range(min(int(minor), _MINORS) + 1))
    tags = rf"cp{major}{minor}-\w+|cp3(?:{older})-abi3|(?:py\d\.?)+(?:cp\d+)?-none"
    return re.compile(rf"-(?:{tags})-(?:manylinux|linux)")


def _is_compiled(table: str, fits: re.Pattern[str]) -> bool | None:
    """Say whether a package has no wheel that fits; of sources alone, nobody knows what they are written in."""
    if ".whl" not in table:
        return None
    if "-none-any.whl" in table:
        return False
    has_source = "\nsdist = " in table or ".tar.gz" in table or ".zip" in table
    return has_source and not fits.search(table)


def _pythons(table: str) -> frozenset[str]:
    """Give the versions of Python for which a package has wheels for Linux."""
    found: set[str] = set()
    for minor, abi in re.findall(r"-cp3(\d{1,2})-(cp3\d{1,2}|abi3)-(?:manylinux|linux)", table):
        found |= {f"3.{number}" for number in range(int(minor), _MINORS if abi == "abi3" else int(minor) + 1)}
    return frozenset(found)


def _uses(text: str) -> dict[str, list[str]]:
    """Give what uv.lock says of each package where another one needs it."""
    uses: dict[str, list[str]] = {}
    # Longer ones are not read: without a limit, a line of beginnings would take time by the square of its length.
    for found in re.finditer(r'\{ name = "([^"\n]+)"[^}\n]{0,500}\}', text):
        # In `requires-dist`, a manifest is repeated.
        if "specifier" not in found[0]:
            uses.setdefault(canonical(found[1]), []).append(found[0])
    return uses


def _is_elsewhere(table: LockedTable, uses: list[str]) -> bool:
    """Say whether a package is only for another platform, by its own marker or by those of all that need it."""
    if re.search(rf"(?m)^{_ONLY_ELSEWHERE}", table.text):
        return True
    return bool(uses) and all(re.search(_ONLY_ELSEWHERE, use) for use in uses)
