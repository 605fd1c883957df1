"""`gen-dockerfiles` without a command: write the files that changed, or list them with --check."""

from __future__ import annotations

import argparse
import io
import sys

from generator.cli.tell import tell
from generator.text.errors import EXIT_STALE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of a call without a command."""
    parser.add_argument("--check", action="store_true", help="write nothing; list what is missing or stale")
    parser.add_argument("--diff", action="store_true", help="print a unified diff of each change")
    parser.add_argument("--force", action="store_true", help="replace files that were written by hand")


def run(options: argparse.Namespace) -> int:
    """Write or check the generated files; return the exit code."""
    from generator.output.write import write  # noqa: PLC0415  # with the next one, 50 of 83 ms; --help needs neither
    from generator.pipeline import plan  # noqa: PLC0415

    planned = plan(options.directory, options.file, force=options.force)
    changes = planned.changes
    for warning in planned.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    if options.diff:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # A patch has to contain the bytes of the files, whatever the terminal's encoding is.
            sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
        for change in changes:
            sys.stdout.writelines(change.diff())
    if not options.check:
        write(options.directory, changes)
        tell(map(str, changes))
        return 0
    for change in changes:
        print(f"stale: {change.path}")
    if changes:
        print(f"{len(changes)} of the generated files are stale; run gen-dockerfiles", file=sys.stderr)
        return EXIT_STALE
    return 0
