"""What lies in the folder of a service: what ships by default, what does not, and what each line of it says.

Everything that belongs to the repository ships unless it is known to be for development, is a secret, has a service of
its own, or `ignore` names it. The Dockerfile names each entry, and copies no folder as a whole: what an image gains or
loses is a line in a review.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from generator.detect.detected import Piece
from generator.detect.development import is_development
from generator.detect.service_folder import Installation, ServiceFolder
from generator.model.artefacts import ARTEFACTS
from generator.model.confidential import looks_secret
from generator.model.names import is_path
from generator.text.errors import Finding, Location
from generator.text.files import dig, join, mapping, texts
from generator.text.quote import quoted
from generator.text.tracked import entries, size_below

CODE = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx")
"""How the names of files with code end."""

_SHOWN = 12
"""Entries of a list in a message."""
_LARGE = 50_000_000
"""Bytes in a folder, as of a data set or a model, that somebody may not want in an image."""
_LARGE_FILES = 5_000
"""Files of a folder that are counted at most: every run does."""


class FolderEntries(NamedTuple):
    """The entries of a service's folder, by what becomes of them; the names of folders end with a slash.

    Attributes:
        application: Those that ship by default, sorted.
        left_out: Those that are known to be for development, sorted.
        unnameable: Those that no instruction can name, sorted.
        new: Those that git does not have yet.
    """

    application: list[str]
    left_out: list[str]
    unnameable: list[str]
    new: frozenset[str]


def folder_entries(installation: Installation, *, build: bool = False) -> FolderEntries:
    """Sort the entries of the service's folder; `build` says whether a script of package.json builds it."""
    service = installation.service
    found = entries(service.repository, service.path)
    read = {*_read(installation)}
    application, left_out, unnameable = list[str](), list[str](), list[str]()
    for name in sorted(found.names, key=_plain):
        path = service.in_service(name.removesuffix("/"))
        if name in read or _is_of_tools(name) or service.is_secret(name) or _is_ignored(installation, path):
            continue
        theirs = _services_below(service, path)
        if path in theirs or (theirs and _holds_nothing_else(service, path, theirs)):
            continue
        if is_development(name, service.runtime, build=build):
            left_out.append(name)
        elif not is_path(name.removesuffix("/")):
            unnameable.append(name)
        else:
            application.append(name)
    return FolderEntries(application, left_out, unnameable, found.new & {*application})


def told(installation: Installation, found: FolderEntries, sources: Iterable[str]) -> Iterator[Piece]:
    """Yield what a reader has to know of `found`, where `sources` are copied."""
    service, shipped = installation.service, {*sources}
    named = {path.partition("/")[0] for path in texts(service.merged, "extra_sources")} | shipped
    place = service.locate("path")
    if left := [name for name in found.left_out if name.removesuffix("/") not in named]:
        first = next((name for name in left if name.endswith("/")), left[0]).removesuffix("/")
        yield Finding(
            location=place,
            message=f"{service.name} leaves out what is for development: {listed(left)}",
            fix=f"name what the image needs, as extra_sources: [{first}]",
            code="sources-left-out",
            level="note",
        )
    if found.unnameable:
        yield Finding(
            location=place,
            message=f"{service.name} leaves out what no instruction can name: {listed(found.unnameable)}",
            fix="rename what the image needs, without blanks and other special characters",
            code="source-unnameable",
            level="warn",
        )
    for name in found.application:
        if name.removesuffix("/") in shipped:
            yield from _untracked(service, found, name)
            yield from _large(installation, name)


def _untracked(service: ServiceFolder, found: FolderEntries, name: str) -> Iterator[Finding]:
    """Warn of an entry that git does not have: the instruction that copies it fails in another checkout."""
    path = service.in_service(name)
    if name in found.new:
        yield Finding(
            location=Location(file=path.removesuffix("/")),
            message=f"{service.name} copies {path}, which git does not have, so that the build fails elsewhere",
            fix=f"git add {path}, or name it in .gitignore",
            code="source-untracked",
            level="warn",
        )


def _large(installation: Installation, name: str) -> Iterator[Finding]:
    """Warn of a folder without code that makes the image large."""
    service = installation.service
    path = service.in_service(name.removesuffix("/"))
    if not name.endswith("/") or name == "src/" or any(one.endswith(CODE) for one in service.repository.names(path)):
        return
    if (size := size_below(service.repository, path, _LARGE_FILES)) > _LARGE:
        ignored = quoted({"ignore": [*texts(service.merged, "ignore"), _in_context(installation, path)]})[1:-1]
        yield Finding(
            location=Location(file=path),
            message=f"{service.name} ships {path}, which has {size // 1_000_000} MB",
            fix=f"nothing, if the image needs it; or leave it out with {ignored}",
            code="source-large",
            level="warn",
        )


def listed(names: list[str]) -> str:
    """Join names for a message, and count those that are too many for it."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _read(installation: Installation) -> Iterator[str]:
    """Yield the entries that its build reads besides the sources, and those that are ours."""
    yield from (artefact.name for artefact in ARTEFACTS)
    yield "gen-dockerfiles.lock"
    for file in installation.service.own_files:
        inside = file if installation.service.path == "." else file.removeprefix(f"{installation.service.path}/")
        first, _, below = inside.partition("/")
        yield f"{first}/" if below else first
    for facts in (*installation.service.facts.values(), installation.service.merged.get("install")):
        for key in ("manifest", "lock"):
            if isinstance(name := dig(facts, key), str):
                yield name
        for key in ("settings", "config", "requirements", "includes", "development"):
            yield from texts(facts, key)
    for package in installation.workspace.get("packages") or []:
        yield f"{package['path'].partition('/')[0]}/"
    for secret in mapping(installation.service.merged, "secrets").values():
        if isinstance(name := dig(secret, "file"), str):
            yield name


def _plain(name: str) -> str:
    return name.removesuffix("/")


def _is_of_tools(name: str) -> bool:
    return name.startswith(".git") or name in (".dockerignore", ".hg/", ".svn/", ".yarn/")


def _is_ignored(installation: Installation, path: str) -> bool:
    """Say whether a pattern of `ignore` takes all of an entry, so that no instruction would find it."""
    inside = _in_context(installation, path)
    name = path.rpartition("/")[2]
    for pattern in texts(installation.service.merged, "ignore"):
        plain = pattern.removesuffix("/").removesuffix("/**").removeprefix("./")
        if fnmatchcase(name, plain[3:]) if plain.startswith("**/") else fnmatchcase(inside, plain):
            return True
    return False


def _in_context(installation: Installation, path: str) -> str:
    """Give a path of the repository as the build context has it."""
    context = installation.lock_folder
    return path if context == "." else path.removeprefix(f"{context}/")


def _services_below(service: ServiceFolder, path: str) -> list[str]:
    """Return the folders of other services at or below a path."""
    known = service.services
    at = known[bisect_left(known, path) : bisect_right(known, path)]
    return [*at, *known[bisect_left(known, f"{path}/") : bisect_left(known, f"{path}0")]]  # 0 follows the slash


def _holds_nothing_else(service: ServiceFolder, path: str, theirs: list[str]) -> bool:
    """Say whether a folder has nothing in it but folders of services, and files that describe them."""
    for name in service.repository.names(path):
        inside = join(path, name.removesuffix("/"))
        if not name.endswith("/"):
            if not is_development(name, service.runtime) and not looks_secret(name):
                return False
        elif inside not in theirs:
            below = [one for one in theirs if one.startswith(f"{inside}/")]
            if not is_development(name, service.runtime) and not (
                below and _holds_nothing_else(service, inside, below)
            ):
                return False
    return True
