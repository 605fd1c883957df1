"""Arguments, printing and exit codes. Decisions are made in `generator.pipeline`."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from generator import __version__
from generator.errors import EXIT_STALE, EXIT_USAGE, SpecError

_EPILOG = """exit codes:
  0  everything is up to date, or has been written
  1  --check found a missing or stale file
  2  the spec, a preset or the call is wrong; nothing has been written"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gen-dockerfiles",
        description="Write the Dockerfiles, ignore files and Compose file that services.yaml describes.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="write nothing; list what is missing or stale")
    parser.add_argument("--diff", action="store_true", help="print a unified diff of each change")
    parser.add_argument("--force", action="store_true", help="replace files that were written by hand")
    parser.add_argument("-f", "--file", metavar="FILE", default="services.yaml", help="the spec (%(default)s)")
    parser.add_argument("-C", "--directory", metavar="DIR", type=Path, default=Path(), help="the repository (.)")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with `argv` (without the program's name) and give its exit code."""
    options = _parser().parse_args(argv)
    try:
        return _run(options)
    except SpecError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output (`| head`) has gone; there is nobody left to tell.
        sys.stdout = None  # else the interpreter fails once more while it flushes
        return EXIT_USAGE


def _run(options: argparse.Namespace) -> int:
    # Imported here: reading YAML is most of the start of a check, and --help and --version need none of it.
    from generator.output.write import write
    from generator.pipeline import plan

    planned = plan(options.directory, options.file, force=options.force)
    changes = planned.changes
    for warning in planned.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    if options.diff:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # A patch holds the bytes of the files, whatever the terminal's encoding is.
            sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
        for change in changes:
            sys.stdout.writelines(change.diff())
    if not options.check:
        write(options.directory, changes)
    for change in changes:
        verb = "write" if change.old is None else "update"
        print(f"stale: {change.path}" if options.check else f"{verb}: {change.path}")
    if options.check and changes:
        print(f"{len(changes)} of the generated files are stale; run gen-dockerfiles", file=sys.stderr)
        return EXIT_STALE
    return 0
