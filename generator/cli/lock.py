"""`gen-dockerfiles lock`: pin every image to its digest."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.lockfile.pins import ImagePin

HELP = "pin every image to its digest, in gen-dockerfiles.lock"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lock`."""
    parser.add_argument(
        "--upgrade",
        metavar="IMAGE",
        nargs="?",
        const="*",
        help="look pinned images up again: all, or the one with this reference",
    )


def run(options: argparse.Namespace) -> int:
    """Look up missing digests, take over digests that an update bot has written, and write the changed files."""
    from generator.layers.library import Library
    from generator.lockfile.pins import LOCK
    from generator.output.compare import changes
    from generator.output.write import write
    from generator.pipeline import plan, resolve_spec
    from generator.render.tree import paths
    from generator.text.errors import Location, SpecError
    from generator.usecases.digests import bumped, references

    root, library = options.directory, Library(options.directory)
    resolved, pins = resolve_spec(root, options.file, library=library), library.pins
    wanted = references(resolved.values, pins.images)
    if options.upgrade not in (None, "*", *wanted):
        raise SpecError.at(
            Location(file=options.upgrade),
            "is not an image of this project",
            f"use one of {', '.join(wanted)}",
            code="image-unknown",
        )
    by_bot = bumped(root, resolved.values, paths(resolved.values), pins.images)
    taken = {reference: digest for _, reference, digest in by_bot}
    upgraded = wanted if options.upgrade == "*" else [options.upgrade]
    images = {reference: _pin(reference, pins.images, taken, reference in upgraded) for reference in wanted}
    write(root, changes(root, {LOCK: pins.with_images(images).dump()}, force=True))
    for change in (planned := plan(root, options.file, keep_bumps=False).changes):
        print(change)
    write(root, planned)
    return 0


def _pin(reference: str, pins: Mapping[str, ImagePin], taken: Mapping[str, str], upgrade: bool) -> ImagePin:
    """Return the new pin of one image, and print it unless the old pin is kept.

    The date is renewed even if the digest is unchanged: it is the day of the last look-up.
    """
    import datetime

    from generator.lockfile.pins import ImagePin
    from generator.usecases.digests import look_up

    known = pins.get(reference)
    if known is not None and reference not in taken and not upgrade:
        return known
    today = datetime.datetime.now(tz=datetime.UTC).date()
    digest = taken.get(reference) or look_up(reference)
    same = known is not None and known.digest == digest
    print(f"{'take over' if reference in taken else 'unchanged' if same else 'pin'}: {reference}@{digest}")
    return known.renewed(digest, today) if known is not None else ImagePin(digest=digest, date=today)
