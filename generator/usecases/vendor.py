"""Taking a remote preset into a repository, or another version of it: what would change, then the change itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.version import InvalidVersion, Version

from generator.layers.library import Library
from generator.lockfile.pins import LOCK, Pins
from generator.output.compare import Change, changes
from generator.pipeline import plan
from generator.sources.fetch import Fetched, is_branch, tags
from generator.sources.source import FORMS, GitSource, Source, parse_source
from generator.text.documents import Document, parse, read_text
from generator.text.errors import Location, SpecError
from generator.usecases.edit import add_preset, replace_preset
from generator.usecases.reachable import brought, gather, named, owned, reached


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
        raise SpecError.at(Location(file=name), "is not a source of a preset", f"write {FORMS}", code="preset-source")
    return source


def add(root: Path, spec: str, source: Source) -> Adoption:
    """Vendor `source` with what is beside it, and name it in the spec, if it is not there already.

    Raises:
        SpecError: it cannot be fetched, is no preset, or a tag has moved since it was pinned.
    """
    text, document = _spec(root, spec)
    if str(source) not in named(document):
        text = add_preset(document, text, str(source))
    return _adoption(root, spec, text, str(source), source)


def update(root: Path, spec: str, name: str, *, to: str = "") -> Adoption:
    """Fetch the preset `name` and what is beside it anew: at the ref `to`, the newest version tag, or its branch.

    Raises:
        SpecError: it is not pinned for itself, cannot be fetched, is no preset, or a tag has moved since it was pinned.
    """
    pins = Pins.load(root)
    text, document = _spec(root, spec)
    source, own = parse_source(name), owned(pins, document)
    if name not in pins.pins or not isinstance(source, GitSource):
        known = ", ".join(own) or "none is; add one with: gen-dockerfiles presets add SOURCE"
        raise SpecError.at(
            Location(file=LOCK),
            f"has no git preset {name}",
            f"use one of those that are pinned: {known}",
            code="preset-not-pinned",
        )
    if name not in own:
        owners = [owner for owner in own if name in brought(pins, [owner])]
        message = f"{name} is pinned with the preset that names it"
        raise SpecError.at(
            Location(file=LOCK), message, f"update that one: {', '.join(owners)}", code="preset-not-pinned"
        )
    target = source.at(to or _newest(source))
    if parse_source(str(target)) is None:
        raise SpecError.at(Location(file=to), "is not a ref", "name a tag, a branch or a commit", code="ref-malformed")
    return _adoption(root, spec, replace_preset(document, text, name, str(target)), name, target)


def updatable(root: Path, spec: str) -> list[str]:
    """The presets from git that `update` takes: not those that are pinned because another one has them beside it.

    Raises:
        SpecError: the spec cannot be read, or the lock file is malformed.
    """
    _, document = _spec(root, spec)
    return [name for name in owned(Pins.load(root), document) if isinstance(parse_source(name), GitSource)]


def _spec(root: Path, spec: str) -> tuple[str, Document]:
    """The text of the spec, which is edited by places in it, and what it says."""
    text = read_text(root / spec, spec, fix="write it (docs/spec.md)")
    return text, parse(text, spec)


def _newest(source: GitSource) -> str:
    """The newest tag that is a version, where the source names one; else its ref, which may be a branch."""

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


def _refuse_moved(pins: Pins, fetched: Mapping[Source, Fetched]) -> None:
    for source, one in fetched.items():
        pin = pins.pins.get(str(source))
        if pin is None or not isinstance(source, GitSource) or pin.commit == one.commit:
            continue
        if is_branch(source):
            return  # as is every other one, which are all of one ref
        message = f"the tag {source.ref} has moved: it was {pin.commit[:12]} and is {one.commit[:12]}"
        fix = f"ask its owners; if it is meant, remove all entries of this tag from {LOCK}, and add it again"
        raise SpecError.at(Location(file=str(source)), message, fix, code="tag-moved")


def _along(pins: Pins, spec: Document, source: Source) -> list[GitSource]:
    """The other presets from the same ref: it may be a branch, and what they share has to be of their commit too."""
    if not isinstance(source, GitSource):
        return []
    names = reached(pins, spec).intersection(owned(pins, spec))
    known = [one for name in sorted(names) if isinstance(one := parse_source(name), GitSource)]
    return [one for one in known if one != source and one == source.file(one.path)]


def _adoption(root: Path, spec: str, text: str, old: str, source: Source) -> Adoption:
    """Everything that changes when `source` comes for `old`, which may be the same, and the spec reads `text`."""
    pins, document = Pins.load(root), parse(text, spec)
    along = _along(pins, document, source)
    fetched = gather(source, along)
    _refuse_moved(pins, fetched)
    before = {old, *brought(pins, [old, *map(str, along)])}
    others = pins.pins.keys() - before
    fresh = pins.with_fetched(fetched)
    needed = reached(fresh, document) | brought(fresh, others)
    after = pins.without(before - needed).with_fetched(fetched)
    files: dict[str, str | None] = {after.pins[str(one)].file: fetched[one].text for one in fetched}
    own = changes(root, {**files, spec: text, LOCK: after.dump()}, force=True)
    kept = {pin.file for pin in after.pins.values()}
    # Last: while they are there, an interrupted run can be repeated.
    own += changes(root, {pin.file: None for pin in pins.pins.values() if pin.file not in kept}, force=True)
    planned = plan(root, spec, text=text, library=Library(root, pins=after))
    return Adoption(own=own, generated=planned.changes)
