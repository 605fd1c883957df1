"""Programs that the entry point and the command of a service start, and the shell scripts that these run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from generator.detect.paths.command_words import SHELLS, named_files
from generator.detect.paths.imports import read_code
from generator.detect.paths.named_paths import Locate
from generator.detect.service_folder import is_file
from generator.text.errors import Location
from generator.text.files import Repository, join, texts

# Words in front of a program: those of the shell, and those that start another one.
_BEFORE = frozenset({"exec", "if", "then", "else", "elif", "do", "while", "until", "!", "time", "nohup", "env"})
_AND = re.compile(r"&&|\|\||[;|&]")
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=.*")


class Call(NamedTuple):
    """A program with its words.

    Attributes:
        words: The program and its arguments, as far as they stand on one line.
        place: Where it is called.
        in_script: Whether that is a shell script of the repository, and not the spec.
    """

    words: list[str]
    place: Location
    in_script: bool


def calls(repository: Repository, values: Mapping[str, Any], locate: Locate) -> Iterator[Call]:
    """Yield the programs that the entry point and the command start, and those of the scripts that these name.

    Args:
        repository: The files.
        values: The values of a service with a folder, with those of the image that it runs.
        locate: Returns the place of one of them.
    """
    for key in ("entrypoint", "command"):
        words = texts(values, key)
        if len(words) > 2 and words[0] in SHELLS and words[1].startswith("-") and "c" in words[1]:
            yield from (Call(one, locate((key,)), in_script=False) for one in _of_line(words[2]))
        elif words:
            yield from (Call(one, locate((key,)), in_script=False) for one in _program(words))
    for named in named_files(repository, values):
        file = join(str(values["path"]), named.path)
        if named.keys[:1] != ("healthcheck",) and is_file(repository, file):
            yield from _of_script(repository, file)


def _of_script(repository: Repository, file: str) -> Iterator[Call]:
    text = read_code(repository, file)
    first = text.partition("\n")[0]
    if not (file.endswith((".sh", ".bash")) or (first.startswith("#!") and re.search(r"\b(?:ba|da)?sh\b", first))):
        return
    for number, line in enumerate(text.splitlines(), 1):
        for words in _of_line(line):
            place = Location(file=file, line=number, column=len(line) - len(line.lstrip()) + 1)
            yield Call(words, place, in_script=True)


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
