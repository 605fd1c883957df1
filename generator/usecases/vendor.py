"""Vendor a remote preset, or another version of it: plan what would change; the caller shows and writes it."""

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
from generator.sources.source import GitSource, Source, form_wanted, parse_source
from generator.text.documents import Document, parse, read_text
from generator.text.errors import Location, SpecError
from generator.usecases.edit import add_preset, replace_preset
from generator.usecases.reachable import (
    direct_presets,
    fetch_with_references,
    presets_in_spec,
    reachable_presets,
    vendored_with,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class VendorPlan:
    """What vendoring a preset changes.

    Attributes:
        inputs: Changes of the spec, the vendored files and the lock file.
        generated: Changes of the generated files that follow from these.
    """

    inputs: list[Change]
    generated: list[Change]


def source_of(name: str) -> Source:
    """Parse the name of a remote source. Raises SpecError when it is none."""
    source = parse_source(name)
    if source is None:
        raise SpecError.at(
            Location(file=name), "is not a source of a preset", form_wanted(name), code="source-malformed"
        )
    return source


def add(root: Path, spec: str, source: Source) -> VendorPlan:
    """Plan to vendor `source` with the files it refers to, and to name it in the spec unless that names it already.

    Raises:
        SpecError: it cannot be fetched, is no preset, or a tag has moved since it was pinned.
    """
    text, document = _read_spec(root, spec)
    if str(source) not in presets_in_spec(document):
        text = add_preset(document, text, str(source))
    return _plan(root, spec, text, str(source), source)


def update(root: Path, spec: str, name: str, *, to: str = "") -> VendorPlan:
    """Plan to replace the preset `name` and the files it refers to by another version.

    The version is the ref `to`; without it the newest version tag, or the newest commit of the branch.

    Raises:
        SpecError: the preset was not added directly, cannot be fetched, is no preset, or a tag has moved since it was
            pinned.
    """
    text, document = _read_spec(root, spec)
    source = _direct_source(Pins.load(root), document, name)
    target = source.at(to or _newest_ref(source))
    if parse_source(str(target)) is None:
        raise SpecError.at(Location(file=to), "is not a ref", "name a tag, a branch or a commit", code="ref-malformed")
    return _plan(root, spec, replace_preset(document, text, name, str(target)), name, target)


def updatable(root: Path, spec: str) -> list[str]:
    """Return the presets from git that were added directly, which are those that `update` accepts.

    Raises:
        SpecError: the spec cannot be read, or the lock file is malformed.
    """
    _, document = _read_spec(root, spec)
    return [name for name in direct_presets(Pins.load(root), document) if isinstance(parse_source(name), GitSource)]


def _read_spec(root: Path, spec: str) -> tuple[str, Document]:
    """Read the spec: its text, which is edited in place, and the parsed document."""
    text = read_text(root / spec, spec, fix="write it (docs/spec.md)")
    return text, parse(text, spec)


def _direct_source(pins: Pins, spec: Document, name: str) -> GitSource:
    """Return the source of a pinned preset. Raises SpecError unless it is from git and was added directly."""
    source, direct = parse_source(name), direct_presets(pins, spec)
    if name not in pins.pins or not isinstance(source, GitSource):
        known = ", ".join(direct) or "none is; add one with: gen-dockerfiles presets add SOURCE"
        message, fix = f"has no git preset {name}", f"use one of those that are pinned: {known}"
        raise SpecError.at(Location(file=LOCK), message, fix, code="preset-not-pinned")
    if name not in direct:
        owners = [owner for owner in direct if name in vendored_with(pins, [owner])]
        message, fix = f"{name} is pinned with the preset that names it", f"update that one: {', '.join(owners)}"
        raise SpecError.at(Location(file=LOCK), message, fix, code="preset-not-pinned")
    return source


def _newest_ref(source: GitSource) -> str:
    """Return the newest tag that is a version if the source's ref is a version; else its ref, maybe a branch."""

    def version(tag: str) -> Version | None:
        try:
            return Version(tag)
        except InvalidVersion:
            return None

    if version(source.ref) is None:
        return source.ref
    usable = [tag for tag in tags(source) if parse_source(str(source.at(tag))) is not None]
    releases = {tag: parsed for tag in usable if (parsed := version(tag)) is not None and not parsed.is_prerelease}
    return max(releases, key=lambda tag: releases[tag], default=source.ref)


def _refuse_moved_tag(pins: Pins, fetched: Mapping[Source, Fetched]) -> None:
    """Raise SpecError if a fetched file is pinned at the same tag and another commit."""
    for source, one in fetched.items():
        pin = pins.pins.get(str(source))
        if pin is None or not isinstance(source, GitSource) or pin.commit == one.commit:
            continue
        if is_branch(source):
            return  # a branch may move; all of `fetched` has the same ref
        message = f"the tag {source.ref} has moved: it was {pin.commit[:12]} and is {one.commit[:12]}"
        fix = f"ask its owners; if it is meant, remove all entries of this tag from {LOCK}, and add it again"
        raise SpecError.at(Location(file=str(source)), message, fix, code="tag-moved")


def _presets_of_same_ref(pins: Pins, spec: Document, source: Source) -> list[GitSource]:
    """Return the other presets that are pinned at the ref of `source`.

    The ref may be a branch that has moved, and files that the presets share have to be of one commit.
    """
    if not isinstance(source, GitSource):
        return []
    names = reachable_presets(pins, spec).intersection(direct_presets(pins, spec))
    known = [one for name in sorted(names) if isinstance(one := parse_source(name), GitSource)]
    return [one for one in known if one != source and one == source.file(one.path)]


def _plan(root: Path, spec: str, text: str, old: str, source: Source) -> VendorPlan:
    """Plan everything that changes when `source` replaces `old` and the text of the spec becomes `text`.

    `old` may be the name of `source` itself.
    """
    pins, document = Pins.load(root), parse(text, spec)
    same_ref = _presets_of_same_ref(pins, document, source)
    fetched = fetch_with_references(source, same_ref)
    _refuse_moved_tag(pins, fetched)
    replaced = {old, *vendored_with(pins, [old, *map(str, same_ref)])}
    others = pins.pins.keys() - replaced
    fresh = pins.with_fetched(fetched)
    needed = reachable_presets(fresh, document) | vendored_with(fresh, others)
    after = pins.without(replaced - needed).with_fetched(fetched)
    files: dict[str, str | None] = {after.pins[str(one)].file: fetched[one].text for one in fetched}
    inputs = changes(root, {**files, spec: text, LOCK: after.dump()}, force=True)
    kept = {pin.file for pin in after.pins.values()}
    # Removed last: as long as the old files exist, an interrupted run can be repeated.
    inputs += changes(root, {pin.file: None for pin in pins.pins.values() if pin.file not in kept}, force=True)
    planned = plan(root, spec, text=text, library=Library(root, pins=after))
    return VendorPlan(inputs=inputs, generated=planned.changes)
