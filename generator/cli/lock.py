"""`gen-dockerfiles lock`: pin every image to its digest."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Mapping

from generator.layers.library import Library
from generator.lockfile.pins import LOCK, ImagePin
from generator.output.compare import changes
from generator.output.write import write
from generator.pipeline import plan, resolve_spec
from generator.render.tree import paths
from generator.text.errors import Location, SpecError
from generator.usecases import digests


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to look up again."""
    parser.add_argument(
        "--upgrade",
        metavar="IMAGE",
        nargs="?",
        const="*",
        help="look pinned images up again: all, or the one with this reference",
    )


def run(options: argparse.Namespace) -> int:
    """Look up what is missing, take back what an update bot has changed, and write the files that follow."""
    root, library = options.directory, Library(options.directory)
    resolved, pins = resolve_spec(root, options.file, library=library), library.pins
    wanted = digests.references(resolved.values, pins.images)
    if options.upgrade not in (None, "*", *wanted):
        raise SpecError.at(
            Location(file=options.upgrade),
            "is not an image of this project",
            f"use one of {', '.join(wanted)}",
            code="image-unknown",
        )
    found = digests.bumped(root, resolved.values, paths(resolved.values), pins.images)
    taken = {reference: digest for _, reference, digest in found}
    upgraded = wanted if options.upgrade == "*" else [options.upgrade]
    images = {reference: _pin(reference, pins.images, taken, reference in upgraded) for reference in wanted}
    write(root, changes(root, {LOCK: pins.with_images(images).dump()}, force=True))
    for change in (planned := plan(root, options.file, keep_bumps=False).changes):
        print(change)
    write(root, planned)
    return 0


def _pin(reference: str, pins: Mapping[str, ImagePin], taken: Mapping[str, str], upgrade: bool) -> ImagePin:
    """The pin of one image from now on, told if anything of it is new.

    A digest that was looked up again and is the same gets the day all the same: that is when the registry was asked.
    """
    known = pins.get(reference)
    if known is not None and reference not in taken and not upgrade:
        return known
    today = datetime.datetime.now(tz=datetime.UTC).date()
    digest = taken.get(reference) or digests.look_up(reference)
    same = known is not None and known.digest == digest
    print(f"{'take back' if reference in taken else 'unchanged' if same else 'pin'}: {reference}@{digest}")
    return known.renewed(digest, today) if known is not None else ImagePin(digest=digest, date=today)
