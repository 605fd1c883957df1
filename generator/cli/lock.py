"""`gen-dockerfiles lock`: pin every image to its digest."""

from __future__ import annotations

import argparse

from generator.cli.output import say
from generator.lockfile.pins import LOCK
from generator.output.compare import changes
from generator.output.write import write
from generator.pipeline import plan
from generator.usecases.pin_images import ALL, pin_images


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lock`."""
    parser.add_argument(
        "--upgrade",
        metavar="IMAGE",
        nargs="?",
        const=ALL,
        help="look pinned images up again: all, or the one with this reference",
    )


def run(options: argparse.Namespace) -> int:
    """Look up missing digests, take over digests that an update bot has written, and write the changed files."""
    root = options.directory
    new, text = pin_images(root, options.file, options.upgrade)
    for one in new:
        say(f"{one.how}: {one.reference}@{one.pin.digest}")
    write(root, changes(root, {LOCK: text}, force=True))
    for change in (planned := plan(root, options.file, keep_bumps=False).changes):
        say(change)
    write(root, planned)
    return 0
