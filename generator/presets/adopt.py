"""Taking a remote preset into a repository, or another version of it: what would change, then the change itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.errors import Location, SpecError
from generator.output.compare import Change, changes, removals
from generator.pipeline import plan
from generator.presets.beside import beside, is_preset, references
from generator.presets.document import Document, parse, read
from generator.presets.edit import add_preset, replace_preset
from generator.presets.fetch import Fetched, fetch, is_branch, tags
from generator.presets.library import Library
from generator.presets.pins import LOCK, Pin, Pins, vendored
from generator.presets.resolve import resolve
from generator.presets.source import FORMS, GitSource, Source, parse_source


@dataclass(frozen=True, kw_only=True, slots=True)
class Adoption:
    """What a preset brings.

    Attributes:
        own: Changes of the spec, the vendored files and the lock file.
        generated: Changes of the generated files that follow.
    """

    own: list[Change]
    generated: list[Change]


def source_of(name: str) -> Source:
    """The remote source called `name`. Raises SpecError when it is none."""
    source = parse_source(name)
    if source is None:
        raise SpecError.at(Location(file=name), "is not a source of a preset", f"write {FORMS}")
    return source


def add(root: Path, spec: str, source: Source) -> Adoption:
    """Vendor `source` with what is beside it, and name it in the spec, if it is not there already.

    Raises:
        SpecError: it cannot be fetched, is no preset, or a tag has moved since it was pinned.
    """
    document = read(root / spec, spec, fix="write it (docs/spec.md)")
    text = (root / spec).read_text(encoding="utf-8")
    pins = Pins.load(root)
    fetched = fetch(source)
    _refuse_moved(source, pins, fetched[str(source)])
    if str(source) not in text:
        text = add_preset(document, text, str(source))
    return _adoption(root, spec, text, pins, fetched)


def beside_pinned(pins: Pins) -> dict[str, list[str]]:
    """The vendored presets from git, each with the files that it has brought along.

    Raises:
        SpecError: one of them was changed.
    """
    presets = [name for name in pins.pins if isinstance(parse_source(name), GitSource) and is_preset(name)]
    return {name: _beside(parse(pins.text(name, Location(file=LOCK)), name), name) for name in presets}


def roots(pins: Pins) -> list[str]:
    """The vendored presets from git that no other one has brought along. Raises SpecError as `beside_pinned` does."""
    found = beside_pinned(pins)
    brought = {other for others in found.values() for other in others}
    return [name for name in found if name not in brought]


def update(root: Path, spec: str, names: Sequence[str], *, to: str = "") -> Adoption:
    """Fetch presets of one repository anew: at the ref `to`, at the newest version tag, or at their branch.

    Raises:
        SpecError: one is not pinned, cannot be fetched, is no preset, or a tag has moved since it was pinned.
    """
    pins = Pins.load(root)
    text = (root / spec).read_text(encoding="utf-8")
    fetched: dict[str, Fetched] = {}
    for name in names:
        source = parse_source(name)
        if name not in pins.pins or not isinstance(source, GitSource):
            known = ", ".join(roots(pins)) or "none is; add one with: gen-dockerfiles presets add SOURCE"
            fix = f"use one of those that are pinned: {known}"
            raise SpecError.at(Location(file=LOCK), f"has no git preset {name}", fix)
        target = source.at(to or _newest(source))
        if parse_source(str(target)) is None:
            raise SpecError.at(Location(file=to), "is not a ref", "name a tag, a branch or a commit")
        found = fetch(target)
        _refuse_moved(target, pins, found[str(target)])
        fetched |= found
        for file in found:
            before = str(source.with_path(_path(file)))
            text = replace_preset(parse(text, spec), text, before, file)
    return _adoption(root, spec, text, pins, fetched)


def _newest(source: GitSource) -> str:
    """The newest tag that is a version, where the source names one; else its ref, which may be a branch."""
    from packaging.version import InvalidVersion, Version

    def version(tag: str) -> Version | None:
        try:
            return Version(tag)
        except InvalidVersion:
            return None

    if version(source.ref) is None:
        return source.ref
    usable = [tag for tag in tags(source) if parse_source(str(source.at(tag))) is not None]
    found = {tag: parsed for tag in usable if (parsed := version(tag)) is not None and not parsed.is_prerelease}
    return max(found, key=lambda tag: found[tag], default=source.ref)


def _refuse_moved(source: Source, pins: Pins, fetched: Fetched) -> None:
    pin = pins.pins.get(str(source))
    if pin is None or not isinstance(source, GitSource) or pin.commit == fetched.commit or is_branch(source):
        return
    message = f"the tag {source.ref} has moved: it was {pin.commit[:12]} and is {fetched.commit[:12]}"
    fix = f"ask its owners; if it is meant, remove the entry from {LOCK} and add it again"
    raise SpecError.at(Location(file=str(source)), message, fix)


def _adoption(root: Path, spec: str, text: str, pins: Pins, fetched: Mapping[str, Fetched]) -> Adoption:
    texts = {name: one.text for name, one in fetched.items()}
    new = {
        name: Pin(file=vendored(_source(name)), sha256=one.sha256, commit=one.commit) for name, one in fetched.items()
    }
    library = Library(root, texts)
    resolve(parse(text, spec), library)
    needed = {*fetched, *library.loaded()}
    needed |= {other for name, document in library.loaded().items() for other in _beside(document, name)}
    repositories = {_repository(name) for name in fetched}
    kept = {name: pin for name, pin in pins.pins.items() if name in needed or _repository(name) not in repositories}
    now = pins.with_presets({**kept, **new})
    files = {pin.file: fetched[name].text for name, pin in new.items()}
    own = changes(root, {spec: text, **files, LOCK: now.dump()}, force=True)
    own += removals(root, {pin.file for pin in pins.pins.values()} - {pin.file for pin in now.pins.values()})
    planned = plan(root, spec, text=text, vendored=texts)
    return Adoption(own=own, generated=planned.changes)


def _path(name: str) -> str:
    source = _source(name)
    return source.path if isinstance(source, GitSource) else ""


def _beside(document: Document, name: str) -> list[str]:
    return [beside(name, relative, place) for relative, place in references(document)]


def _source(name: str) -> Source:
    source = parse_source(name)
    assert source is not None, "what was fetched has a source"
    return source


def _repository(name: str) -> str:
    return _source(name).url
