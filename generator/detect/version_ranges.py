"""Does a version fit what a manifest asks for? A version such as 3.13 stands for all of its releases."""

from __future__ import annotations

import re

_MAX_LENGTH = 1_000


def fits_python(version: str, wanted: str) -> bool:
    """Say whether some release of `version` fits a specifier of PEP 440 or a range of Poetry; True for what is none."""
    from packaging.specifiers import SpecifierSet  # noqa: PLC0415  # 17 ms, and few runs need it

    if len(wanted) > _MAX_LENGTH:
        return True
    try:
        ranges = [SpecifierSet(one) for one in _specifiers(wanted)]
        return any(one.contains(candidate, prereleases=True) for one in ranges for candidate in _releases(version))
    except ValueError:  # also of a version that is none, and of a number of thousands of digits
        return True


def fits_node(version: str, wanted: str) -> bool:
    """Say whether some release of `version` fits a range of npm; True for what is none."""
    from semantic_version import NpmSpec, Version  # noqa: PLC0415  # 25 ms, and few runs need it

    if len(wanted) > _MAX_LENGTH:
        return True
    try:
        wanted_range = NpmSpec(wanted)
        return any(Version(candidate) in wanted_range for candidate in _releases(version))
    except ValueError:
        return True


def named_versions(wanted: str) -> list[str]:
    """List the versions with three parts in a range, the highest first: an exact one fits no shorter version."""
    found = re.findall(r"(?<![\w.])v?(\d{1,4}\.\d{1,4}\.\d{1,4})(?![\w.*])", wanted[:_MAX_LENGTH])
    return sorted(found, key=lambda version: [int(part) for part in version.split(".")], reverse=True)


def _specifiers(wanted: str) -> list[str]:
    """Give the alternatives of a range of Poetry or Pipenv as specifiers of PEP 440, which stay as they are.

    https://python-poetry.org/docs/dependency-specification/
    """
    return [",".join(map(_specifier, re.findall(r"[^,\s]+", _joined(one)))) for one in re.split(r"\|\|?", wanted)]


def _joined(alternative: str) -> str:
    """Take the blanks between an operator and its version away: a blank separates two conditions."""
    return re.sub(r"([<>=!~^])\s+", r"\1", alternative)


def _specifier(condition: str) -> str:
    found = re.fullmatch(r"([\^~]?)(\d+(?:\.\d+){0,2})", condition)
    if found is None:
        return "" if condition == "*" else re.sub(r"^(?=\d)", "==", condition)
    first, *others = found[2].split(".")
    if found[1] == "^" or (found[1] and not others):
        return f">={found[2]},<{int(first) + 1}"
    if found[1]:
        return f">={found[2]},<{first}.{int(others[0]) + 1}"
    return f"=={found[2]}" if len(others) > 1 else f"=={found[2]}.*"


def _releases(version: str) -> tuple[str, str]:
    """Give the first and the last release that a version with two or three parts stands for."""
    parts = version.split(".")
    missing = 3 - len(parts)
    return ".".join(parts + ["0"] * missing), ".".join(parts + ["999"] * missing)
