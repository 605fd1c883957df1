"""`gen-dockerfiles presets …`: list, show and check presets, and vendor those of other repositories."""

from __future__ import annotations

import argparse
import sys
import warnings
from dataclasses import replace

import yaml

from generator.cli.mend import mend, warn_of_killed
from generator.cli.output import flush, say, show_diff, warn
from generator.cli.tell import tell
from generator.layers.layer import InDocument
from generator.layers.library import Library, built_in
from generator.layers.parameters import examples
from generator.layers.preset_entry import entry_of
from generator.lockfile.pins import Pins
from generator.output.write import write
from generator.pipeline import resolve_spec
from generator.sources.source import parse_source
from generator.text import assets
from generator.text.documents import parse
from generator.text.errors import EXIT_STALE, EXIT_USAGE, Location, SpecError
from generator.text.files import dig
from generator.usecases.reachable import vendored_with
from generator.usecases.show_preset import show
from generator.usecases.vendor import VendorPlan, add, source_of, update
from generator.usecases.verify_presets import verify_presets


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands of `presets`."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    commands.add_parser("list", help="list the presets, and where each is used").set_defaults(run=_list)
    show = commands.add_parser("show", help="show the values of a preset, with those that it extends")
    show.add_argument("name", metavar="NAME")
    show.set_defaults(run=_show)
    validate = commands.add_parser("validate", help="check a preset file, for its authors")
    validate.add_argument("name", metavar="FILE", help="a file of the repository, as ./presets/team.yaml")
    validate.add_argument("--write", action="store_true", help="write the files of its cases anew")
    validate.set_defaults(run=_validate)
    init = commands.add_parser("init", help="a repository of presets, with a case and CI; needs Copier")
    init.add_argument("folder", metavar="FOLDER")
    init.add_argument("--defaults", action="store_true", help="ask nothing")
    init.set_defaults(run=_init)
    add = commands.add_parser("add", help="vendor a remote preset, pin it, and name it in the spec")
    add.add_argument(
        "source", metavar="SOURCE", help="git+https://HOST/REPOSITORY//PATH.yaml@REF, or https://…#sha256=…"
    )
    update = commands.add_parser("update", help="vendor another version of a preset")
    update.add_argument("source", metavar="NAME", nargs="?", default="", help="as the spec names it; all without one")
    update.add_argument("--to", metavar="REF", default="", help="this tag, branch or commit; else the newest version")
    verify = commands.add_parser(
        "verify", help="fetch every pinned preset again, and compare it with the lock file; for CI"
    )
    verify.set_defaults(run=_verify)
    for command, run in ((add, _add), (update, _update)):
        command.add_argument("--yes", action="store_true", help="write without asking")
        command.set_defaults(run=run)


def _list(options: argparse.Namespace) -> int:
    used: dict[str, list[str]] = {}
    if (options.directory / options.file).exists():
        spec = resolve_spec(options.directory, options.file).spec
        services = {name: ("services", name) for name in spec.data["services"]}
        for owner, place in {"the project": (), **services}.items():
            for index, entry in enumerate(dig(spec.data, *place, "presets") or []):
                used.setdefault(entry_of(entry, InDocument(spec, (*place, "presets", index))).name, []).append(owner)
    used.setdefault("base", []).append("always")
    pins = Pins.load(options.directory)
    vendored = [name for name in pins.pins if parse_source(name) is not None]
    for owner in vendored:
        for name in vendored_with(pins, [owner]).intersection(vendored):
            used.setdefault(name, []).append(f"vendored with {owner}")
    for name in dict.fromkeys([*built_in(), *vendored, *used]):
        say(f"{name}: {', '.join(used[name])}" if name in used else name)
    return 0


def _show(options: argparse.Namespace) -> int:
    library, asked_at = Library(options.directory), Location(file=options.name)
    entry = {"preset": options.name, "with": examples(library.load(options.name, asked_at))}
    asked = parse(yaml.safe_dump({"presets": [entry]}), options.name)
    documents = library.expand(entry, InDocument(asked, ("presets", 0)))
    for line in show(documents):
        say(line.removesuffix("\n"))
    return 0


def _validate(options: argparse.Namespace) -> int:
    # Pydantic and Jinja, which no other of these commands needs.
    from generator.usecases.validate_preset import cases, check_preset  # noqa: PLC0415  # 105 of 205 ms

    (mend if options.write else warn_of_killed)(options.directory)
    name = options.name if options.name.startswith("./") else f"./{options.name}"
    count = check_preset(options.directory, name)
    say(f"{name}: {count} kinds of services render with it")
    # All of them before the first is written: a case that cannot be planned stops the others too.
    found = [*cases(options.directory, name)]
    for _, changes in found:
        show_diff(changes)
    stale = [
        replace(change, path=f"{folder.relative_to(options.directory).as_posix()}/{change.path}")
        for folder, changes in found
        for change in changes
    ]
    if options.write:
        write(options.directory, stale)
    elif stale:
        warn(f"{len(stale)} files of its cases are stale; review the diff, then: --write")
        return EXIT_STALE
    return 0


def _init(options: argparse.Namespace) -> int:
    try:
        from copier import Settings, run_copy  # noqa: PLC0415  # 130 ms, and Copier may be missing
        from copier.errors import CopierError  # noqa: PLC0415  # beside the one above
    except ImportError:
        message, fix = "presets init needs Copier", 'install it with: pip install "gen-dockerfiles[copier]"'
        raise SpecError.at(Location(file=options.folder), message, fix, code="copier-missing") from None
    if not options.folder.strip():  # Copier would take the folder it is started in
        fix = "name one, as gen-dockerfiles presets init acme-presets, or . for the current one"
        raise SpecError.at(Location(file="presets init"), "FOLDER is empty", fix, code="scaffold-failed")
    template = str(assets.ROOT / "templates" / "preset-repository")
    fix = "name a folder that is not there yet; --defaults asks nothing"
    if not options.defaults and not (sys.stdin and sys.stdin.isatty()):
        message = "was not made: its questions need a terminal"
        raise SpecError.at(Location(file=options.folder), message, fix, code="scaffold-failed")
    try:
        # It warns, in Python's words, of a folder that it cannot remove; the error below says what was wrong.
        with warnings.catch_warnings(action="ignore"):
            run_copy(template, options.folder, defaults=options.defaults, settings=Settings())
    except (CopierError, KeyboardInterrupt, OSError) as error:
        message = f"was not made: {str(error).splitlines()[0] if str(error) else 'interrupted'}"
        raise SpecError.at(Location(file=options.folder), message, fix, code="scaffold-failed") from None
    return 0


def _add(options: argparse.Namespace) -> int:
    mend(options.directory)
    return _apply(options, add(options.directory, options.file, source_of(options.source)))


def _update(options: argparse.Namespace) -> int:
    mend(options.directory)
    return _apply(options, update(options.directory, options.file, options.source, to=options.to))


def _verify(options: argparse.Namespace) -> int:
    for name in verify_presets(options.directory):
        say(f"as pinned: {name}")
    return 0


def _apply(options: argparse.Namespace, plan: VendorPlan) -> int:
    """Show what would change, and write it with --yes or if the user agrees; return the exit code."""
    changes = [*plan.inputs, *plan.generated]
    if not changes:
        say("up to date")
        return 0
    asks = not options.yes and sys.stdin is not None and sys.stdin.isatty()
    show_diff(changes, to_read=asks)
    flush()
    if not options.yes and not (asks and _confirmed()):
        warn("nothing has been written; --yes writes it")
        return EXIT_USAGE
    # Inputs first: if a run is killed, generated files newer than their presets would be reported as drift.
    write(options.directory, changes)
    tell(map(str, changes))
    return 0


def _confirmed() -> bool:
    try:
        return input("write these changes? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False
