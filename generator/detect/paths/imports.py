"""Packages that the code of a folder imports, as far as a pattern sees it: nothing is parsed or certain."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress

from generator.detect.paths.development import is_development
from generator.text.errors import Location, SpecError
from generator.text.files import Repository
from generator.text.reading import read_bytes
from generator.text.tracked import files_below

_ENDS = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".astro")
# `from "x"`, `import "x"`, `import("x")` and `require("x")`; neither a path nor a module of Node or Bun.
_IMPORT = r"""\b(?:from|import|require)\b\s{0,9}\(?\s{0,9}["'](@?[A-Za-z][\w.~-]{0,200}(?:/[\w.~@-]{1,200}){0,9})["']"""
# Settings of tools are read where the tools are installed: beside the lock file as well.
_SETTINGS = re.compile(r".*(?:\.config|rc|\.d|\.test|\.spec|\.stories)\.[cm]?[jt]sx?", re.IGNORECASE)
# Every run reads these files, and a folder of more code is a rare one.
_MOST_FILES = 3_000
_MOST_BYTES = 200_000


def imported(repository: Repository, folder: str) -> Mapping[str, Location]:
    """Give what the code at or below `folder` imports by name, as `next/font/google`, with the first place of each."""
    key = ("imports", folder)
    if key not in repository.remembered:
        found: dict[str, Location] = {}
        for file in code_below(repository, folder):
            for name, place in _imports(repository, file):
                found.setdefault(name, place)
        repository.remembered[key] = found
    known: Mapping[str, Location] = repository.remembered[key]
    return known


def package_of(specifier: str) -> str:
    """Give the package of what is imported: `@a/b` of `@a/b/c`, `d` of `d/e`."""
    return "/".join(specifier.split("/")[: 2 if specifier.startswith("@") else 1])


def code_below(repository: Repository, folder: str) -> Iterator[str]:
    """Yield the files with code below a folder that are not for its developers."""
    for file in files_below(repository, folder, _MOST_FILES):
        inside = file if folder == "." else file[len(folder) + 1 :]
        parents, name = posixpath.split(inside)
        if not name.endswith(_ENDS) or _SETTINGS.fullmatch(name):
            continue
        if not any(is_development(f"{part}/", "node") for part in parents.split("/") if part):
            yield file


def read_code(repository: Repository, file: str) -> str:
    """Read a file with code; one that is too large or cannot be read says nothing."""
    with suppress(OSError, SpecError):
        return read_bytes(repository.root / file, file, limit=_MOST_BYTES).decode("utf-8", errors="replace")
    return ""


def _imports(repository: Repository, file: str) -> Iterator[tuple[str, Location]]:
    text = read_code(repository, file)
    for match in re.finditer(_IMPORT, text):
        start = match.start(1)
        line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
        yield match[1], Location(file=file, line=line, column=column)
