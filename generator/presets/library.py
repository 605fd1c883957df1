"""Presets by name: the built-in ones, files of the repository (`./team.yaml`), and vendored ones by their source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from generator import assets
from generator.errors import Location, Problem, SpecError
from generator.presets.document import Document, parse, read
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
    """Loads each preset once. `root` is the repository that relative paths start from."""

    def __init__(self, root: Path, texts: Mapping[str, str] | None = None) -> None:
        """`texts` stand for what is vendored, as for a preset that is about to be."""
        self._root = root
        self._texts = dict(texts or {})
        self._loaded: dict[str, Document] = {}

    def load(self, name: str, asked_at: Location) -> Document:
        """The preset called `name`.

        Raises:
            SpecError: there is no such preset (reported at `asked_at`), or it is malformed.
        """
        if name not in self._loaded:
            self._loaded[name] = self._read(name, asked_at)
        return self._loaded[name]

    def expand(self, entry: Any, asked_at: Location, open_: tuple[str, ...] = ()) -> list[Document]:
        """The preset that an entry of a list names, after those that it extends, each of them once.

        An entry is a name, or `{preset: NAME, with: {PARAMETER: VALUE}}`.

        Raises:
            SpecError: as `load` does, a parameter is wrong, or presets extend each other.
        """
        name, given = entry_of(entry, asked_at)
        if name in open_:
            circle = " -> ".join((*open_[open_.index(name) :], name))
            raise SpecError.at(asked_at, f"presets extend each other: {circle}", "take one of them out")
        document = apply(self.load(name, asked_at), given, asked_at)
        found: list[Document] = []
        for index, other in enumerate(document.data.get("extends", [])):
            place = document.locate(("extends", index))
            add_new(found, self.expand(other, place, (*open_, name)))
        return [*found, document]

    def text_beside(self, document: Document, relative: str, asked_at: Location) -> tuple[str, str]:
        """TEMPORARY."""
        file = self._root / Path(document.name).parent / relative
        return str(Path(document.name).parent / relative), file.read_text("utf-8")

    def _read(self, name: str, asked_at: Location) -> Document:
        if name.startswith("./") and name in self._texts:
            return _checked(parse(self._texts[name], name.removeprefix("./"), start=_START))
        if name.startswith("./"):
            file = self._root / name
            if not file.resolve().is_relative_to(self._root.resolve()):
                raise SpecError.at(asked_at, f"preset {name!r} is outside the repository", "move it inside")
            if not file.is_file():
                raise SpecError.at(asked_at, f"there is no preset file {name!r}", "create it, or correct the path")
            return _checked(read(file, name.removeprefix("./"), fix="create it", start=_START))
        if is_remote(name):
            place, text = self._vendored(name, asked_at)
            return _checked(parse(text, place, start=_START))
        if name not in built_in():
            known = ", ".join(built_in())
            raise SpecError.at(
                asked_at, f"unknown preset {name!r}", f"use one of {known}, or a file as ./presets/team.yaml"
            )
        return _checked(read(assets.PRESETS / f"{name}.yaml", f"presets/{name}.yaml", fix="reinstall gen-dockerfiles"))

    def _vendored(self, name: str, asked_at: Location) -> tuple[str, str]:
        """The vendored file of a remote preset, and its text."""
        source = parse_source(name)
        if source is None:
            raise SpecError.at(asked_at, f"{name!r} is not a source of a preset", f"write {FORMS}")
        text = self._texts[name] if name in self._texts else Pins.load(self._root).text(name, asked_at)
        return vendored(source), text


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
        elif not isinstance(file, str) or not file.startswith(("./", "../")):
            message = f"templates.{runtime}: {file!r} is not a file beside the preset"
            yield _at(document, path, message, f"write its path from here, as ./{runtime}.jinja")


def _at(document: Document, path: tuple[str, ...], message: str, fix: str) -> Problem:
    return Problem(location=document.locate(path), message=message, fix=fix)
