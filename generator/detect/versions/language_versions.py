"""The version of the language that the repository names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from generator.detect.detected import Piece, Value
from generator.detect.managers import MANAGERS
from generator.detect.service_folder import Installation
from generator.detect.version_ranges import fits_node, fits_python, named_versions
from generator.detect.versions.version_files import (
    PIN_FILES,
    Said,
    folders_above,
    in_dev_engines,
    in_package_manager,
    in_tool_files,
    in_version_file,
    in_volta,
    plain_version,
)
from generator.model.names import VERSION
from generator.text.errors import Finding, Location
from generator.text.files import dig, join, mapping, texts
from generator.text.places import positions


class _Language(NamedTuple):
    """A language, by the key of a service that holds its version.

    Attributes:
        key: The key.
        pin_files: Files that hold one version and nothing else.
        tools: Its names in the files of asdf and mise.
        fits: Says whether a version fits a range.
    """

    key: str
    pin_files: tuple[str, ...]
    tools: tuple[str, ...]
    fits: Callable[[str, str], bool]


_PYTHON = _Language(key="python", pin_files=PIN_FILES["python"], tools=("python",), fits=fits_python)
_PYTHON_KEYS = (("project", "requires-python"), *(key for one in MANAGERS.values() for key in one.python_keys))
_NODE = _Language(key="node", pin_files=PIN_FILES["node"], tools=("nodejs", "node"), fits=fits_node)
_BUN = _Language(key="bun", pin_files=PIN_FILES["bun"], tools=("bun",), fits=fits_node)


def detect_python(installation: Installation) -> Iterator[Piece]:
    """Yield `python` by the files of version managers, and by the ranges in manifests."""
    yield from _detect(installation, _PYTHON, [*_python_ranges(installation)])


def detect_node(installation: Installation) -> Iterator[Piece]:
    """Yield `node` by the files of version managers, `engines.node` and `devEngines.runtime`."""
    yield from _detect(installation, _NODE, _engines(installation, "node"))


def detect_bun(installation: Installation) -> Iterator[Piece]:
    """Yield `bun` by the files of version managers, `packageManager`, `engines.bun` and `devEngines.runtime`."""
    yield from _detect(installation, _BUN, _engines(installation, "bun"))


def other_pythons(installation: Installation, python: str) -> list[str]:
    """List the other known versions of Python that the manifests allow, newest first; none if a file names one."""
    if "python" in installation.service.own or any(_pins(installation, _PYTHON)):
        return []
    wanted, known = [*_python_ranges(installation)], texts(installation.service.merged, "versions", "lines")
    return [one for one in known if not _same(one, python) and _fits(_PYTHON, one, wanted)]


def _python_ranges(installation: Installation) -> Iterator[Said]:
    """Yield what manifests ask for: pyproject.toml, that of the manager, and setup.cfg."""
    repository, service = installation.repository, installation.service
    manifest, setup = service.in_service("pyproject.toml"), service.in_service("setup.cfg")
    of_manager = installation.fact("manifest")
    files = [manifest, installation.beside_lock(of_manager)] if isinstance(of_manager, str) else [manifest]
    for file in dict.fromkeys(files):
        for key in _PYTHON_KEYS:
            said = dig(repository.toml(file), *key)
            yield from _said(said, repository.locate(file, f"[{'.'.join(key[:-1])}]", key[-1]))
    for found, place in positions(setup, repository.text(setup) or "", r"(?m)^python_requires[^\S\n]*=([^\n#]*)"):
        yield from _said(found[1].strip(), place)


def _engines(installation: Installation, name: str) -> list[Said]:
    manifest, repository = installation.service.in_service("package.json"), installation.repository
    wanted = dig(repository.json(manifest), "engines", name)
    said = _said(wanted, repository.locate(manifest, '"engines"', f'"{name}"'))
    return [*said, *in_dev_engines(repository, manifest, "runtime", name)]


def _said(value: object, place: Location) -> list[Said]:
    return [Said(text=value, place=place)] if isinstance(value, str) else []


def _detect(installation: Installation, language: _Language, wanted: list[Said]) -> Iterator[Piece]:
    key, service = language.key, installation.service
    own, preset = service.own.get(key), service.merged.get(key)
    found = [*_pins(installation, language)]
    pins = [one for one in found if isinstance(one, Said)]
    yield from (one for one in found if isinstance(one, Finding) and not isinstance(own, str))
    yield from _disagreeing(pins)
    if isinstance(own, str):
        if not re.fullmatch(VERSION, own):
            return  # the models tell
        if pins and not _same(own, pins[0].text):
            message = f"{service.name} has {key} {own}, and {pins[0].place.file} says {pins[0].text}"
            fix = f"leave {key} out, or correct {pins[0].place.file}"
            place = service.locate(key)
            yield Finding(location=place, message=message, fix=fix, code="version-overruled", level="warn")
        yield from _misfits(installation, language, Said(own, service.locate(key)), wanted)
    elif pins:
        yield from _misfits(installation, language, pins[0], wanted)
        if pins[0].text != preset:
            yield Value(path=(key,), value=pins[0].text, place=pins[0].place)
    elif isinstance(preset, str) and not _fits(language, preset, wanted):
        better = _fitting(installation, language, wanted)
        if better is None:
            yield from _unknown(service.name, language, preset, wanted)
        else:
            yield Value(path=(key,), value=better, place=wanted[0].place)


def _pins(installation: Installation, language: _Language) -> Iterator[Said | Finding]:
    """Yield the versions that files give: the service's own folder before its workspace's, then the nearest above."""
    folders = dict.fromkeys((installation.service.path, installation.lock_folder))
    found = [one for folder in folders for one in _in_folder(installation, language, folder)]
    for folder in folders_above(installation.service.path):
        if found:
            break
        found = [*_in_folder(installation, language, folder)] if folder not in folders else []
    for said in found:
        plain = plain_version(said.text, mapping(installation.service.merged, "versions"))
        yield Said(plain, said.place) if plain else _unread(installation, language, said)


def _in_folder(installation: Installation, language: _Language, folder: str) -> Iterator[Said]:
    repository = installation.repository
    for name in language.pin_files:
        yield from in_version_file(repository, join(folder, name))
    yield from in_tool_files(repository, folder, language.tools)
    if language is _NODE:
        yield from in_volta(repository, folder, "node")
    if language is _BUN:
        yield from in_package_manager(repository, folder, "bun")


def _unread(installation: Installation, language: _Language, said: Said) -> Finding:
    service, key = installation.service, language.key
    kept = service.merged.get(key)
    return Finding(
        location=said.place,
        message=f"{service.name} is built with {key} {kept}: {said.text!r} names no version of an official image",
        fix=f'name one there, or in the service, as {key}: "{kept}"',
        code="version-unknown",
        level="warn",
    )


def _disagreeing(pins: list[Said]) -> Iterator[Piece]:
    for other in pins[1:]:
        if not _same(other.text, pins[0].text):
            message = f"{other.place.file} says {other.text}, and {pins[0].place.file} says {pins[0].text}"
            yield Finding(location=other.place, message=message, fix="make them agree", code="version-disagrees")


def _misfits(installation: Installation, language: _Language, said: Said, wanted: list[Said]) -> Iterator[Piece]:
    """Report each range that a version is not in, with the place that says the version."""
    key, place = language.key, f"{said.place.file}:{said.place.line}"
    better = _fitting(installation, language, wanted)
    line = f'set {key}: "{better}"' if better else "change one of the two"
    elsewhere = better is not None and said.place != installation.service.locate(key)
    for one in wanted:
        if not language.fits(said.text, one.text):
            yield Finding(
                location=one.place,
                message=f"{installation.service.name} is built with {key} {said.text}, as {place} says, but asks for "
                f"{one.text}",
                fix=f"{line} in the service, or correct {said.place.file}" if elsewhere else line,
                code="version-disagrees",
            )


def _unknown(name: str, language: _Language, version: str, wanted: list[Said]) -> Iterator[Piece]:
    """Report each range that neither the version of the presets nor any that is known is in."""
    for one in wanted:
        if not language.fits(version, one.text):
            message = f"{name} is built with {language.key} {version}, but asks for {one.text}"
            fix = _named(language, wanted)
            yield Finding(location=one.place, message=message, fix=fix, code="version-disagrees")


def _fitting(installation: Installation, language: _Language, wanted: list[Said]) -> str | None:
    """Give a version in all of the ranges: that of the presets, the newest known line, or an exact one of a range."""
    merged = installation.service.merged
    exact = [version for one in wanted for version in named_versions(one.text)]
    preset = merged.get(language.key)
    known = [*([preset] if isinstance(preset, str) else []), *texts(merged, "versions", "lines"), *exact]
    return next((version for version in known if _fits(language, version, wanted)), None)


def _named(language: _Language, wanted: list[Said]) -> str:
    """Say which version to name where no known one fits: one of those in the ranges, if it does."""
    found = [version for one in wanted for version in re.findall(r"(?<![\d.])\d{1,4}\.\d{1,4}(?![\d.])", one.text)]
    fitting = next((version for version in found if _fits(language, version, wanted)), None)
    if fitting is None:
        return "change one of the two"
    return f'name a version that fits and has an image, as {language.key}: "{fitting}"'


def _fits(language: _Language, version: str, wanted: list[Said]) -> bool:
    return all(language.fits(version, one.text) for one in wanted)


def _same(one: str, other: str) -> bool:
    """Say whether one version is the other, or its beginning: 3.13 and 3.13.1."""
    first, second = one.split("."), other.split(".")
    shorter = min(len(first), len(second))
    return first[:shorter] == second[:shorter]
