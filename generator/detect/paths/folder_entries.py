"""What lies in the folder of a service: what ships by default, what does not, and what each line of it says.

Everything that belongs to the repository ships unless it is known to be for development, is a secret, has a service of
its own, or `ignore` names it. The Dockerfile names each entry, and copies no folder as a whole: what an image gains or
loses is a line in a review.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from generator.detect.paths.development import is_development
from generator.detect.service_folder import Installation, ServiceFolder
from generator.detect.versions.version_files import VERSION_FILES
from generator.model.artefacts import ARTEFACTS
from generator.model.confidential import looks_secret
from generator.model.names import ASSETS, is_path
from generator.text.files import dig, join, mapping, texts
from generator.text.tracked import entries

# Of a file with variables: what nothing reads in an image.
_EXAMPLE = r"(?i)[._-](?:example|sample|template|tmpl|dist|defaults?|schema|test|ci|dev|development|local)(?:[._-]|$)"


class FolderEntries(NamedTuple):
    """The entries of a service's folder, by what becomes of them; the names of folders end with a slash.

    Attributes:
        application: Those that ship by default, sorted.
        left_out: Those that are known to be for development, sorted.
        unnameable: Those that no instruction can name, sorted.
        secret: Those that look like secrets, sorted; examples of such files, and those of declared secrets, are none.
        new: Those that git does not have yet.
    """

    application: list[str]
    left_out: list[str]
    unnameable: list[str]
    secret: list[str]
    new: frozenset[str]


def folder_entries(installation: Installation, *, build: bool = False) -> FolderEntries:
    """Sort the entries of the service's folder; `build` says whether a script of package.json builds it."""
    service = installation.service
    found = entries(service.repository, service.path)
    read = {*_read(installation)}
    others = sorted({*service.services, *_packages(installation)} - {service.path})
    application, left_out, unnameable = list[str](), list[str](), list[str]()
    for name in sorted(found.names, key=_plain):
        path = service.in_service(name.removesuffix("/"))
        if name in read or _is_of_tools(name) or service.is_secret(name) or _is_ignored(installation, path):
            continue
        theirs = _at_or_below(others, path)
        if path in theirs or (theirs and _holds_nothing_else(service, path, theirs)):
            continue
        if _is_of_python(service, name):
            continue
        if is_development(name, service.runtime, build=build):
            left_out.append(name)
        elif not is_path(name.removesuffix("/")):
            unnameable.append(name)
        else:
            application.append(name)
    known = found.names - read - found.new
    secret = [name for name in sorted(known) if looks_secret(name) and not _is_known_secret(service, name)]
    return FolderEntries(application, left_out, unnameable, secret, found.new & {*application})


def _is_of_python(service: ServiceFolder, name: str) -> bool:
    """Say whether an entry is no source of assets, but of the service in Python that ships them from one folder."""
    is_theirs = name.endswith(".py") or (not name.startswith(".") and is_development(name, "python"))
    return service.merged.get("kind") == ASSETS and is_theirs


def _is_known_secret(service: ServiceFolder, name: str) -> bool:
    """Say whether a file that looks like a secret is that of one that is declared, or an example for people."""
    return (
        name.endswith("/") or service.in_service(name) in service.secret_files or re.search(_EXAMPLE, name) is not None
    )


def _read(installation: Installation) -> Iterator[str]:
    """Yield the entries that its build reads besides the sources, and those that are ours."""
    yield from (artefact.name for artefact in ARTEFACTS)
    yield "gen-dockerfiles.lock"
    yield from VERSION_FILES
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
    for secret in mapping(installation.service.merged, "secrets").values():
        if isinstance(name := dig(secret, "file"), str):
            yield name


def _plain(name: str) -> str:
    return name.removesuffix("/")


def _is_of_tools(name: str) -> bool:
    return name.startswith(".git") or name in (".dockerignore", ".hg/", ".svn/", ".yarn/")


def _is_ignored(installation: Installation, path: str) -> bool:
    """Say whether a pattern of `ignore` takes all of an entry, so that no instruction would find it."""
    inside = in_context(installation, path)
    name = path.rpartition("/")[2]
    for pattern in texts(installation.service.merged, "ignore"):
        plain = pattern.removesuffix("/").removesuffix("/**").removeprefix("./")
        if fnmatchcase(name, plain[3:]) if plain.startswith("**/") else fnmatchcase(inside, plain):
            return True
    return False


def in_context(installation: Installation, path: str) -> str:
    """Give a path of the repository as the build context has it."""
    context = installation.context
    return path if context == "." else path.removeprefix(f"{context}/")


def _packages(installation: Installation) -> Iterator[str]:
    """Yield the folders of the repository that come by themselves: packages of the workspace, dependencies by path."""
    root, service = installation.context, installation.service
    for kind in ("packages", "local"):
        for package in installation.workspace.get(kind) or []:
            yield join(root, package["path"])
    if dig(installation.workspace, "member", "path") == "." and (manifest := installation.fact("manifest")):
        # Those that the root of the workspace does not need.
        yield from _with_manifest(service, service.path, str(manifest), depth=3)


def _with_manifest(service: ServiceFolder, folder: str, manifest: str, depth: int) -> Iterator[str]:
    for name in service.repository.names(folder):
        inside = join(folder, name.removesuffix("/"))
        if not name.endswith("/") or is_development(name, service.runtime):
            continue
        if manifest in service.repository.names(inside):
            yield inside
        elif depth:
            yield from _with_manifest(service, inside, manifest, depth - 1)


def _at_or_below(known: list[str], path: str) -> list[str]:
    at = known[bisect_left(known, path) : bisect_right(known, path)]
    return [*at, *known[bisect_left(known, f"{path}/") : bisect_left(known, f"{path}0")]]  # 0 follows the slash


def _holds_nothing_else(service: ServiceFolder, path: str, theirs: list[str]) -> bool:
    """Say whether a folder has nothing in it but folders of services or packages, and files that describe them."""
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
