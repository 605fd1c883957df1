"""Presets by name: the built-in ones, files of the repository (`./team.yaml`), and vendored ones by their source.

Files that a preset refers to by relative paths (generator.sources.relative) are read here as well.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.layers.layer import InDocument
from generator.layers.parameters import apply, is_parametrised
from generator.layers.preset_entry import PresetEntry, entry_of
from generator.layers.shape import checked
from generator.layers.shorthand import read_preset
from generator.lockfile.pins import Pins
from generator.sources.relative import Reference, is_relative, relative_references, resolve_relative
from generator.sources.source import form_wanted, is_remote, parse_source
from generator.text import assets
from generator.text.documents import Document, parse, read, read_text
from generator.text.errors import Location, SpecError
from generator.text.files import Repository
from generator.text.spelling import misspelled, on_disk

_START = "start with one of its sections, as `defaults:`; docs/presets.md lists them"


def built_in() -> list[str]:
    """Return the sorted names of the presets that ship with the package."""
    return sorted(file.stem for file in assets.PRESETS.glob("*.yaml"))


class Library:
    """Loads each preset once. `root` is the repository that paths start from."""

    def __init__(
        self,
        root: Path,
        *,
        pins: Pins | None = None,
        folder: str = "",
        stand_ins: Mapping[str, str] | None = None,
    ) -> None:
        """Create a library that has read nothing yet.

        Args:
            root: The repository.
            pins: What is vendored, instead of what the lock file says.
            folder: Where the spec is, below the repository, if not at its root: its names and pins are of there.
            stand_ins: Names of the spec, and those that are meant by them.
        """
        self._root = root
        self._repository = Repository(root)
        self._folder = folder
        self._pins = pins
        self._stand_ins = dict(stand_ins or {})
        self._loaded: dict[str, Document] = {}
        self._by: dict[str, str] = {}

    @property
    def pins(self) -> Pins:
        """What is vendored. Raises SpecError for a malformed lock file."""
        if self._pins is None:
            self._pins = Pins.load(self._root / self._folder)
        return self._pins

    @property
    def loaded(self) -> Mapping[str, Document]:
        """The presets that have been asked for, by name."""
        return self._loaded

    def load(self, name: str, asked_at: Location) -> Document:
        """Load the preset called `name`.

        Raises:
            SpecError: there is no such preset (reported at `asked_at`), or it is malformed.
        """
        if name not in self._loaded:
            read = replace(self._read(name, asked_at), source=name)
            # What a parameter stands for may be a shorthand, which is read where the preset is used.
            self._loaded[name] = read if is_parametrised(read) else read_preset(read)
        return self._loaded[name]

    def expand(self, entry: Any, origin: InDocument) -> list[Document]:
        """Load the preset that an entry of the spec names, after those that it extends, each of them once.

        An entry is a name, or `{preset: NAME, with: {PARAMETER: VALUE}}`, and is written at `origin`.

        Raises:
            SpecError: as `load` and `resolve_relative` do, a parameter is wrong, or presets extend each other.
        """
        asked = entry_of(entry, origin)
        if asked.name in self._stand_ins:
            asked = asked._replace(name=self._stand_ins[asked.name])
        elif self._folder and asked.name.startswith("./"):
            asked = asked._replace(name=f"./{self._folder}/{asked.name.removeprefix('./')}")
        return self._expand(asked, ())

    def resolve_relative(self, document: Document, reference: Reference) -> str:
        """Return the name, for `file` and `load`, of a file that a loaded preset refers to.

        Raises:
            SpecError: it leaves the repository, cannot be named, or is no plain file of this one.
        """
        name = resolve_relative(document.source, reference)
        if is_remote(name):
            self._by.setdefault(name, self._by.get(document.source, document.source))
            return name
        file = self._root / name
        if (spelled := f"./{on_disk(self._repository, name.removeprefix('./'))}") != name:
            relative = posixpath.relpath(spelled, posixpath.dirname(document.source))
            relative = relative if relative.startswith("../") else f"./{relative}"
            raise SpecError(misspelled(f"{document.name} refers to", reference.relative, relative, reference.place))
        if not file.is_file():
            fix = f"create it, or correct the path: it starts from the folder of {document.name}"
            raise SpecError.at(reference.place, f"there is no file {name!r}", fix, code="file-missing")
        # Not through a link: git would not follow it for a repository that vendors this preset.
        if file.resolve() != self._root.resolve() / name:
            raise SpecError.at(
                reference.place, f"{name!r} is a link, or behind one", "name the file itself", code="file-is-link"
            )
        return name

    def file(self, name: str, asked_at: Location) -> tuple[str, str]:
        """Read a file of the repository or a vendored file; return its name in messages and its text.

        Raises:
            SpecError: it cannot be read, is outside the repository, or is not what was vendored.
        """
        if is_remote(name):
            text = self.pins.text(name, asked_at, by=self._by.get(name, ""))
            return self.pins.pins[name].file, text
        file, place = self._root / name, name.removeprefix("./")
        if not file.resolve().is_relative_to(self._root.resolve()):
            raise SpecError.at(
                asked_at, f"preset {name!r} is outside the repository", "move it inside", code="file-outside"
            )
        path = posixpath.normpath(place)
        if (spelled := on_disk(self._repository, path)) != path:
            raise SpecError(misspelled("there is no preset file", name, f"./{spelled}", asked_at))
        if not file.is_file():
            raise SpecError.at(
                asked_at, f"there is no preset file {name!r}", "create it, or correct the path", code="file-missing"
            )
        return place, read_text(file, place, fix="create it")

    def _expand(self, asked: PresetEntry, open_: tuple[str, ...]) -> list[Document]:
        name, asked_at = asked.name, asked.origin.locate(())
        if name in open_:
            circle = " -> ".join((*open_[open_.index(name) :], name))
            raise SpecError.at(
                asked_at, f"presets extend each other: {circle}", "take one of them out", code="preset-circular"
            )
        loaded = self.load(name, asked_at)
        document = apply(loaded, asked)
        if document is not loaded:
            document = read_preset(document)
        found: list[Document] = []
        for index, entry in enumerate(document.data.get("extends", [])):
            other = entry_of(entry, InDocument(document, ("extends", index)))
            if is_relative(other.name):
                other = other._replace(name=self._resolve_extended(name, other.name, other.origin.locate(())))
            add_new(found, self._expand(other, (*open_, name)))
        return [*found, document]

    def _resolve_extended(self, name: str, relative: str, asked_at: Location) -> str:
        """Resolve the relative path of a preset that the one called `name` extends."""
        document = self.load(name, asked_at)
        if relative not in [reference.relative for reference in relative_references(document)]:
            message = f"a parameter names {relative!r}, which nothing that fetches this preset could know"
            raise SpecError.at(asked_at, message, "write the name itself", code="parameter-misplaced")
        return self.resolve_relative(document, Reference(relative=relative, place=asked_at))

    def _read(self, name: str, asked_at: Location) -> Document:
        if is_remote(name) and parse_source(name) is None:
            raise SpecError.at(
                asked_at, f"{name!r} is not a source of a preset", form_wanted(name), code="source-malformed"
            )
        if is_remote(name) or name.startswith("./"):
            place, text = self.file(name, asked_at)
            return checked(parse(text, place, start=_START))
        if name not in built_in():
            known = ", ".join(built_in())
            raise SpecError.at(
                asked_at,
                f"unknown preset {name!r}",
                f"use one of {known}, or a file as ./presets/team.yaml",
                code="preset-unknown",
            )
        return checked(read(assets.PRESETS / f"{name}.yaml", f"presets/{name}.yaml", fix="reinstall gen-dockerfiles"))


def add_new(found: list[Document], more: Iterable[Document]) -> None:
    """Append those of `more` that are not in `found`: the very document, since equal ones may stand elsewhere."""
    found += [one for one in more if not any(one is known for known in found)]
