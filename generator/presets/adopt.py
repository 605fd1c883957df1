"""Taking a remote preset into a repository, or another version of it: what would change, then the change itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator.errors import Location, SpecError
from generator.output.compare import Change, changes
from generator.pipeline import plan
from generator.presets.document import parse, read
from generator.presets.edit import add_preset, replace_preset
from generator.presets.fetch import Fetched, fetch, is_branch, tags
from generator.presets.pins import LOCK, Pins, vendored
from generator.presets.source import FORMS, GitSource, Source, parse_source


@dataclass(frozen=True, kw_only=True, slots=True)
class Adoption:
    """What a preset brings.

    Attributes:
        own: Changes of the spec, the vendored preset and the lock file.
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
    """Vendor `source` and name it in the spec, if it is not there already.

    Raises:
        SpecError: it cannot be fetched, is no preset, or a tag has moved since it was pinned.
    """
    document = read(root / spec, spec, fix="write it (docs/spec.md)")
    text = (root / spec).read_text(encoding="utf-8")
    pins = Pins.load(root)
    fetched = fetch(source)
    _refuse_moved(source, pins, fetched)
    if str(source) not in text:
        text = add_preset(document, text, str(source))
    return _adoption(root, spec, text, pins.with_pin(source, fetched), source, fetched)


def update(root: Path, spec: str, name: str, *, to: str = "") -> Adoption:
    """Fetch the preset `name` anew: at the ref `to`, at the newest version tag, or at its branch.

    Raises:
        SpecError: it is not pinned, cannot be fetched, is no preset, or a tag has moved since it was pinned.
    """
    pins = Pins.load(root)
    source = parse_source(name)
    if name not in pins.pins or not isinstance(source, GitSource):
        known = ", ".join(pins.pins) or "none is; add one with: gen-dockerfiles presets add SOURCE"
        raise SpecError.at(
            Location(file=LOCK), f"has no git preset {name}", f"use one of those that are pinned: {known}"
        )
    target = source.at(to or _newest(source))
    document = read(root / spec, spec, fix="write it (docs/spec.md)")
    text = replace_preset(document, (root / spec).read_text(encoding="utf-8"), name, str(target))
    fetched = fetch(target)
    _refuse_moved(target, pins, fetched)
    return _adoption(root, spec, text, pins.without(name).with_pin(target, fetched), target, fetched)


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
    found = {tag: parsed for tag in tags(source) if (parsed := version(tag)) is not None and not parsed.is_prerelease}
    return max(found, key=lambda tag: found[tag], default=source.ref)


def _refuse_moved(source: Source, pins: Pins, fetched: Fetched) -> None:
    pin = pins.pins.get(str(source))
    if pin is None or not isinstance(source, GitSource) or pin.commit == fetched.commit or is_branch(source):
        return
    message = f"the tag {source.ref} has moved: it was {pin.commit[:12]} and is {fetched.commit[:12]}"
    fix = f"ask its owners; if it is meant, remove the entry from {LOCK} and add it again"
    raise SpecError.at(Location(file=str(source)), message, fix)


def _adoption(root: Path, spec: str, text: str, pins: Pins, source: Source, fetched: Fetched) -> Adoption:
    parse(fetched.text, str(source))
    own = changes(root, {spec: text, vendored(source): fetched.text, LOCK: pins.dump()}, force=True)
    planned = plan(root, spec, text=text, vendored={str(source): fetched.text})
    return Adoption(own=own, generated=planned.changes)
