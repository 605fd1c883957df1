"""Dependencies that are files of the repository: folders and archives that a manifest names by path.

The builder gets them with the lock file, as they are part of what gets installed. Where one lies outside the service's
folder, the build context moves up, as it does for workspaces.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from generator.detect.detected import Piece, Value, has_errors
from generator.detect.managers import record_of
from generator.detect.managers.manager import Dependency
from generator.detect.service_folder import Installation, is_file
from generator.detect.workspace_folders import parents
from generator.model.names import PATH
from generator.text.errors import Finding, Location
from generator.text.files import Repository, dig, join, mapping

_RUNS = ("dependencies", "optionalDependencies")
_REPLACED = ("resolutions", "overrides")
# A path may follow one of the first three, and says itself what it is without them.
_PATH_RANGE = re.compile(r"(file:|link:|portal:|(?=\.{0,2}/|\.\.?$|~/))([^#?]*)")
_MEMBER_RANGE = re.compile(r"workspace:[*^~]?[\d.]*")


class _Wrong(NamedTuple):
    """What is wrong with a path."""

    message: str
    fix: str
    code: str


class _Local(NamedTuple):
    """A dependency by path.

    Attributes:
        asked: Who asks for it, with which text.
        protocol: The start of that text; empty for a plain path.
        path: Where it is, below the repository.
        linked: The manager links to it, and does not copy it.
    """

    asked: Dependency
    protocol: str
    path: str
    linked: bool


def detect_local_dependencies(installation: Installation) -> Iterator[Piece]:
    """Yield `install.local` and `context` where the service names no such dependencies, or what is wrong with them."""
    if dig(installation.service.own, "install", "local") is not None:
        return
    found: dict[str, _Local] = {}
    yield from _unknown_members(installation)
    for local in _references(installation):
        if local.linked and _is_member(installation, local):
            continue
        problems = [*_problems(installation, local)]
        yield from problems
        if not has_errors(problems):
            found.setdefault(local.path, local)
    if found:
        yield from _values(installation, found)


def _values(installation: Installation, found: dict[str, _Local]) -> Iterator[Piece]:
    service = installation.service
    first = next(iter(found.values())).asked
    place = _place(installation, first)
    context = service.own.get("context", installation.lock_folder)
    if not installation.workspace and "context" not in service.own:
        context = _common([context, *(posixpath.dirname(path) or "." for path in found)])
    if context not in (installation.lock_folder, service.own.get("context")):
        yield Value(path=("context",), value=context, place=place)
    below = "" if context == "." else f"{context}/"
    entries = [{"path": path.removeprefix(below), "linked": local.linked} for path, local in sorted(found.items())]
    yield Value(path=("install", "local"), value=entries, place=place)


def _common(folders: Iterable[str]) -> str:
    """Give the folder that all `folders` are in, or that one of them is."""
    parts = [[] if folder == "." else folder.split("/") for folder in folders]
    shared = [names[0] for names in zip(*parts, strict=False) if len(set(names)) == 1]
    while any(names[: len(shared)] != shared for names in parts):
        shared.pop()
    return "/".join(shared) or "."


def _references(installation: Installation) -> Iterator[_Local]:
    """Yield the dependencies by path of the service, of what it needs of its workspace, and of these in turn."""
    waiting = [*_asked(installation)]
    seen: set[tuple[str, str]] = set()
    expanded: set[str] = set()
    for asked in waiting:  # it grows
        match = _PATH_RANGE.match(asked.wanted)
        if not match or (asked.manifest, asked.wanted) in seen:
            continue
        seen.add((asked.manifest, asked.wanted))
        base = "" if match[2].startswith("~") else posixpath.dirname(asked.manifest)
        path = posixpath.normpath(posixpath.join(base, match[2] or "."))
        folder = not is_file(installation.repository, path)
        linked = folder and record_of(installation.manager).links(installation, match[1], path)
        yield _Local(asked=asked, protocol=match[1], path=path, linked=linked)
        if path not in expanded:
            expanded.add(path)
            waiting += _ranges(installation.repository, join(path, "package.json"), _RUNS)


def _asked(installation: Installation) -> Iterator[Dependency]:
    repository = installation.repository
    folders = [installation.lock_folder, *(folder for folder, _ in installation.package_folders())]
    for folder in dict.fromkeys(folders):
        sections = [*_RUNS, "devDependencies", *(_REPLACED if folder == installation.lock_folder else ())]
        yield from _ranges(repository, join(folder, "package.json"), sections)
    yield from record_of(installation.manager).more_ranges(installation)


def _ranges(repository: Repository, manifest: str, sections: Iterable[str]) -> Iterator[Dependency]:
    if manifest.startswith(("../", "/")):
        return
    data = repository.json(manifest)
    for section in sections:
        for name, wanted in mapping(data, section).items():
            if isinstance(wanted, str):
                yield Dependency(manifest=manifest, name=name, wanted=wanted)


def _unknown_members(installation: Installation) -> Iterator[Finding]:
    """Report what asks for a member of a workspace that has none of that name, or outside of any."""
    packages = installation.workspace.get("packages") or []
    known = {dig(installation.workspace, "member", "name"), *(package["name"] for package in packages)}
    service = installation.service.in_service("package.json")
    for asked in _asked(installation):
        # What the root needs itself is no concern of a member.
        if asked.manifest == installation.beside_lock(asked.manifest.rpartition("/")[2]) != service:
            continue
        if asked.name not in known and _MEMBER_RANGE.fullmatch(asked.wanted):
            root = dig(installation.workspace, "root")
            where = f"the workspace in {root} has no such member" if root else "there is no workspace around it"
            yield Finding(
                location=_place(installation, asked),
                message=f"{installation.service.name} needs {asked.name} {asked.wanted}, but {where}",
                fix=f"add the folder of {asked.name} to the workspace, or write the version of a published package",
                code="workspace-member-unknown",
            )


def _is_member(installation: Installation, local: _Local) -> bool:
    packages = installation.workspace.get("packages") or []
    return any(join(installation.lock_folder, package["path"]) == local.path for package in packages)


def _place(installation: Installation, asked: Dependency) -> Location:
    place = installation.repository.locate(asked.manifest, f'"{asked.name}"', asked.wanted)
    # A file of settings has the path alone.
    return place if place.line else installation.repository.locate(asked.manifest, asked.wanted.removeprefix("file:"))


def _problems(installation: Installation, local: _Local) -> Iterator[Finding]:
    """Yield what keeps a dependency by path from being built; its own packages count where it is there."""
    place, name, wanted = _place(installation, local.asked), local.asked.name, local.asked.wanted
    wrong = _misplaced(installation, local)
    if wrong:
        yield Finding(location=place, message=f"{name} is {wanted}: {wrong.message}", fix=wrong.fix, code=wrong.code)
    elif local.linked:
        yield from _of_linked(installation, local, place)


def _misplaced(installation: Installation, local: _Local) -> _Wrong | None:
    """Give what is wrong with the path, if anything is."""
    repository, service, path = installation.repository, installation.service, local.path
    if path == ".." or path.startswith(("../", "/", "~")):
        fix = "move it into the repository, or publish it and name its version"
        return _Wrong("it is outside of the repository", fix, code="dependency-outside")
    if path in (".", service.path) or service.path.startswith(f"{path}/"):
        fix = "move what both need into a folder of its own, beside or below the service"
        return _Wrong(f"the folder of {service.name} is inside it", fix, code="dependency-around")
    if not re.fullmatch(PATH, path):
        fix = "move it to a path without blanks, quotes, wildcards or .."
        return _Wrong(f"the path {path!r} cannot stand in a Dockerfile", fix, code="path-malformed")
    if installation.workspace and not installation.is_below_lock(path):
        fix = f"move it below {installation.lock_folder}, the root of the workspace"
        return _Wrong("it is outside of the workspace", fix, code="dependency-outside")
    if link := next((part for part in (*parents(path), path) if part != "." and repository.is_link(part)), None):
        fix = "name the folder that the link leads to, or replace the link by a folder"
        return _Wrong(f"{link} is a symbolic link, which the builder does not follow", fix, code="dependency-link")
    if not repository.names(path) and not is_file(repository, path):
        fix = f"add it, or remove {local.asked.name} from {local.asked.manifest}"
        return _Wrong(f"{path} is missing", fix, code="dependency-missing")
    return None


def _of_linked(installation: Installation, local: _Local, place: Location) -> Iterator[Finding]:
    """Report packages that a linked folder would not find, and a build script that nothing runs."""
    record, name = record_of(installation.manager), local.asked.name
    data = installation.repository.json(join(local.path, "package.json"))
    inside = installation.is_below_lock(local.path)
    own = mapping(installation.repository.json(installation.service.in_service("package.json")), "dependencies")
    needs = [one for one in mapping(data, "dependencies") if not inside or one not in own]
    if (inside and local.protocol in record.links_with_packages) or record.links_anywhere(installation):
        needs = []
    if needs:
        yield Finding(
            location=place,
            message=f"{name} is a link to {local.path}, whose packages {installation.manager} does not install there: "
            + ", ".join(needs),
            fix=record.copies_instead,
            code="dependency-linked",
        )
    if "build" in mapping(data, "scripts"):
        yield Finding(
            location=place,
            message=f"{name} ships as {local.path} is on the disk; its script build is not run",
            fix=f"make {local.path} a member of a workspace to have it built, or build it before the image",
            code="dependency-not-built",
            level="warn",
        )
