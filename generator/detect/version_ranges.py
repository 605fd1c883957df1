"""Does a version fit what a manifest asks for? A version such as 3.13 stands for all of its releases."""

from __future__ import annotations

_MAX_LENGTH = 1_000


def fits_python(version: str, wanted: str) -> bool:
    """Say whether some release of `version` fits a specifier of PEP 440; True for what is none."""
    from packaging.specifiers import SpecifierSet  # noqa: PLC0415  # 17 ms, and few runs need it

    if len(wanted) > _MAX_LENGTH:
        return True
    try:
        specifiers = SpecifierSet(wanted)
        return any(specifiers.contains(candidate, prereleases=True) for candidate in _releases(version))
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


def _releases(version: str) -> tuple[str, str]:
    """Give the first and the last release that a version with two or three parts stands for."""
    parts = version.split(".")
    missing = 3 - len(parts)
    return ".".join(parts + ["0"] * missing), ".".join(parts + ["999"] * missing)
