"""What locked packages of Python need of the build and of the image, told before the build fails for the lack of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator.detect.managers.manager import LockedPackage
from generator.detect.managers.pypi_packages import COMPILED, FETCHED, INSTEAD, LOADED, SOURCES, Needs
from generator.detect.paths.folder_findings import listed
from generator.detect.service_folder import Installation
from generator.detect.versions.language_versions import other_pythons
from generator.text.errors import Finding
from generator.text.files import mapping, texts

_COMPILERS = frozenset({"gcc", "g++", "clang", "build-essential"})
_BROWSERS = ("chromium", "firefox-esr")
_ANY = Needs(("g++", "make"))  # C, C++ and what configures itself
# What brings a package of the tables under another name.
_SAME = {
    "cargo": ("rustc", "rustup"),
    "default-libmysqlclient-dev": ("libmariadb-dev", "libmysqlclient-dev"),
    "gcc": ("g++", "clang", "build-essential"),
    "g++": ("build-essential",),
    "libc6-dev": ("g++", "build-essential"),
    "libcurl4-openssl-dev": ("libcurl4-gnutls-dev",),
    "libjpeg-dev": ("libjpeg62-turbo-dev",),
    "libldap-dev": ("libldap2-dev",),
    "make": ("build-essential",),
    "pkg-config": ("pkgconf",),
}


def detect_native_packages(
    installation: Installation, packages: Sequence[LockedPackage], python: str
) -> Iterator[Finding]:
    """Warn of packages of Python that need a compiler, a library or a browser that the service does not name.

    Args:
        installation: The service.
        packages: What is locked.
        python: The version of Python that was detected.
    """
    shipped = _by_name(packages)
    compiled = [package for package in shipped if _is_compiled(package)]
    there = _plain(_names(installation, "build"))
    # A compiler is enough, but for those that are known to need more.
    without = [one for one in compiled if not _COMPILERS & there or _lacks(one, there)]
    better = _better(installation, without, python) if without else None
    left = [package for package in without if better not in package.pythons]
    libraries = [one for one in _libraries(installation, shipped) if one in left or one not in without]
    # One line has what all of them need: of two lines with `packages`, a spec can have one.
    line = _line(installation, left, libraries)
    if without:
        yield _compiling(installation, without, left, python, (better, line))
    if loading := [package for package in libraries if package not in without]:
        yield _loading(installation, loading, line)
    yield from _fetching(installation, shipped)


def _by_name(packages: Sequence[LockedPackage]) -> list[LockedPackage]:
    """Give each package that ships once: of versions for different markers, one with a wheel may be what counts."""
    found: dict[str, LockedPackage] = {}
    for package in packages:
        if package.ships:
            other = found.setdefault(package.name, package)
            compiled = other.compiled if other.compiled is False else package.compiled
            pythons, extras = other.pythons | package.pythons, (*other.extras, *package.extras)
            found[package.name] = other._replace(compiled=compiled, pythons=pythons, extras=extras)
    return [*found.values()]


def _names(installation: Installation, key: str) -> list[str]:
    return texts(installation.service.merged, "packages", key)


def _plain(packages: list[str]) -> set[str]:
    return {package.partition("=")[0].partition(":")[0] for package in packages}


def _is_compiled(package: LockedPackage) -> bool:
    if package.compiled is None:
        return package.name in SOURCES and not package.from_git
    return package.compiled


def _lacks(package: LockedPackage, there: set[str]) -> bool:
    """Say whether the build stages lack a package that a well-known one is compiled with."""
    needed = COMPILED[package.name].build if package.name in COMPILED else ()
    return any(not there & {name, *_SAME.get(name, ())} for name in needed)


def _libraries(installation: Installation, shipped: list[LockedPackage]) -> list[LockedPackage]:
    """List the packages that load a library that is not there."""
    known = {package.name for package in shipped}
    known |= {f"{package.name}-{extra}" for package in shipped for extra in package.extras}
    runtime = _plain(_names(installation, "runtime"))
    return [
        package
        for package in shipped
        if not known & {*INSTEAD.get(package.name, ())}
        and not all(any(one.startswith(name) for one in runtime) for name in _needs(package).runtime)
    ]


def _needs(package: LockedPackage) -> Needs:
    return COMPILED.get(package.name, _ANY) if _is_compiled(package) else LOADED.get(package.name, Needs())


def _better(installation: Installation, compiled: list[LockedPackage], python: str) -> str | None:
    """Give the newest version of Python for which the fewest packages are compiled; None if that is half of them."""
    counts = {
        other: sum(other not in package.pythons for package in compiled)
        for other in other_pythons(installation, python)
    }
    best = min(counts, key=lambda other: counts[other], default=None)
    return best if best is not None and 2 * counts[best] < len(compiled) else None


def _compiling(
    installation: Installation,
    without: list[LockedPackage],
    left: list[LockedPackage],
    python: str,
    instead: tuple[str | None, str],
) -> Finding:
    """Report the packages `without` wheels; `instead` is a better version of Python, and what those `left` need."""
    name, verb, have, need = installation.service.name, "is compiled, for it", "has", "it needs"
    if len(without) > 1:
        verb, have, need = "are compiled, for they", "have", "they need"
    better, line = instead
    if better is None:
        fix = f"add {line}"
    else:
        which = f"all but {_listed(left)} have" if left else "it has" if len(without) == 1 else "all of them have"
        fix = f'set python: "{better}", for which {which} one' + (f", and add {line}" if line else "")
    return Finding(
        location=without[0].place,
        message=(
            f"{_listed(without)} of {name} {verb} {have} no wheel for Linux and Python {python}, "
            f"and slim images do not have what {need}"
        ),
        fix=fix,
        code="compiler-needed",
        level="warn",
    )


def _loading(installation: Installation, loading: list[LockedPackage], line: str) -> Finding:
    verb, need = ("loads", "it needs") if len(loading) == 1 else ("load", "they need")
    return Finding(
        location=loading[0].place,
        message=(
            f"{_listed(loading)} of {installation.service.name} {verb} a library of the system, "
            f"and slim images do not have what {need}"
        ),
        fix=f"add {line}",
        code="library-needed",
        level="warn",
    )


def _listed(packages: list[LockedPackage]) -> str:
    return listed([package.name for package in packages])


def _line(installation: Installation, compiled: list[LockedPackage], libraries: list[LockedPackage]) -> str:
    """Give `packages` with what it has and what some packages need; nothing where they need nothing."""
    wanted = {
        "build": [name for package in compiled for name in _needs(package).build],
        "runtime": [name for package in libraries for name in _needs(package).runtime],
    }
    lists = {key: [*dict.fromkeys([*_names(installation, key), *wanted[key]])] for key in wanted if wanted[key]}
    lines = ", ".join(f"{key}: [{', '.join(names)}]" for key, names in lists.items())
    return f"packages: {{{lines}}}" if lines else ""


def _fetching(installation: Installation, shipped: list[LockedPackage]) -> Iterator[Finding]:
    names = {package.name: package for package in shipped}
    merged: Any = installation.service.merged
    has_browser = any(name.startswith(_BROWSERS) for name in _names(installation, "runtime"))
    for name, (variable, fix) in FETCHED.items():
        variables = {**mapping(merged, "env"), **mapping(merged, "environment")}
        if name in names and not has_browser and variable not in variables:
            yield Finding(
                location=names[name].place,
                message=f"{name} of {installation.service.name} fetches a browser, which is not in the image",
                fix=fix,
                code="browser-needed",
                level="warn",
            )
