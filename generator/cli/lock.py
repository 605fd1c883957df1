"""`gen-dockerfiles lock`: pin every image to its digest, or ask whether the registries have the pinned ones."""

from __future__ import annotations

import argparse

from generator.cli.mend import mend
from generator.cli.output import warn
from generator.cli.tell import tell
from generator.layers.library import Library
from generator.lockfile.pin import LOCK
from generator.output.compare import changes
from generator.output.write import write
from generator.pipeline import plan
from generator.usecases.pin_images import ALL, pin_images
from generator.usecases.verify_images import verify_images


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lock`."""
    one = parser.add_mutually_exclusive_group()
    one.add_argument(
        "--upgrade",
        metavar="IMAGE",
        nargs="?",
        const=ALL,
        help="look pinned images up again: all, or the one with this reference",
    )
    one.add_argument(
        "--verify",
        action="store_true",
        help="ask each registry whether it has the pinned digest, and write nothing; for CI",
    )


def run(options: argparse.Namespace) -> int:
    """Look up missing digests, take over confirmed ones of update bots, and write the changed files, all or none."""
    root = options.directory
    if options.verify:
        tell(f"confirmed: {image}" for image in verify_images(root))
        return 0
    mend(root)
    new, pins = pin_images(root, options.file, options.upgrade)
    # All is worked out before anything is written: a project that cannot be generated gets no lock file either.
    planned = plan(root, options.file, library=Library(root, pins=pins), keep_bumps=False)
    for warning in planned.warnings:
        warn(f"warning: {warning}")
    write(root, [*changes(root, {LOCK: pins.dump()}, force=True), *planned.changes])
    tell([*(f"{one.how}: {one.reference}@{one.pin.digest}" for one in new), *map(str, planned.changes)])
    return 0
