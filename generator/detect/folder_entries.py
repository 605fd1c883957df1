"""What lies in the folder of a service: what ships by default, what does not, and what each line of it says.

Everything that belongs to the repository ships unless it is known to be for development, is a secret, has a service of
its own, or `ignore` names it. The Dockerfile names each entry, and copies no folder as a whole: what an image gains or
loses is a line in a review.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from generator.detect.detected import Piece, Value
from generator.detect.development import is_development
from generator.detect.service_folder import Installation, ServiceFolder
from generator.model.confidential import looks_secret
from generator.model.names import is_path
from generator.text.errors import Finding
from generator.text.files import dig, join, mapping, texts
from generator.text.tracked import entries

# Entries of a list in a message.
_SHOWN = 12


class FolderEntries(NamedTuple):
    """The entries of a service's folder, by what becomes of them; the names of folders end with a slash.

    Attributes:
        application: Those that ship by default, sorted.
        left_out: Those that are known to be for development, sorted.
        unnameable: Those that no instruction can name, sorted.
        new: Those that git does not have yet.
        shared: Folders of other services that are below one that ships.
    """

    application: list[str]
    left_out: list[str]
    unnameable: list[str]
    new: frozenset[str]
    shared: list[str]


def folder_entries(installation: Installation, *, build: bool = False) -> FolderEntries:
    """Sort the entries of the service's folder; `build` says whether a script of package.json builds it."""
    service = installation.service
    found = entries(service.repository, service.path)
    read = {*_read(installation)}
    application, left_out, unnameable, shared = list[str](), list[str](), list[str](), list[str]()
    for name in sorted(found.names):
        path = service.in_service(name.removesuffix("/"))
        if name in read or _is_gits(name) or service.is_secret(name) or _is_ignored(installation, path):
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
            shared += theirs
    return FolderEntries(application, left_out, unnameable, found.new & {*application}, shared)


def told(installation: Installation, found: FolderEntries, sources: Iterable[str]) -> Iterator[Piece]:
    """Yield what a reader has to know of `found`, where `sources` are copied; and what has to be ignored in them."""
    service, shipped = installation.service, {*sources}
    named = {path.partition("/")[0] for path in texts(service.merged, "extra_sources")} | shipped
    place = service.repository.locate(service.path)
    if left := [name for name in found.left_out if name.removesuffix("/") not in named]:
        first = next((name for name in left if name.endswith("/")), left[0]).removesuffix("/")
        yield Finding(
            location=place,
            message=f"{service.name} leaves out what is for development: {listed(left)}",
            fix=f"nothing, or name what the image needs, as extra_sources: [{first}]",
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
    for name in sorted(found.new):
        if name.removesuffix("/") in shipped:
            path = service.in_service(name)
            yield Finding(
                location=service.repository.locate(path.removesuffix("/")),
                message=f"{service.name} copies {path}, which git does not have, so that another checkout fails to",
                fix=f"git add {path}, or name it in .gitignore",
                code="source-untracked",
                level="warn",
            )
    if found.shared and "ignore" not in service.own:
        ignored = [*texts(service.merged, "ignore"), *(_in_context(installation, path) for path in found.shared)]
        yield Value(path=("ignore",), value=ignored, place=place)


def listed(names: list[str]) -> str:
    """Join names for a message, and count those that are too many for it."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _read(installation: Installation) -> Iterator[str]:
    """Yield the files of the service that its build reads besides the sources."""
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


def _is_gits(name: str) -> bool:
    return name.startswith(".git") or name in (".dockerignore", ".hg/", ".svn/")


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
    return sorted(one for one in service.services if one == path or one.startswith(f"{path}/"))


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
