"""A preset with the files beside it: fetched together, and found again among what is vendored."""

from __future__ import annotations

from collections.abc import Iterable

from generator.layers.library import Library
from generator.lockfile.pins import Pins
from generator.sources.beside import beside, is_relative, listed, references, source_beside
from generator.sources.fetch import Fetched, fetch, snapshot
from generator.sources.source import GitSource, HttpsSource, Source
from generator.text.documents import Document, parse
from generator.text.errors import Location, SpecError

# Nobody reviews more files at once, and the fetch has to end.
MAX_FILES = 100


def gather(source: Source, others: Iterable[GitSource] = ()) -> dict[Source, Fetched]:
    """The file of `source`, and every file beside it that it names, directly or through another: all of one commit.

    `others` are presets of the same repository and ref, which are gathered with it.

    Raises:
        SpecError: one of them cannot be had, reported where it is named; or there are too many.
    """
    if isinstance(source, HttpsSource):
        fetched = fetch(source)
        for reference in references(parse(fetched.text, str(source))):
            source_beside(source, reference)  # which says why there is none
        return {source: fetched}
    found: dict[Source, Fetched] = {}
    waiting = [(one, Location(file=str(one)), True) for one in (*others, source)]
    with snapshot(source) as files:
        while waiting:
            one, asked_at, preset = waiting.pop()
            if one in found:
                continue
            if len(found) == MAX_FILES:
                message = f"names more than {MAX_FILES} files beside it, directly or through others"
                raise SpecError.at(Location(file=str(source)), message, "merge some of them", code="preset-files")
            found[one] = files.read(one.path, asked_at)
            for reference in references(parse(found[one].text, str(one))) if preset else ():
                waiting.append((source_beside(one, reference), reference.place, reference.preset))
    return found


def brought(pins: Pins, names: Iterable[str]) -> set[str]:
    """What is pinned because one of the presets `names` has it beside it, directly or through another."""
    library, found, waiting = Library(pins.root, pins=pins), set[str](), list(names)
    while waiting:
        for name in _beside(library, waiting.pop()):
            if name in pins.pins and name not in found:
                found.add(name)
                waiting.append(name)
    return found


def owned(pins: Pins, spec: Document) -> list[str]:
    """The pinned presets that are named for themselves: in the spec, or by nothing that has them beside it."""
    own, others = named(spec), brought(pins, pins.pins)
    return [name for name in pins.pins if name in own or name not in others]


def reached(pins: Pins, spec: Document) -> set[str]:
    """What the spec needs of all that is pinned."""
    library, found, waiting = Library(pins.root, pins=pins), set[str](), [*named(spec)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [*_beside(library, name), *_extended(library, name)]
    return found & pins.pins.keys()


def named(spec: Document) -> set[str]:
    """The names in the lists of presets of a spec: the project's, and those of its services."""
    services = spec.data.get("services")
    owners = [spec.data, *(services.values() if isinstance(services, dict) else ())]
    return {name for owner in owners if isinstance(owner, dict) for _, name in listed(owner.get("presets"))}


def _beside(library: Library, name: str) -> list[str]:
    """The files beside a preset; none where it is no preset, is missing or malformed, which others report."""
    try:
        document = library.load(name, Location(file=name))
        return [beside(document.source, reference) for reference in references(document)]
    except SpecError:
        return []


def _extended(library: Library, name: str) -> list[str]:
    """The presets that a preset extends by names of their own."""
    document = library.loaded.get(name)
    extends = document.data.get("extends") if document else None
    return [other for _, other in listed(extends) if not is_relative(other)]
