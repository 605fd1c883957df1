"""Files beside a preset: `./common.yaml` in a preset starts from the folder of that preset, wherever the preset is.

In a file of the repository it is another file of the repository, and in one from git a file of the same commit. So a
name means the same to the author of a preset and to everybody who takes it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator.sources.source import GitSource, HttpsSource, Source, is_path, parse_source
from generator.text.documents import Document
from generator.text.errors import Location, SpecError

PRESET = (".yaml", ".yml")
TEMPLATE = (".jinja", ".jinja2", ".j2")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """A file that a preset names.

    Attributes:
        relative: Its name, as the preset has it.
        place: Where the preset names it.
        suffixes: One of which the name has to end with. What has those of a preset is read as one, and followed.
    """

    relative: str
    place: Location
    suffixes: tuple[str, ...] = PRESET

    @property
    def preset(self) -> bool:
        """Whether the file is a preset itself."""
        return self.suffixes == PRESET


def is_relative(name: str) -> bool:
    """Whether a name starts from the folder of the file that has it."""
    return name.startswith(("./", "../"))


def listed(entries: Any) -> Iterator[tuple[int, str]]:
    """The names in a list of presets, each with its index. What is malformed is left to those who read the values."""
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        name = entry.get("preset") if isinstance(entry, dict) else entry
        if isinstance(name, str):
            yield index, name


def references(document: Document) -> Iterator[Reference]:
    """The files beside a preset that it names. What is malformed is left to those who read the values."""
    for index, name in listed(document.data.get("extends")):
        if is_relative(name):
            yield Reference(relative=name, place=document.locate(("extends", index)))
    templates = document.data.get("templates")
    for runtime, name in (templates if isinstance(templates, dict) else {}).items():
        if isinstance(name, str) and is_relative(name):
            yield Reference(relative=name, place=document.locate(("templates", runtime)), suffixes=TEMPLATE)


def beside(name: str, reference: Reference) -> str:
    """What the file is called that the preset `name` refers to: `./PATH` from the repository's root, or a source.

    Raises:
        SpecError: the reference leaves the repository or cannot name a file, or the preset came without a repository.
    """
    source = parse_source(name)
    if source is None:
        return f"./{_path(name, reference)}"
    return str(source_beside(source, reference))


def source_beside(source: Source, reference: Reference) -> GitSource:
    """The source of the file that a preset from `source` refers to. Raises SpecError as `beside` does."""
    if isinstance(source, HttpsSource):
        message = f"{reference.relative!r} has no digest: the preset is from an address of its own"
        fix = "name the file by its own address and digest, or share both from a git repository"
        raise SpecError.at(reference.place, message, fix, code="preset-without-repository")
    return source.file(_path(source.path, reference))


def _path(path: str, reference: Reference) -> str:
    """The path of the file, from the root of the repository that has `path`."""
    relative, folder = reference.relative, posixpath.dirname(posixpath.normpath(path))
    found = posixpath.normpath(posixpath.join(folder, relative))
    if found == ".." or found.startswith("../"):
        message = (
            f"{relative!r} leaves the repository: it starts from {f'the folder {folder}' if folder else 'its root'}"
        )
        raise SpecError.at(
            reference.place, message, "name a file of the preset's own repository", code="preset-outside"
        )
    if not is_path(found):
        fix = "use letters, digits, _, - and . in it, and no name that starts with a dot"
        raise SpecError.at(
            reference.place, f"{relative!r} cannot be named in every repository", fix, code="preset-path"
        )
    if not found.endswith(reference.suffixes):
        wanted = " or ".join(reference.suffixes)
        raise SpecError.at(
            reference.place, f"{relative!r} does not end with {wanted}", "name such a file", code="preset-suffix"
        )
    return found
