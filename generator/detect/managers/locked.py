"""What a lock file says of a package beside its version: where it comes from, and for which platforms it has wheels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.detect.managers.manager import LockedPackage
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
_PIN = r"(?m)^([A-Za-z0-9][\w.-]*)(?:\[[^\]\n]*\])?[^\S\n]*(?:[=<>!~;]|$|\\)"
_FROM_VCS = r"(?m)^[^\S\n#]*(?:-e[^\S\n]+)?(?:([A-Za-z0-9][\w.-]*)(?:\[[^\]\n]*\])?[^\S\n]*@[^\S\n]*)?git\+"


def elsewhere(installation: Installation, lock: str, word: str, refresh: str) -> Finding:
    """Report a lock file that is for other platforms alone, where `word` stands; `refresh` writes one for Linux."""
    return Finding(
        location=installation.repository.locate(lock, word),
        message=f"{lock} is for other platforms than Linux, which {installation.service.name} is built on",
        fix=f"lock for Linux as well: {refresh}",
        code="lock-platform",
    )


def in_toml(repository: Repository, lock: str, python: str) -> Iterator[LockedPackage]:
    """Yield the packages of a lock file with [[package]] tables, for a version of Python such as 3.13."""
    tag = "".join(python.split(".")[:2])
    fits = re.compile(rf"-(?:cp{tag}-\w+|cp3\d*-abi3|(?:py\d\.?)+(?:cp\d+)?-none)-(?:manylinux|linux)")
    uses: dict[str, list[str]] | None = None
    for table in locked_tables(repository, lock):
        compiled = _is_compiled(table.text, fits)
        if compiled:
            uses = _uses(lock_text(repository, lock)) if uses is None else uses
            compiled = not _is_elsewhere(table, uses.get(table.name, []))
        git = any(words in table.text for words in _VCS)
        yield LockedPackage(table.name, table.place, from_git=git, compiled=compiled)


def in_pipfile(repository: Repository, lock: str) -> Iterator[LockedPackage]:
    """Yield the packages of a Pipfile.lock, which has hashes and no names of files."""
    data = repository.json(lock) or {}
    entries = positions(lock, repository.text(lock) or "", r'"([^"\n]+)":\s*\{')
    places = {found[1]: place for found, place in entries}
    for category in data:
        for name, entry in mapping(data, category).items() if category != "_meta" else ():
            git = isinstance(entry, dict) and "git" in entry
            yield LockedPackage(canonical(name), places.get(name, Location(file=lock)), from_git=git)


def in_requirements(files: list[RequirementFile]) -> Iterator[LockedPackage]:
    """Yield the packages that requirement files name."""
    for file in files:
        for pattern, git in ((_PIN, False), (_FROM_VCS, True)):
            for found, place in positions(file.path, file.text, pattern):
                yield LockedPackage(canonical(found[1] or ""), place, from_git=git)


def _is_compiled(table: str, fits: re.Pattern[str]) -> bool:
    if ".whl" not in table or "-none-any.whl" in table:
        return False
    has_source = "\nsdist = " in table or ".tar.gz" in table or ".zip" in table
    return has_source and not fits.search(table)


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
