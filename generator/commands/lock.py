"""`gen-dockerfiles lock`: pin every image to its digest."""

from __future__ import annotations

import argparse

HELP = "pin every image to its digest, in gen-dockerfiles.lock"


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
    import datetime

    from generator.errors import Location, SpecError
    from generator.output.compare import changes
    from generator.output.write import write
    from generator.pipeline import plan, resolve_spec
    from generator.presets.digests import bumped, look_up, references
    from generator.presets.pins import LOCK, ImagePin, Pins
    from generator.render.tree import paths

    root, today = options.directory, datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    resolved = resolve_spec(root, options.file)
    pins = Pins.load(root)
    wanted = references(resolved.values, pins.images)
    if options.upgrade not in (None, "*", *wanted):
        raise SpecError.at(
            Location(file=options.upgrade), "is not an image of this project", f"use one of {', '.join(wanted)}"
        )
    taken = {reference: digest for _, reference, digest in bumped(root, paths(resolved.values), pins.images)}
    images: dict[str, ImagePin] = {}
    for reference in wanted:
        known = pins.images.get(reference)
        if reference in taken:
            images[reference] = ImagePin(digest=taken[reference], date=today)
            print(f"take back: {reference}@{taken[reference]}")
        elif known is not None and options.upgrade not in ("*", reference):
            images[reference] = known
        else:
            digest = look_up(reference)
            images[reference] = (
                known if known is not None and known.digest == digest else ImagePin(digest=digest, date=today)
            )
            if images[reference] is not known:
                print(f"pin: {reference}@{digest}")
    write(root, changes(root, {LOCK: pins.with_images(images).dump()}, force=True))
    for change in (planned := plan(root, options.file, keep_bumps=False).changes):
        print(change)
    write(root, planned)
    return 0
