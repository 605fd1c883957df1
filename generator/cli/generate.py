"""`gen-dockerfiles` without a command: write the files that changed, or list them with --check."""

from __future__ import annotations

import argparse

from generator.cli.tell import tell
from generator.text.errors import EXIT_STALE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of a call without a command."""
    parser.add_argument("--check", action="store_true", help="write nothing; list what is missing or stale")
    parser.add_argument("--diff", action="store_true", help="print a unified diff of each change")
    parser.add_argument("--force", action="store_true", help="replace files that were written by hand")


def run(options: argparse.Namespace) -> int:
    """Write or check the generated files; return the exit code."""
    from generator.cli import output  # noqa: PLC0415  # the parts of a diff, which --help does not need
    from generator.cli.mend import mend, warn_of_killed  # noqa: PLC0415  # the same
    from generator.pipeline import plan  # noqa: PLC0415  # 50 of 83 ms, the same

    (warn_of_killed if options.check else mend)(options.directory)
    planned = plan(options.directory, options.file, force=options.force)
    changes = planned.changes
    for warning in planned.warnings:
        output.warn(f"warning: {warning}")
    if options.diff:
        output.show_diff(changes)
        output.flush()  # before anything is written: a patch that is lost is told in time
    if not options.check:
        from generator.output.write import write  # noqa: PLC0415  # 5 ms, which --check does not need

        write(options.directory, changes)
        tell(map(str, changes))
        return 0
    for change in changes:
        output.say(f"stale: {change.path}")
    if changes:
        output.warn(f"{len(changes)} of the generated files are stale; run gen-dockerfiles")
        return EXIT_STALE
    return 0
