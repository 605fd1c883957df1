"""What locked packages of Python need of the build and of the image, told before the build fails for the lack of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from generator.detect.managers.manager import LockedPackage
from generator.detect.managers.pypi_packages import COMPILED, FETCHED, INSTEAD, LOADED, Needs
from generator.detect.service_folder import Installation
from generator.text.errors import Finding
from generator.text.files import mapping, texts

_MAX_TOLD = 100
_COMPILERS = frozenset({"gcc", "g++", "clang", "build-essential"})
_BROWSERS = ("chromium", "firefox-esr")


def detect_native_packages(installation: Installation, packages: Sequence[LockedPackage]) -> Iterator[Finding]:
    """Warn of packages of Python that need a compiler, a library or a browser that the service does not name."""
    build = _names(installation, "build")
    yield from islice(_native(installation, packages, build), _MAX_TOLD)
    yield from _fetching(installation, packages)


def _names(installation: Installation, key: str) -> list[str]:
    return texts(installation.service.merged, "packages", key)


def _plain(packages: list[str]) -> set[str]:
    return {package.partition("=")[0].partition(":")[0] for package in packages}


def _native(installation: Installation, packages: Sequence[LockedPackage], build: list[str]) -> Iterator[Finding]:
    """Warn once for each package that is compiled, or that loads a library."""
    runtime, known = _names(installation, "runtime"), {package.name for package in packages}
    has_compiler, told = bool(_COMPILERS & _plain(build)), set()
    for package in packages:
        if package.name in told:
            continue
        compiled = package.compiled or (package.name in COMPILED and not package.from_git)
        loaded = LOADED.get(package.name, Needs()) if not known & {*INSTEAD.get(package.name, ())} else Needs()
        needs = COMPILED.get(package.name, Needs(("gcc", "libc6-dev"))) if compiled else loaded
        wanted = [name for name in needs.build if name not in _plain(build)] if not has_compiler else []
        libraries = [name for name in needs.runtime if not any(one.startswith(name) for one in _plain(runtime))]
        if wanted or libraries:
            told.add(package.name)
            yield _hint(
                installation, package, [*build, *wanted] if wanted else [], [*runtime, *libraries] if libraries else []
            )


def _hint(installation: Installation, package: LockedPackage, build: list[str], runtime: list[str]) -> Finding:
    lists = {"build": build, "runtime": runtime}
    lines = ", ".join(f"{key}: [{', '.join(names)}]" for key, names in lists.items() if names)
    what = "is compiled, for it has no wheel for Linux and this Python" if build else "loads a library of the system"
    return Finding(
        location=package.place,
        message=f"{package.name} of {installation.service.name} {what}, and slim images do not have what it needs",
        fix=f"add packages: {{{lines}}}",
        code="compiler-needed" if build else "library-needed",
        level="warn",
    )


def _fetching(installation: Installation, packages: Sequence[LockedPackage]) -> Iterator[Finding]:
    names = {package.name: package for package in packages}
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
