"""Relative references of presets: `./common.yaml` in a preset starts from the folder of that preset.

In a file of this repository it means another file of this repository; in a preset from git, a file of the same commit.
So a reference means the same to the author of a preset and to every repository that uses it.
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
    """A file that a preset refers to by a relative path.

    Attributes:
        relative: The path, as written in the preset.
        place: Where the preset refers to it.
        suffixes: The file's name has to end with one of these. A file with the suffixes of a preset is read as one, and
            its own references are followed.
    """

    relative: str
    place: Location
    suffixes: tuple[str, ...] = PRESET

    @property
    def preset(self) -> bool:
        """Whether the file is itself a preset."""
        return self.suffixes == PRESET


def is_relative(name: str) -> bool:
    """Tell whether a name is a path relative to the file that contains it."""
    return name.startswith(("./", "../"))


def preset_names(entries: Any) -> Iterator[tuple[int, str]]:
    """Iterate over the names in a list of presets, each with its index.

    Malformed entries are skipped: the code that reads the values reports them.
    """
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        name = entry.get("preset") if isinstance(entry, dict) else entry
        if isinstance(name, str):
            yield index, name


def relative_references(document: Document) -> Iterator[Reference]:
    """Iterate over the files that a preset refers to by a relative path.

    Malformed entries are skipped: the code that reads the values reports them.
    """
    for index, name in preset_names(document.data.get("extends")):
        if is_relative(name):
            yield Reference(relative=name, place=document.locate(("extends", index)))
    templates = document.data.get("templates")
    for runtime, name in (templates if isinstance(templates, dict) else {}).items():
        if isinstance(name, str) and is_relative(name):
            yield Reference(relative=name, place=document.locate(("templates", runtime)), suffixes=TEMPLATE)


def resolve_relative(name: str, reference: Reference) -> str:
    """Resolve a reference of the preset `name`: to `./PATH` from the repository's root, or to a remote source.

    Raises:
        SpecError: the reference leaves the repository, cannot name a file, or the preset is not from a repository.
    """
    source = parse_source(name)
    if source is None:
        return f"./{_resolve_path(name, reference)}"
    return str(resolve_source(source, reference))


def resolve_source(source: Source, reference: Reference) -> GitSource:
    """Resolve a reference of the preset from `source`. Raises SpecError as `resolve_relative` does."""
    if isinstance(source, HttpsSource):
        message = f"{reference.relative!r} has no digest: the preset is from an address of its own"
        fix = "name the file by its own address and digest, or share both from a git repository"
        raise SpecError.at(reference.place, message, fix, code="preset-without-repository")
    return source.file(_resolve_path(source.path, reference))


def _resolve_path(preset: str, reference: Reference) -> str:
    """Return the path of the file from the root of its repository, where `preset` is the path of the preset."""
    relative, folder = reference.relative, posixpath.dirname(posixpath.normpath(preset))
    path = posixpath.normpath(posixpath.join(folder, relative))
    if path == ".." or path.startswith("../"):
        start = f"the folder {folder}" if folder else "its root"
        message = f"{relative!r} leaves the repository: it starts from {start}"
        fix = "name a file of the preset's own repository"
        raise SpecError.at(reference.place, message, fix, code="file-outside")
    if not is_path(path):
        message = f"{relative!r} is not a portable path"
        fix = "use letters, digits, _, - and . in it, and no name that starts with a dot"
        raise SpecError.at(reference.place, message, fix, code="path-malformed")
    if not path.endswith(reference.suffixes):
        message = f"{relative!r} does not end with {' or '.join(reference.suffixes)}"
        raise SpecError.at(reference.place, message, "name such a file", code="suffix-wrong")
    return path
