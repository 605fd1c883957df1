"""Which entries of a folder belong to the repository: git has them, or nothing says that git is not to have them.

git is asked once for the whole repository. Without git, or outside of its reach, `.gitignore` alone decides, so that an
export of a commit gives what its checkout gives.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from generator.text.files import Repository, join
from generator.text.processes import Limits, Overrun, run

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_KEY = ("git", "tracked")
# `core.fsmonitor` names a program that git would run.
_COMMAND = ("-c", "core.fsmonitor=false", "ls-files", "--stage", "-z")
_LINK = "120000 "  # the mode that git gives to symbolic links
# A repository with a million files lists about 110 MB.
_LIMITS = Limits(seconds=20.0, output=256_000_000, memory=1_000_000_000)
# Matching takes time by the power of the wildcards in a pattern. Nobody has more, and what is left out matches nothing.
_MOST_STARS = 5
_LONGEST = 500
# Set inside of a hook: each would make git list something else than this folder.
_PREFIX = "GIT_"


class Entries(NamedTuple):
    """The entries of a folder that belong to the repository.

    Attributes:
        names: Their names, those of folders with a slash at the end.
        new: Those of them that git does not have yet; empty where it has none of the folder, or is not there.
        ignored: Entries that git ignores.
    """

    names: frozenset[str]
    new: frozenset[str]
    ignored: frozenset[str]


class _Tracked(NamedTuple):
    """What git has, sorted by paths: all files, and those of them that are symbolic links."""

    files: list[str]
    links: list[str]


def entries(repository: Repository, folder: str) -> Entries:
    """Tell which entries of `folder` belong to the repository."""
    present = repository.names(folder)
    known = _known(repository, folder)
    tracked = frozenset(name for name in present if name.removesuffix("/") in known)
    ignored = frozenset(_ignored(repository, folder, present - tracked))
    names = present - ignored
    return Entries(names=names, new=names - tracked if tracked else frozenset(), ignored=ignored)


def files_below(repository: Repository, path: str, most: int) -> Iterator[str]:
    """Yield at most `most` files at or below `path`: those that git has, or those on the disk where it has none."""
    if tracked := _tracked_below(repository, path):
        yield from tracked[:most]
        return
    folders = [path]
    while folders and most > 0:
        folder = folders.pop()
        for name in sorted(repository.names(folder)):
            inside = join(folder, name.removesuffix("/"))
            if not name.endswith("/"):
                yield inside
                most -= 1
            elif not repository.is_link(inside):
                folders.append(inside)
            if most <= 0:
                return


def links_below(repository: Repository, path: str) -> list[str]:
    """List the symbolic links below `path` that git has; none where it cannot tell."""
    links = _tracked(repository).links
    return links[bisect_left(links, f"{path}/") : bisect_left(links, f"{path}0")] if path != "." else links


def size_below(repository: Repository, path: str, most: int) -> int:
    """Add up the bytes of at most `most` files at or below `path`; files that cannot be read count nothing."""
    total = 0
    for file in files_below(repository, path, most):
        with suppress(OSError, ValueError):
            total += (repository.root / file).lstat().st_size
    return total


def _known(repository: Repository, folder: str) -> set[str]:
    """Return the names in a folder that git has."""
    start = 0 if folder == "." else len(folder) + 1
    return {path[start:].partition("/")[0] for path in _tracked_below(repository, folder)}


def _tracked_below(repository: Repository, folder: str) -> list[str]:
    tracked = _tracked(repository).files
    if folder == ".":
        return tracked
    return tracked[bisect_left(tracked, f"{folder}/") : bisect_left(tracked, f"{folder}0")]  # 0 follows the slash


def _tracked(repository: Repository) -> _Tracked:
    """Return what git has; nothing where it cannot tell."""
    if _KEY not in repository.remembered:
        listed = [*_listed(repository)] if _has_git(repository) else []
        links = sorted(path for entry, _, path in listed if entry.startswith(_LINK))
        repository.remembered[_KEY] = _Tracked(sorted(path for _, _, path in listed), links)
    found: _Tracked = repository.remembered[_KEY]
    return found


def _has_git(repository: Repository) -> bool:
    """Tell whether there may be a repository of git, without starting it."""
    root = repository.root.absolute()
    return any((folder / ".git").exists() for folder in (root, *root.parents))


def _listed(repository: Repository) -> Iterable[tuple[str, str, str]]:
    """Yield the mode and the digest of each entry, a tab, and its path."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_PREFIX)}
    try:
        done = run(["git", "-C", str(repository.root), *_COMMAND], _LIMITS, environment=environment)
    except (OSError, ValueError, Overrun):
        return []
    # Nonzero where git does not trust the owner of the folder, as in a container.
    entries = filter(None, os.fsdecode(done.out).split("\0")) if done.status == 0 else ()
    return (entry.partition("\t") for entry in entries)


def _ignored(repository: Repository, folder: str, names: frozenset[str]) -> Iterator[str]:
    """Yield those of `names` that a `.gitignore` names, of which the one nearest to the folder counts."""
    if not names:
        return
    texts = [(above, text) for above in _up(folder) if (text := repository.text(join(above, ".gitignore")))]
    if not texts:
        return
    specs = [(above, _spec(text)) for above, text in texts]
    for name in names:
        path = join(folder, name)
        for above, spec in specs:
            said = spec.check_file(path if above == "." else path.removeprefix(f"{above}/")).include
            if said is not None:
                if said:
                    yield name
                break


def _spec(text: str) -> GitIgnoreSpec:
    """Read a `.gitignore`; what git could not read either matches nothing."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415  # 25 ms, and a clean checkout has nothing that git lacks

    lines = [line for line in text.splitlines() if len(line) <= _LONGEST and line.count("*") <= _MOST_STARS]
    try:
        return GitIgnoreSpec.from_lines(lines)
    except (ValueError, re.error):
        return GitIgnoreSpec.from_lines(filter(_readable, lines))


def _readable(line: str) -> bool:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415  # the same

    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True


def _up(folder: str) -> Iterator[str]:
    """Yield a folder and those above it."""
    while folder != ".":
        yield folder
        folder = folder.rpartition("/")[0] or "."
    yield "."
