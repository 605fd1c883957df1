"""Vendor a remote preset, or another version of it: plan what would change; the caller shows and writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.version import InvalidVersion, Version

from generator.layers.library import Library
from generator.lockfile.pin import LOCK
from generator.lockfile.pins import Pins
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
    before = Pins.load(root)
    return _plan(root, spec, text, before, _vendored(before, parse(text, spec), str(source), source))


def update(root: Path, spec: str, name: str = "", *, to: str = "") -> VendorPlan:
    """Plan to replace the preset `name` and the files it refers to by another version; without a name, all presets.

    The version is the ref `to`; without it the newest version tag, or the newest commit of the branch.

    Raises:
        SpecError: the preset was not added directly, cannot be fetched, is no preset, or a tag has moved since it was
            pinned; or there is none to update.
    """
    text, document = _read_spec(root, spec)
    before = pins = Pins.load(root)
    names = [name] if name else _updatable(pins, document)
    if not names:
        fix = "add one with: gen-dockerfiles presets add SOURCE"
        raise SpecError.at(Location(file=LOCK), "no git preset is pinned", fix, code="preset-not-pinned")
    for one in names:
        if not name and one not in _updatable(pins, document):
            continue  # the new version of another one has replaced it, or names it
        source = _direct_source(pins, document, one)
        target = source.at(to or _newest_ref(source))
        if parse_source(str(target)) is None:
            fix = "name a tag, a branch or a commit"
            raise SpecError.at(Location(file=to), "is not a ref", fix, code="ref-malformed")
        text = replace_preset(document, text, one, str(target))
        document = parse(text, spec)
        pins = _vendored(pins, document, one, target)
    return _plan(root, spec, text, before, pins)


def _updatable(pins: Pins, spec: Document) -> list[str]:
    """Return the presets from git that were added directly, which are those that `update` accepts."""
    return [name for name in direct_presets(pins, spec) if isinstance(parse_source(name), GitSource)]


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


def _vendored(pins: Pins, spec: Document, old: str, source: Source) -> Pins:
    """Return the pins after `source` has been fetched and has replaced `old`, in a spec that names it.

    `old` may be the name of `source` itself.
    """
    same_ref = _presets_of_same_ref(pins, spec, source)
    fetched = fetch_with_references(source, same_ref)
    _refuse_moved_tag(pins, fetched)
    replaced = {old, *vendored_with(pins, [old, *map(str, same_ref)])}
    others = pins.pins.keys() - replaced
    fresh = pins.with_fetched(fetched)
    needed = reachable_presets(fresh, spec) | vendored_with(fresh, others)
    return pins.without(replaced - needed).with_fetched(fetched)


def _plan(root: Path, spec: str, text: str, before: Pins, after: Pins) -> VendorPlan:
    """Plan everything that changes when the pins `before` become `after`, and the text of the spec becomes `text`."""
    files: dict[str, str | None] = {
        pin.file: after.texts[name] for name, pin in after.pins.items() if name in after.texts
    }
    if text != _read_spec(root, spec)[0]:
        files[spec] = text
    inputs = changes(root, {**files, LOCK: after.dump()}, force=True)
    kept = {pin.file for pin in after.pins.values()}
    # Removed last: as long as the old files exist, a killed run can be repeated.
    inputs += changes(root, {pin.file: None for pin in before.pins.values() if pin.file not in kept}, force=True)
    planned = plan(root, spec, text=text, library=Library(root, pins=after))
    return VendorPlan(inputs=inputs, generated=planned.changes)
