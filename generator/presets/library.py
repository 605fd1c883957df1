"""Presets by name: the built-in ones, files of the repository (`./team.yaml`), and vendored ones by their source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator import assets
from generator.errors import Location, Problem, SpecError
from generator.presets.beside import beside, is_preset, is_relative
from generator.presets.document import Document, parse, read, read_text
from generator.presets.fragments import REFUSED
from generator.presets.parameters import apply
from generator.presets.pins import Pins, vendored
from generator.presets.source import FORMS, is_remote, parse_source
from generator.spec.managers import MANAGERS

SECTIONS = (
    "description",
    "extends",
    "parameters",
    "networks",
    "defaults",
    "built",
    "runtimes",
    "managers",
    "frameworks",
    "kinds",
    "outputs",
    "fragments",
    "templates",
    "policy",
)
_START = "start with one of its sections, as `defaults:`; docs/presets.md lists them"
_NESTED = ("runtimes", "managers", "frameworks", "kinds", "outputs", "fragments")


def built_in() -> list[str]:
    """The names of the presets that ship with the package, sorted."""
    return sorted(file.stem for file in assets.PRESETS.glob("*.yaml"))


class Library:
    """Loads each preset once. `root` is the repository that relative paths of a spec start from."""

    def __init__(self, root: Path, texts: Mapping[str, str] | None = None) -> None:
        """`texts` stand for files, by their names: of what is about to be vendored, or of a preset under test."""
        self._root = root
        self._texts = dict(texts or {})
        self._loaded: dict[str, Document] = {}

    def load(self, name: str, asked_at: Location) -> Document:
        """The preset called `name`.

        Raises:
            SpecError: there is no such preset (reported at `asked_at`), or it is malformed.
        """
        if name not in self._loaded:
            self._loaded[name] = replace(self._read(name, asked_at), source=name)
        return self._loaded[name]

    def loaded(self) -> Mapping[str, Document]:
        """The presets that have been asked for so far, by their names."""
        return self._loaded

    def expand(
        self, entry: Any, asked_at: Location, open_: tuple[str, ...] = (), above: Document | None = None
    ) -> list[Document]:
        """The preset that an entry of a list names, after those that it extends, each of them once.

        An entry is a name, or `{preset: NAME, with: {PARAMETER: VALUE}}`. In the preset `above`, a relative name starts
        from its folder.

        Raises:
            SpecError: as `load` does, a parameter is wrong, or presets extend each other.
        """
        name, given = entry_of(entry, asked_at)
        if above is not None and is_relative(name):
            name = beside(above.source, name, asked_at)
        if name in open_:
            circle = " -> ".join((*open_[open_.index(name) :], name))
            raise SpecError.at(asked_at, f"presets extend each other: {circle}", "take one of them out")
        document = apply(self.load(name, asked_at), given, asked_at)
        found: list[Document] = []
        for index, other in enumerate(document.data.get("extends", [])):
            place = document.locate(("extends", index))
            add_new(found, self.expand(other, place, (*open_, name), document))
        return [*found, document]

    def text(self, name: str, asked_at: Location) -> tuple[str, str]:
        """How messages call the file called `name`, of the repository or vendored, and its text.

        Raises:
            SpecError: it is not there, is outside the repository, cannot be read, or was changed since it was vendored.
        """
        if is_remote(name):
            source = parse_source(name)
            if source is None:
                raise SpecError.at(asked_at, f"{name!r} is not a source of a preset", f"write {FORMS}")
            text = self._texts[name] if name in self._texts else Pins.load(self._root).text(name, asked_at)
            return vendored(source), text
        told = name.removeprefix("./")
        if name in self._texts:
            return told, self._texts[name]
        file = self._root / name
        if not file.resolve().is_relative_to(self._root.resolve()):
            raise SpecError.at(asked_at, f"{name!r} is outside the repository", "move it inside")
        if not file.is_file():
            raise SpecError.at(asked_at, f"there is no file {name!r}", "create it, or correct the path")
        return told, read_text(file, told, fix="create it")

    def _read(self, name: str, asked_at: Location) -> Document:
        if is_relative(name) or is_remote(name):
            file, text = self.text(name, asked_at)
            if is_remote(name) and not is_preset(name):
                raise SpecError.at(asked_at, f"{name!r} is a template, not a preset", "name a file that ends in .yaml")
            return _checked(parse(text, file, start=_START))
        if name not in built_in():
            known = ", ".join(built_in())
            raise SpecError.at(
                asked_at, f"unknown preset {name!r}", f"use one of {known}, or a file as ./presets/team.yaml"
            )
        return _checked(read(assets.PRESETS / f"{name}.yaml", f"presets/{name}.yaml", fix="reinstall gen-dockerfiles"))


def add_new(found: list[Document], more: Iterable[Document]) -> None:
    """Append those of `more` that are not in `found`: the very document, since equal ones may stand elsewhere."""
    found += [one for one in more if not any(one is known for known in found)]


def entry_of(entry: Any, asked_at: Location) -> tuple[str, dict[str, Any]]:
    """The name and the parameters of an entry in a list of presets.

    Raises:
        SpecError: it is neither a name nor a mapping with `preset` and `with`.
    """
    if isinstance(entry, str):
        return entry, {}
    if isinstance(entry, dict) and entry.keys() <= {"preset", "with"} and isinstance(entry.get("preset"), str):
        given = entry.get("with", {})
        if isinstance(given, dict):
            return entry["preset"], given
    fix = "write its name, or {preset: NAME, with: {PARAMETER: VALUE}}"
    raise SpecError.at(asked_at, f"{entry!r} does not name a preset", fix)


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
        elif key == "extends":
            if not isinstance(value, list):
                found.append(_at(document, (key,), "extends is not a list of names", "write extends: [hardened]"))
        elif not isinstance(value, dict):
            found.append(_at(document, (key,), f"{key} is not a mapping", "indent its values below it"))
        elif key in _NESTED:
            found.extend(_nested(document, key, value))
    return found or [*_refused(document), *_no_templates(document)]


def _nested(document: Document, section: str, value: dict[Any, Any]) -> list[Problem]:
    return [
        _at(document, (section, name), f"{section}.{name} is not a mapping", "indent its values below it")
        for name, part in value.items()
        if not isinstance(part, dict)
    ]


def _refused(document: Document) -> list[Problem]:
    """What stands in a fragment and decides whether it applies, or where."""
    fix = "leave it to the service, or to another section"
    return [
        _at(document, ("fragments", name, key), f"{key} cannot stand in a fragment", fix)
        for name, part in document.data.get("fragments", {}).items()
        for key in REFUSED
        if key in part
    ]


def _no_templates(document: Document) -> Iterator[Problem]:
    """What in `templates` is no file by runtime."""
    for runtime, file in document.data.get("templates", {}).items():
        path = ("templates", runtime)
        if runtime not in MANAGERS:
            fix = f"use one of {', '.join(MANAGERS)}"
            yield _at(document, path, f"templates.{runtime} is not a runtime", fix)
        elif not isinstance(file, str) or not is_relative(file):
            message = f"templates.{runtime}: {file!r} is not a file beside the preset"
            yield _at(document, path, message, f"write its path from here, as ./{runtime}.jinja")


def _at(document: Document, path: tuple[str, ...], message: str, fix: str) -> Problem:
    return Problem(location=document.locate(path), message=message, fix=fix)
