"""The command line: parse arguments, print errors and return exit codes. Errors are printed nowhere else."""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from generator import __version__
from generator.cli import generate
from generator.text.errors import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE, Location, SpecError
from generator.text.masking import masked
from generator.text.printing import visible

_EPILOG = """exit codes:
  0  everything is up to date, or has been written
  1  --check found a missing or stale file; presets verify found a difference
  2  the spec, a preset or the call is wrong, or a file cannot be written; nothing has been written
  3  a file could not be written, nor another one put back as it was; the message names both
  70  gen-dockerfiles itself has failed; the message says where to report it
  130  Ctrl-C"""

REPORT_TO = "https://github.com/gen-dockerfiles/gen-dockerfiles/issues"
TRACEBACK = "GEN_DOCKERFILES_TRACEBACK"
"""The variable that makes a failure of ours print all that Python knows of it."""

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
        super().error(visible(masked(message)))


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
    # Most of what a run makes lives until its end, so looking for cycles as often as Python does by itself takes time.
    # Templates leave cycles behind: looking ten times less often than this takes as long, and a seventh more memory.
    gc.set_threshold(10_000, 20, 100)
    code = main()
    gc.freeze()  # the process ends: there is nothing to gain from looking once more
    sys.exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with `argv` (without the program's name) and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A character that the terminal lacks, as `ü` in ASCII, is printed by its number.
            stream.reconfigure(errors="backslashreplace")
    try:
        options = _parser().parse_args(argv)
        code: int = options.run(options)
        _flush()
    except SpecError as error:
        _tell(error)
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output (`| head`) has closed the pipe.
        sys.stdout = None  # else the interpreter fails again when it flushes at exit
        return EXIT_USAGE
    except UnicodeEncodeError as error:
        if error.encoding.lower().replace("-", "") == "utf8":
            _report(error)
            return EXIT_FAILED
        # A path of the spec, given to an operating system that can only name ASCII.
        place, fix = Location(file=str(error.object)), "set LC_ALL=C.UTF-8, or PYTHONUTF8=1"
        message = f"cannot be named in {error.encoding}, the encoding of this environment"
        _tell(SpecError.at(place, message, fix, code="path-unencodable"))
        return EXIT_USAGE
    except KeyboardInterrupt:
        _tell("interrupted; run the same command again to complete what is missing")
        return EXIT_INTERRUPTED
    except Exception as error:  # the one boundary: whatever nobody has thought of
        _report(error)
        return EXIT_FAILED
    return code


def _tell(text: object) -> None:
    with contextlib.suppress(OSError):  # a full or closed stderr changes no exit code
        print(text, file=sys.stderr, flush=True)


def _flush() -> None:
    """Write what is still in memory, while a failure can be told."""
    if sys.stdout is not None:
        from generator.cli.output import flush  # noqa: PLC0415  # the commands have loaded it; --help has not

        flush()


def _report(error: Exception) -> None:
    """Say where we have failed: no values, since these may be secrets, and people paste this."""
    import traceback  # noqa: PLC0415  # 6 ms, which a run that does not fail saves

    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}generator{os.sep}" in frame.filename] or frames
    _tell(f"gen-dockerfiles {__version__} has failed: {type(error).__name__}")
    for frame in ours[-3:]:
        file = f"generator/{frame.filename.rpartition(f'{os.sep}generator{os.sep}')[2].replace(os.sep, '/')}"
        _tell(f"  at {file}:{frame.lineno}, in {frame.name}")
    _tell(f"This is our mistake. Please report these lines and the spec: {REPORT_TO}")
    if os.environ.get(TRACEBACK):
        for line in "".join(traceback.format_exception(error)).splitlines():
            _tell(visible(line))
    else:
        _tell(f"{TRACEBACK}=1 prints all of it, values of yours among them")
