"""Pin images for `gen-dockerfiles lock`: the digest of each image, and the new text of the lock file."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.checks.bumps import bumps, disagreements
from generator.engine.registry import confirm, look_up
from generator.layers.library import Library
from generator.layers.resolve import Resolved
from generator.lockfile.pin import ImagePin
from generator.lockfile.pins import Pins
from generator.pipeline import generated, resolve_spec
from generator.text.errors import Location, SpecError

ALL = "*"
"""Stands for every image that is pinned."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pinned:
    """An image whose pin is new, or was asked for again.

    Attributes:
        reference: The image without a digest.
        pin: Its pin from now on.
        how: `pin`, `take over` (from a generated file) or `unchanged`.
    """

    reference: str
    pin: ImagePin
    how: str


def pin_images(root: Path, spec: str, upgrade: str | None) -> tuple[list[Pinned], Pins]:
    """Look up the images that have no pin, and take those that an update bot has bumped and their registry confirms.

    `upgrade` names an image that is looked up again, or ALL. Returns the new pins, and all of them.

    Raises:
        SpecError: the spec cannot be read, `upgrade` is no image of the project, generated files have different new
            digests of one image, a registry does not answer, or it does not have a digest that a generated file has.
    """
    library = Library(root)
    resolved, pins = resolve_spec(root, spec, library=library), library.pins
    references = _references(resolved, pins.images)
    if upgrade not in (None, ALL, *references):
        fix = f"use one of {', '.join(references)}"
        raise SpecError.at(Location(file=str(upgrade)), "is not an image of this project", fix, code="image-unknown")
    found = [*bumps(root, resolved, generated(resolved), pins)]
    if disagreeing := [*disagreements(found)]:
        raise SpecError(*disagreeing)
    bumped = {bump.reference: bump.digest for bump in found}
    again = references if upgrade == ALL else [upgrade]
    new = [
        *_pinned(
            [one for one in references if one in bumped or one in again or one not in pins.images], pins.images, bumped
        )
    ]
    kept = {reference: pins.images[reference] for reference in references if reference in pins.images}
    images = {**kept, **{one.reference: one.pin for one in new}}
    return new, pins.with_images(images)


def _references(resolved: Resolved, pins: Mapping[str, ImagePin]) -> list[str]:
    """Return the references of images whose digest comes from the lock file, not from a service."""
    found = {
        use.reference
        for service in resolved.services.values()
        for use in service.images
        if not use.digest or (use.reference in pins and use.digest == pins[use.reference].digest)
    }
    return sorted(found)


def _pinned(references: Sequence[str], pins: Mapping[str, ImagePin], bumped: Mapping[str, str]) -> Iterator[Pinned]:
    """Pin each reference. Every digest gets today's date, changed or not: the registry was asked for it today."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    for reference in references:
        known = pins.get(reference)
        digest = confirm(reference, bumped[reference]) if reference in bumped else look_up(reference)
        same = known is not None and known.digest == digest
        how = "take over" if reference in bumped else "unchanged" if same else "pin"
        pin = known.renewed(digest, today) if known is not None else ImagePin(digest=digest, date=today)
        yield Pinned(reference=reference, pin=pin, how=how)
