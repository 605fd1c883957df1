"""Words of an entry point, a command, a script of these or a probe that name files, and whether the image has them.

The values need not be valid; what has another type than it should is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from generator.detect.paths.calls import Call, calls
from generator.detect.paths.command_words import (
    CODE,
    NamedFile,
    Program,
    below_service,
    named_by,
    named_files,
    program_of,
)
from generator.detect.paths.development import is_development
from generator.detect.paths.named_paths import Locate
from generator.detect.steps import each_step
from generator.model.names import is_folder
from generator.text.errors import Finding
from generator.text.files import Repository, join, mapping, texts
from generator.text.quote import quoted

_BUILD_SETTINGS = re.compile(r"[jt]sconfig[\w.-]*\.json|index\.html", re.IGNORECASE)
_SCRIPTS = re.compile(r"build|compile|bundle|tsc|dist")
# What these are told to look for, make or take away need not be in the image.
_NEED_NOTHING = frozenset({"[", "[[", "test", "echo", "printf", "mkdir", "touch", "rm", "chmod", "chown", "export"})
# What a build makes where nobody says otherwise.
_MADE = ["dist"]


class Valued(Protocol):
    """A service with its values, valid or not."""

    @property
    def values(self) -> Mapping[str, Any]:
        """Its values."""


def with_the_image(values: Mapping[str, Any], services: Mapping[str, Valued]) -> Mapping[str, Any]:
    """Give the values of what a service runs: its own, or those of the service whose image it runs with its words."""
    owner = services.get(said) if isinstance(said := values.get("image_of"), str) else None
    if owner is None:
        return values
    own = ("command", "entrypoint", "healthcheck")
    taken = {key: value for key, value in owner.values.items() if key != "healthcheck"}
    return {**taken, **{key: values[key] for key in (*own, "working_dir") if key in values}}


def unshipped_files(repository: Repository, name: str, values: Mapping[str, Any], locate: Locate) -> Iterator[Finding]:
    """Warn of each word that names a file of the service which is not in its image.

    Args:
        repository: The files.
        name: The name of the service.
        values: Its values.
        locate: Returns the place of one of them.
    """
    shipped, key = _shipped(values)
    if shipped is None:
        return
    for one, call in _named(repository, values, locate):
        if not _is_among(shipped, one.path):
            yield Finding(
                location=call.place if call else locate(one.keys),
                message=f"{name} runs {one.word!r}, and {join(values['path'], one.path)} is not in the image",
                fix=_shipping(repository, values, one, key, is_shell=call is not None),
                code="command-not-shipped",
                level="warn",
            )
    program = program_of(repository, values)
    if program and not program.is_there and not _is_among(shipped, program.path):
        yield from _unmade(repository, name, values, program, locate)


def _named(
    repository: Repository, values: Mapping[str, Any], locate: Locate
) -> Iterator[tuple[NamedFile, Call | None]]:
    """Yield the files that words of the spec name, and those of the scripts that it runs, with the call there.

    The words of a script are read up to where it enters another folder.
    """
    for one in named_files(repository, values):
        yield one, None
    elsewhere: set[str] = set()
    for call in calls(repository, values, locate) if "runtime" in values and is_folder(values.get("path")) else ():
        if call.words[0] == "cd" and call.words[1:] != ["/app"]:
            elsewhere.add(call.place.file)
        if call.in_script and call.words[0] not in _NEED_NOTHING and call.place.file not in elsewhere:
            for index, word in enumerate(call.words):
                if path := named_by(repository, values, call.words, index):
                    yield NamedFile(("command",), word, path), call


def _unmade(
    repository: Repository, name: str, values: Mapping[str, Any], program: Program, locate: Locate
) -> Iterator[Finding]:
    """Warn of a program that a build is likely to make, where none is run or it is not said to make that."""
    built = isinstance(values.get("build"), str)
    lines = _with_build(values, program.top) if built else _without_build(repository, values, program.top)
    if lines:
        made = (
            f"the build makes {', '.join(texts(values, 'artifacts'))}" if built else "no script is run that builds it"
        )
        yield Finding(
            location=locate(program.keys),
            message=f"{name} runs {program.word!r}, and there is no {join(values['path'], program.path)}; {made}",
            fix=f"{quoted(lines)[1:-1]}; or correct the command",
            code="command-not-made",
            level="warn",
        )


def _is_among(paths: list[str], path: str) -> bool:
    return any(one == "." or f"{path}/".startswith(f"{one}/") for one in paths)


def _shipping(repository: Repository, values: Mapping[str, Any], one: NamedFile, key: str, *, is_shell: bool) -> str:
    """Give the line that ships a file; with a program, what it may import and read as well.

    A module of a package that is installed runs by its name: at its path alone, it would not find the others.
    """
    if values.get("package") and one.path.endswith(".py") and _is_among(texts(values, "sources"), one.path):
        module = one.path.removeprefix("src/").removesuffix(".py").removesuffix("/__main__").replace("/", ".")
        said = f"python -m {module}" if is_shell else f"[python, -m, {module}]"
        return f"run it by its name, as {said}; or copy the project, with package: false"
    if one.keys[0] in ("command", "entrypoint") and key == "artifacts" and one.path.endswith(CODE):
        ships = [*texts(values, key), *_read_by_program(repository, values, one.path)]
        return f"ship it, and what it may read, with {quoted({key: [*dict.fromkeys(ships)]})[1:-1]}"
    return f"ship it with {quoted({key: [*texts(values, key), one.path]})[1:-1]}"


def _with_build(values: Mapping[str, Any], top: str) -> dict[str, Any]:
    """Give the lines with which the image has what the build makes."""
    said = texts(values, "artifacts")
    return {"artifacts": [top] if said == _MADE else [*said, top]}


def _without_build(repository: Repository, values: Mapping[str, Any], top: str) -> dict[str, Any]:
    """Give the lines that name a script which may build a program; none without such a script."""
    scripts = mapping(repository.json(join(values["path"], "package.json")), "scripts")
    found = sorted((one for one in scripts if _SCRIPTS.search(one)), key=lambda one: (one != "build", one))
    return {"build": found[0], **({} if top in _MADE else {"artifacts": [top]})} if found else {}


def _shipped(values: Mapping[str, Any]) -> tuple[list[str] | None, str]:
    """Return the paths that the image has, and the key that adds one; None where the build alone decides them."""
    copied = [step["copy"] for step in each_step(values) if isinstance(step.get("copy"), str)]
    sources = texts(values, "sources")
    if values.get("runtime") == "python":
        # Of a package that is installed, what is imported by its name is there; nothing is at its path.
        return [*copied, *(texts(values, "beside") if values.get("package") else sources)], "extra_sources"
    if values.get("output", "server") not in ("server", "bundle"):
        return None, ""
    if values.get("build") is not None:
        return [*copied, "package.json", *texts(values, "artifacts")], "artifacts"
    return [*copied, "package.json", *sources], "extra_sources"


def _read_by_program(repository: Repository, values: Mapping[str, Any], path: str) -> Iterator[str]:
    """Yield what a program among the sources may import and read: all but settings of the build, and volumes."""
    top = path.partition("/")[0]
    mounted = [below_service(values, str(target)) for target in mapping(values, "volumes").values()]
    for source in texts(values, "sources"):
        name = f"{source}/" if repository.names(join(values["path"], source)) else source
        of_build = is_development(name, values["runtime"]) or _BUILD_SETTINGS.fullmatch(source)
        if source not in (".", top) and not of_build and not _is_among(mounted, source):
            yield source
    yield top
