"""Presets by name: the built-in ones, and files of the repository (`./team.yaml`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generator import assets
from generator.errors import Location, Problem, SpecError
from generator.presets.document import Document, read

SECTIONS = ("description", "networks", "defaults", "built", "runtimes", "managers", "frameworks", "kinds", "outputs")
_START = "start with one of its sections, as `defaults:`; docs/presets.md lists them"
_NESTED = ("runtimes", "managers", "frameworks", "kinds", "outputs")


def built_in() -> list[str]:
    """The names of the presets that ship with the package, sorted."""
    return sorted(file.stem for file in assets.PRESETS.glob("*.yaml"))


class Library:
    """Loads each preset once. `root` is the repository that relative paths start from."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._loaded: dict[str, Document] = {}

    def load(self, name: str, asked_at: Location) -> Document:
        """The preset called `name`.

        Raises:
            SpecError: there is no such preset (reported at `asked_at`), or it is malformed.
        """
        if name not in self._loaded:
            self._loaded[name] = self._read(name, asked_at)
        return self._loaded[name]

    def _read(self, name: str, asked_at: Location) -> Document:
        if name.startswith("./"):
            file = self._root / name
            if not file.resolve().is_relative_to(self._root.resolve()):
                raise SpecError.at(asked_at, f"preset {name!r} is outside the repository", "move it inside")
            if not file.is_file():
                raise SpecError.at(asked_at, f"there is no preset file {name!r}", "create it, or correct the path")
            return _checked(read(file, name.removeprefix("./"), fix="create it", start=_START))
        if name not in built_in():
            known = ", ".join(built_in())
            raise SpecError.at(
                asked_at, f"unknown preset {name!r}", f"use one of {known}, or a file as ./presets/team.yaml"
            )
        return _checked(read(assets.PRESETS / f"{name}.yaml", f"presets/{name}.yaml", fix="reinstall gen-dockerfiles"))


def _checked(document: Document) -> Document:
    problems = [*_shape(document)]
    if problems:
        raise SpecError(*problems)
    return document


def _shape(document: Document) -> list[Problem]:
    found: list[Problem] = []
    for key, value in document.data.items():
        if key not in SECTIONS:
            fix = f"use one of {', '.join(SECTIONS)}"
            found.append(_at(document, (key,), f"{key!r} is not a section of a preset", fix))
        elif key == "description":
            continue
        elif not isinstance(value, dict):
            found.append(_at(document, (key,), f"{key} is not a mapping", "indent its values below it"))
        elif key in _NESTED:
            found.extend(_nested(document, key, value))
    return found


def _nested(document: Document, section: str, value: dict[Any, Any]) -> list[Problem]:
    return [
        _at(document, (section, name), f"{section}.{name} is not a mapping", "indent its values below it")
        for name, part in value.items()
        if not isinstance(part, dict)
    ]


def _at(document: Document, path: tuple[str, ...], message: str, fix: str) -> Problem:
    return Problem(location=document.locate(path), message=message, fix=fix)
