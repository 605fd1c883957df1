"""The version of the language that the repository names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from generator.detect.detected import Piece, Value
from generator.detect.service_folder import Installation
from generator.detect.version_ranges import fits_node, fits_python
from generator.model.names import VERSION
from generator.text.errors import Finding, Location
from generator.text.files import dig, join


class _Language(NamedTuple):
    """A language, by the key of a service that holds its version.

    Attributes:
        key: The key.
        pin_files: Files that hold one exact version.
        fits: Says whether a version fits a range.
        known: What to choose from when a repository only gives a range, newest first.
    """

    key: str
    pin_files: tuple[str, ...]
    fits: Callable[[str, str], bool]
    known: tuple[str, ...]


class _Said(NamedTuple):
    """A version or a range that a file of the repository names."""

    text: str
    place: Location


_PYTHON = _Language(
    key="python",
    pin_files=(".python-version",),
    fits=fits_python,
    known=tuple(f"3.{minor}" for minor in range(14, 8, -1)),
)
# Of Node, the lines with long support.
_NODE = _Language(key="node", pin_files=(".nvmrc", ".node-version"), fits=fits_node, known=("24", "22", "20", "18"))


def detect_python(installation: Installation) -> Iterator[Piece]:
    """Yield `python` by `.python-version` and `requires-python`."""
    manifest = installation.service.in_service("pyproject.toml")
    wanted = dig(installation.repository.toml(manifest), "project", "requires-python")
    place = installation.repository.locate(manifest, "requires-python")
    yield from _detect(installation, _PYTHON, _said(wanted, place))


def detect_node(installation: Installation) -> Iterator[Piece]:
    """Yield `node` by `.nvmrc`, `.node-version` and `engines.node`."""
    manifest = installation.service.in_service("package.json")
    wanted = dig(installation.repository.json(manifest), "engines", "node")
    place = installation.repository.locate(manifest, '"engines"', '"node"')
    yield from _detect(installation, _NODE, _said(wanted, place))


def _said(value: Any, place: Location) -> _Said | None:
    return _Said(text=value, place=place) if isinstance(value, str) else None


def _detect(installation: Installation, language: _Language, wanted: _Said | None) -> Iterator[Piece]:
    key, service = language.key, installation.service
    own, preset = service.own.get(key), service.merged.get(key)
    pins = [*_pins(installation, language.pin_files)]
    yield from _disagreeing(pins)
    if isinstance(own, str):
        if not re.fullmatch(VERSION, own):
            return  # the models tell
        if pins and not _same(own, pins[0].text):
            message = f"{service.name} has {key} {own}, and {pins[0].place.file} says {pins[0].text}"
            fix = f"leave {key} out, or correct {pins[0].place.file}"
            place = service.locate(key)
            yield Finding(location=place, message=message, fix=fix, code="version-overruled", level="warn")
        yield from _misfit(service.name, language, own, wanted)
    elif pins:
        yield from _misfit(service.name, language, pins[0].text, wanted)
        if pins[0].text != preset:
            yield Value(path=(key,), value=pins[0].text, place=pins[0].place)
    elif wanted is not None and isinstance(preset, str) and not language.fits(preset, wanted.text):
        better = next((version for version in language.known if language.fits(version, wanted.text)), None)
        if better is None:
            yield from _misfit(service.name, language, preset, wanted)
        else:
            yield Value(path=(key,), value=better, place=wanted.place)


def _pins(installation: Installation, names: tuple[str, ...]) -> Iterator[_Said]:
    """Yield the exact versions that files of these names give, the service's own folder before its workspace's."""
    for folder in dict.fromkeys((installation.service.path, installation.lock_folder)):
        for file in (join(folder, name) for name in names):
            text = (installation.repository.text(file) or "").strip()
            said = text.splitlines()[0].strip().removeprefix("v") if text else ""
            if re.fullmatch(VERSION, said):
                yield _Said(text=said, place=installation.repository.locate(file))


def _disagreeing(pins: list[_Said]) -> Iterator[Piece]:
    for other in pins[1:]:
        if not _same(other.text, pins[0].text):
            message = f"{other.place.file} says {other.text}, and {pins[0].place.file} says {pins[0].text}"
            yield Finding(location=other.place, message=message, fix="make them agree", code="version-disagrees")


def _misfit(name: str, language: _Language, version: str, wanted: _Said | None) -> Iterator[Piece]:
    if wanted is not None and not language.fits(version, wanted.text):
        message = f"{name} is built with {language.key} {version}, but asks for {wanted.text}"
        yield Finding(location=wanted.place, message=message, fix="change one of the two", code="version-disagrees")


def _same(one: str, other: str) -> bool:
    """Say whether one version is the other, or its beginning: 3.13 and 3.13.1."""
    first, second = one.split("."), other.split(".")
    shorter = min(len(first), len(second))
    return first[:shorter] == second[:shorter]
