"""The command line: parse arguments, print errors and return exit codes. Errors are printed nowhere else."""

from __future__ import annotations

import argparse
import gc
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from generator import __version__
from generator.cli import generate
from generator.text.errors import EXIT_USAGE, SpecError
from generator.text.masking import masked

_EPILOG = """exit codes:
  0  everything is up to date, or has been written
  1  --check found a missing or stale file; presets verify found a difference
  2  the spec, a preset or the call is wrong, or a file cannot be written; nothing has been written
  3  a file could not be written, nor another one put back as it was; the message names both"""

# The modules of this package that have a command, and what it does.
_COMMANDS = {
    "explain": "say where each value of a service was set, and what it overrode",
    "lock": "pin every image to its digest, in gen-dockerfiles.lock",
    "presets": "list, show, check, verify, add and update presets",
    "schema": "print the JSON Schema of services.yaml or of presets, for editors",
}


class _Parser(argparse.ArgumentParser):
    """The parser of a command imports its module when that command is called.

    All of the modules together take 200 ms to import, and `gen-dockerfiles --check` needs none of them. Where it finds
    nothing changed, it takes 125 ms.
    """

    def __init__(self, *, command: str = "", **settings: Any) -> None:
        super().__init__(**settings)
        self._command = command

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Add the arguments of the command, then parse."""
        if self._command:
            module = importlib.import_module(f"generator.cli.{self._command}")
            self.set_defaults(run=getattr(module, "run", None))
            module.add_arguments(self)
            self._command = ""
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Tell what is wrong with the arguments, of which one may be an address with a password."""
        super().error(masked(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="gen-dockerfiles",
        description="Write the Dockerfiles, ignore files and Compose file that services.yaml describes.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    generate.add_arguments(parser)
    _add_common(parser, file="services.yaml", directory=Path())
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.set_defaults(run=generate.run)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, purpose in _COMMANDS.items():
        command = commands.add_parser(name, command=name, help=purpose, description=f"{purpose.capitalize()}.")
        # Options may stand before the command or after it; a default here would override those before it.
        _add_common(command, file=argparse.SUPPRESS, directory=argparse.SUPPRESS)
    return parser


def _add_common(parser: argparse.ArgumentParser, *, file: str, directory: Path | str) -> None:
    parser.add_argument("-f", "--file", metavar="FILE", default=file, help="the spec (services.yaml)")
    parser.add_argument("-C", "--directory", metavar="DIR", type=Path, default=directory, help="the repository (.)")


def run() -> None:
    """Run the command of this process, and end it with its exit code."""
    # Most of what a run makes lives until its end. Looking for cycles as often as Python does by itself took 15 % of a
    # check of 1000 services; never looking for them, twice the memory.
    gc.set_threshold(100_000, 50, 100)
    code = main()
    gc.freeze()  # the process ends: there is nothing to gain from looking once more
    sys.exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with `argv` (without the program's name) and return its exit code."""
    options = _parser().parse_args(argv)
    try:
        code: int = options.run(options)
    except SpecError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output (`| head`) has closed the pipe.
        sys.stdout = None  # else the interpreter fails again when it flushes at exit
        return EXIT_USAGE
    return code
