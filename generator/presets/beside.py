"""Files beside a preset: what it extends and what templates it ships, by names that start from its own folder."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from generator.errors import Location, SpecError
from generator.presets.document import Document, parse
from generator.presets.source import HttpsSource, is_remote, parse_source

# A preset with more files than this is no preset, and following it no way to fetch one.
MAX_FILES = 100
_YAML = (".yaml", ".yml")


def is_relative(name: str) -> bool:
    """Whether a name is a path that starts somewhere, as `./common.yaml` or `../common.yaml`."""
    return name.startswith(("./", "../"))


def beside(name: str, relative: str, asked_at: Location) -> str:
    """The name of the file that the preset called `name` means by `relative`.

    Raises:
        SpecError: nothing can be beside the preset, or the path leaves its repository.
    """
    source = parse_source(name) if is_remote(name) else None
    if isinstance(source, HttpsSource):
        fix = "name it by its own address and digest, or share the presets with git"
        raise SpecError.at(asked_at, f"{relative!r}: a preset behind an address has nothing beside it", fix)
    above = posixpath.dirname(source.path if source is not None else name)
    path = posixpath.normpath(posixpath.join(above, relative))
    if source is None:
        return path if path.startswith("../") else f"./{path}"
    other = str(source.with_path(path))
    if parse_source(other) is None:
        fix = "name a file of that repository, from the preset's own folder"
        raise SpecError.at(asked_at, f"{relative!r} is no path inside the preset's repository", fix)
    return other


def references(document: Document) -> Iterator[tuple[str, Location]]:
    """What a preset names by relative paths, well-formed or not: the path, and the place where it does."""
    extends, templates = document.data.get("extends"), document.data.get("templates")
    for index, entry in enumerate(extends if isinstance(extends, list) else []):
        name = entry.get("preset") if isinstance(entry, dict) else entry
        if isinstance(name, str) and is_relative(name):
            yield name, document.locate(("extends", index))
    for runtime, name in (templates if isinstance(templates, dict) else {}).items():
        if isinstance(name, str) and is_relative(name):
            yield name, document.locate(("templates", runtime))


def closure(name: str, read: Callable[[str, Location], str]) -> dict[str, str]:
    """The texts of the preset called `name` and of all files beside it that it needs, by their names.

    `read` gives the text of a name that was asked for at a place.

    Raises:
        SpecError: as `read` does, a preset is malformed, or it needs too many files.
    """
    found: dict[str, str] = {}
    waiting = [(name, Location(file=name))]
    while waiting:
        name, place = waiting.pop()
        if name in found:
            continue
        if len(found) == MAX_FILES:
            raise SpecError.at(place, f"needs more than {MAX_FILES} files", "put some of them together")
        found[name] = read(name, place)
        if is_preset(name):
            document = parse(found[name], name)
            waiting += [(beside(name, relative, at), at) for relative, at in references(document)]
    return found


def is_preset(name: str) -> bool:
    """Whether a file is a preset, by its name; others are templates."""
    source = parse_source(name) if is_remote(name) else None
    return isinstance(source, HttpsSource) or (name if source is None else source.path).endswith(_YAML)
