"""Which packages of uv.lock a project is run with: its lock file has those of development and of all groups as well."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from generator.detect.managers.pyproject import canonical
from generator.detect.managers.toml_lock import locked_tables
from generator.text.files import Repository

# What only developers of a package install, and what its manifest says, which is repeated in the lock file.
_NOT_NEEDED = r"(?m)^\[package\.(?:dev-dependencies|metadata)"
_NAME = r'\{ name = "([^"\n]+)"'


def reached(repository: Repository, lock: str, project: str, chosen: Collection[str]) -> frozenset[str] | None:
    """Give the normalised names of what a project needs to run; None where the lock file has no such project.

    What a dependency needs for any of its extras counts as well: without that, a package could be missed.

    Args:
        repository: The files.
        lock: The path of the lock file.
        project: The normalised name of the project.
        chosen: The normalised names of its extras and groups that are installed.
    """
    tables: dict[str, str] = {}
    for table in locked_tables(repository, lock):
        tables[table.name] = tables.get(table.name, "") + table.text
    if not project or project not in tables:
        return None
    waiting = [*_of_project(tables[project], chosen)]
    seen = {project, *waiting}
    while waiting:
        text = re.split(_NOT_NEEDED, tables.get(waiting.pop(), ""), maxsplit=1)[0]
        new = {*_names(re.findall(_NAME, text))} - seen
        seen |= new
        waiting += new
    return frozenset(seen)


def _of_project(text: str, chosen: Collection[str]) -> Iterator[str]:
    """Yield what the tables of the project itself name: its dependencies, and those of what is chosen."""
    for found in re.finditer(r"(?ms)^([^\s=]+) = \[\n(.*?)^\]", text.partition("\n[package.metadata")[0]):
        if found[1] == "dependencies" or canonical(found[1].strip('"')) in chosen:
            yield from _names(re.findall(_NAME, found[2]))


def _names(found: Iterable[str]) -> Iterator[str]:
    return map(canonical, found)
