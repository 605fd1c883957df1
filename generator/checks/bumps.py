"""Digests that an update bot has put into generated files, and that the lock file does not know yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.layers.resolve import Resolved
from generator.lockfile.pin import LOCK
from generator.lockfile.pins import Pins
from generator.text.digest import IMAGE_DIGEST
from generator.text.errors import Finding, Location, SpecError
from generator.text.files import MAX_BYTES
from generator.text.reading import read_bytes

# A reference with a digest, where a Dockerfile or a Compose file names an image. Update bots write these.
_PINNED = re.compile(rf'^(?:FROM | *image: "?)(?P<reference>[^\s"@]+)@(?P<digest>{IMAGE_DIGEST})', re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bump:
    """A pinned image that a generated file has with another digest, and the place of that digest."""

    location: Location
    reference: str
    digest: str


def bumps(root: Path, resolved: Resolved, paths: Iterable[str], pins: Pins) -> Iterator[Bump]:
    """Find the digests in the generated files at `paths` that neither the lock file nor the project knows.

    One that the lock file has replaced makes the file stale, no more: the lock file was pulled without that file.
    """
    given = {(use.reference, use.digest) for service in resolved.services.values() for use in service.images}
    for path in paths if pins.images else ():
        try:
            text = read_bytes(root / path, path, limit=MAX_BYTES).decode("utf-8")
        except (OSError, UnicodeDecodeError, SpecError):
            continue  # comparing it tells what is wrong
        for match in _PINNED.finditer(text):
            reference, digest = match["reference"], match["digest"]
            pin = pins.images.get(reference)
            if pin is not None and digest not in (pin.digest, *pin.replaced) and (reference, digest) not in given:
                location = Location.in_text(path, text, match.start("digest"))
                yield Bump(location=location, reference=reference, digest=digest)


def unknown_bumps(root: Path, resolved: Resolved, paths: Iterable[str], pins: Pins) -> Iterator[Finding]:
    """Report each bump with the command that takes it into the lock file: a run would write over it."""
    found = [*bumps(root, resolved, paths, pins)]
    disagreeing = {first.reference for first, _ in _pairs(found)}
    yield from disagreements(found)
    for bump in found:
        if bump.reference not in disagreeing:
            yield Finding(
                location=bump.location,
                message=f"has another digest of {bump.reference} than {LOCK}",
                fix="take it into the lock file with: gen-dockerfiles lock",
                code="digest-bumped",
            )


def disagreements(found: Iterable[Bump]) -> Iterator[Finding]:
    """Report each bump of an image that an earlier generated file has with another digest: the lock file keeps one."""
    for first, bump in _pairs(found):
        yield Finding(
            location=bump.location,
            message=f"has another digest of {bump.reference} than {first.location}, and {LOCK} has neither",
            fix=f"write one of them in both places: {first.digest} or {bump.digest}; then: gen-dockerfiles lock",
            code="digests-disagree",
        )


def _pairs(found: Iterable[Bump]) -> Iterator[tuple[Bump, Bump]]:
    """Yield each bump whose digest is not that of the first one of its image, with that one."""
    firsts: dict[str, Bump] = {}
    for bump in found:
        if bump.digest != (first := firsts.setdefault(bump.reference, bump)).digest:
            yield first, bump
