"""Which files belong to a preset: fetch it together with them, and find them again among the pinned files."""

from __future__ import annotations

from collections.abc import Iterable

from generator.layers.library import Library
from generator.lockfile.pins import Pins
from generator.sources.fetch import Fetched, fetch, snapshot
from generator.sources.relative import (
    is_relative,
    preset_names,
    relative_references,
    resolve_relative,
    resolve_source,
)
from generator.sources.source import GitSource, HttpsSource, Source
from generator.text.documents import Document, parse
from generator.text.errors import Location, SpecError
from generator.text.processes import size

# Nobody reviews more at once, and the fetch has to end.
MAX_FILES = 100
MAX_CHARACTERS = 20_000_000


def fetch_with_references(source: Source, others: Iterable[GitSource] = ()) -> dict[Source, Fetched]:
    """Fetch the file of `source` and the files that it refers to by relative paths, directly or through another.

    All files are of one commit. `others` are presets of the same repository and ref, which are fetched along with it.

    Raises:
        SpecError: a file cannot be fetched (reported where it is referred to), or they are more than MAX_FILES or
            have more than MAX_CHARACTERS in all.
    """
    if isinstance(source, HttpsSource):
        fetched = fetch(source)
        for reference in relative_references(parse(fetched.text, str(source))):
            resolve_source(source, reference)  # raises: an address has no repository around it
        return {source: fetched}
    files, total = dict[Source, Fetched](), 0
    queue = [(one, Location(file=str(one)), True) for one in (*others, source)]
    with snapshot(source) as commit:
        while queue:
            one, asked_at, is_preset = queue.pop()
            if one in files:
                continue
            if len(files) == MAX_FILES:
                message = f"refers to more than {MAX_FILES} files, directly or through others"
                raise SpecError.at(Location(file=str(source)), message, "merge some of them", code="preset-too-large")
            files[one] = commit.read(one.path, asked_at)
            total += len(files[one].text)
            if total > MAX_CHARACTERS:
                message = f"has more than {size(MAX_CHARACTERS)} with the files that it refers to"
                raise SpecError.at(Location(file=str(source)), message, "make them smaller", code="preset-too-large")
            for reference in relative_references(parse(files[one].text, str(one))) if is_preset else ():
                queue.append((resolve_source(one, reference), reference.place, reference.preset))
    return files


def vendored_with(pins: Pins, names: Iterable[str]) -> set[str]:
    """Return what is pinned because a preset of `names` refers to it by a relative path, directly or indirectly."""
    library, result, queue = Library(pins.root, pins=pins), set[str](), list(names)
    while queue:
        for name in _referenced(library, queue.pop()):
            if name in pins.pins and name not in result:
                result.add(name)
                queue.append(name)
    return result


def direct_presets(pins: Pins, spec: Document) -> list[str]:
    """Return the pinned presets that were added directly: those in the spec, and those that no other refers to."""
    in_spec, indirect = presets_in_spec(spec), vendored_with(pins, pins.pins)
    return [name for name in pins.pins if name in in_spec or name not in indirect]


def reachable_presets(pins: Pins, spec: Document) -> set[str]:
    """Return the pinned files that the spec needs, directly or through a preset."""
    library, visited, queue = Library(pins.root, pins=pins), set[str](), [*presets_in_spec(spec)]
    while queue:
        name = queue.pop()
        if name not in visited:
            visited.add(name)
            queue += [*_referenced(library, name), *_extended_by_name(library, name)]
    return visited & pins.pins.keys()


def presets_in_spec(spec: Document) -> set[str]:
    """Return the names in a spec's lists of presets: the project's, and those of its services."""
    services = spec.data.get("services")
    owners = [spec.data, *(services.values() if isinstance(services, dict) else ())]
    return {name for owner in owners if isinstance(owner, dict) for _, name in preset_names(owner.get("presets"))}


def _referenced(library: Library, name: str) -> list[str]:
    """Return the files that a preset refers to by relative paths.

    The list is empty for what is no preset, is missing or malformed: other code reports these.
    """
    try:
        document = library.load(name, Location(file=name))
        return [resolve_relative(document.source, reference) for reference in relative_references(document)]
    except SpecError:
        return []


def _extended_by_name(library: Library, name: str) -> list[str]:
    """Return the presets that a preset extends by name, not by a relative path."""
    document = library.loaded.get(name)
    extends = document.data.get("extends") if document else None
    return [other for _, other in preset_names(extends) if not is_relative(other)]
