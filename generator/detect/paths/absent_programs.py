"""Programs that a command or its script starts, and that no image has: package managers, and what changes the user."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from generator.detect.managers.foreign import PROGRAMS_OF_NODE, PROGRAMS_OF_PYTHON
from generator.detect.paths.command_words import named_files
from generator.detect.paths.imports import read_code
from generator.detect.paths.named_paths import Locate
from generator.detect.service_folder import is_file
from generator.model.names import is_folder
from generator.text.errors import Finding, Location
from generator.text.files import Repository, dig, join, texts

_OF_USERS = frozenset({"gosu", "su-exec", "sudo", "setpriv"})
# Words in front of a program: those of the shell, and those that start another one.
_BEFORE = frozenset({"exec", "if", "then", "else", "elif", "do", "while", "until", "!", "time", "nohup", "env"})
_SHELLS = frozenset({"sh", "bash", "dash", "/bin/sh", "/bin/bash"})
_AND = re.compile(r"&&|\|\||[;|&]")
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=.*")


class _Call(NamedTuple):
    """A program with its words, and where it is called."""

    words: list[str]
    place: Location


def absent_programs(repository: Repository, name: str, values: Mapping[str, Any], locate: Locate) -> Iterator[Finding]:
    """Warn of programs that are called where no image has them.

    Args:
        repository: The files.
        name: The name of the service.
        values: Its values, with those of the image that it runs; they need not be valid.
        locate: Returns the place of one of them.
    """
    runtime = values.get("runtime")
    if not is_folder(values.get("path")) or not isinstance(runtime, str):
        return
    absent = _OF_USERS | (
        PROGRAMS_OF_PYTHON if runtime == "python" else frozenset() if _has_npm(values) else PROGRAMS_OF_NODE
    )
    installed = {one.partition("=")[0] for one in texts(values.get("packages"), "runtime")}
    told: set[Location] = set()
    for call in _calls(repository, values, locate):
        program = call.words[0]
        if program in absent - installed and call.place not in told:
            told.add(call.place)
            yield Finding(
                location=call.place,
                message=f"{name} starts {program}, which is not in its image",
                fix=_fix(call.words),
                code="program-absent",
                level="warn",
            )


def _has_npm(values: Mapping[str, Any]) -> bool:
    """Tell whether what ships is an image of Node, with its package managers."""
    return str(dig(values, "runtime_image", "name")).rpartition("/")[2] == "node"


def _fix(words: list[str]) -> str:
    program, rest = words[0], [word for word in words[1:] if not word.startswith("-")]
    if program in _OF_USERS:
        return "leave it out: the container runs as the service's user, and cannot change it"
    if rest[:1] == ["run"] and program in PROGRAMS_OF_PYTHON and rest[1:]:
        return f"write {shlex.join(rest[1:])}: the programs of the environment are in PATH"
    if program in PROGRAMS_OF_NODE:
        return "write what the script of package.json runs, as node dist/server.js"
    return "install in the build what it installs, and start the program itself"


def _calls(repository: Repository, values: Mapping[str, Any], locate: Locate) -> Iterator[_Call]:
    for key in ("entrypoint", "command"):
        words = texts(values, key)
        if len(words) > 2 and words[0] in _SHELLS and words[1].startswith("-") and "c" in words[1]:
            yield from (_Call(one, locate((key,))) for one in _of_line(words[2]))
        elif words:
            yield from (_Call(one, locate((key,))) for one in _program(words))
    for named in named_files(repository, values):
        file = join(str(values["path"]), named.path)
        if named.keys[:1] != ("healthcheck",) and is_file(repository, file):
            yield from _of_script(repository, file)


def _of_script(repository: Repository, file: str) -> Iterator[_Call]:
    text = read_code(repository, file)
    first = text.partition("\n")[0]
    if not (file.endswith((".sh", ".bash")) or (first.startswith("#!") and re.search(r"\b(?:ba|da)?sh\b", first))):
        return
    for number, line in enumerate(text.splitlines(), 1):
        for words in _of_line(line):
            yield _Call(words, Location(file=file, line=number, column=len(line) - len(line.lstrip()) + 1))


def _of_line(line: str) -> Iterator[list[str]]:
    """Yield the programs of a line with their words; what is not read for certain says nothing."""
    for part in _AND.split(line):
        with suppress(ValueError):  # a quote that ends on another line
            yield from _program(shlex.split(part, comments=True))


def _program(words: list[str]) -> Iterator[list[str]]:
    for index, word in enumerate(words):
        if word not in _BEFORE and not _ASSIGNED.fullmatch(word):
            yield words[index:]
            return
