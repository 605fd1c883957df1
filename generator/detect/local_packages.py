"""Dependencies in the repository itself, by path: what has to be sent to the builder, and from where.

They may lie beside or above the service's folder. Then the build context is the nearest folder that holds them all, as
it is for a workspace.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from generator.detect.detected import Piece, Value, Values
from generator.detect.managers import record_of
from generator.detect.managers.manager import Local
from generator.detect.managers.pyproject import is_package, project_name
from generator.detect.service_folder import Installation, is_file
from generator.detect.workspace_folders import parents
from generator.model.names import PATH
from generator.text.errors import Finding, Location
from generator.text.files import below, dig, join, mapping, relative_to, texts

_MANIFEST = "pyproject.toml"


class _Found(NamedTuple):
    """A dependency that is where it is said to be: its path in the repository, and who names it."""

    local: Local
    path: str
    place: Location


def detect_local_packages(installation: Installation) -> Iterator[Piece]:
    """Yield `workspace` with the folders and files that the service depends on by path; report what is not there."""
    found: dict[str, _Found] = {}
    for local in record_of(installation.manager).find_local(installation):
        one = _located(installation, local)
        if isinstance(one, Finding):
            yield one
        else:
            found.setdefault(one.path, one)
    if found:
        yield from _workspace(installation, list(found.values()))


def _located(installation: Installation, local: Local) -> _Found | Finding:
    repository = installation.repository
    place = local.place
    path = below(local.folder, local.path)
    if path is None:
        message = f"{installation.service.name} needs {local.path}, which is outside of the repository"
        fix = "move it into the repository, and name it by a path from there; or publish it, and name its version"
        return Finding(location=place, message=message, fix=fix, code="file-outside")
    if link := _link_in(installation, path):
        message = (
            f"{installation.service.name} needs {local.path}, and {link} is a link, which the builder does not follow"
        )
        fix = "name the folder that the link leads to"
        return Finding(location=place, message=message, fix=fix, code="file-is-link")
    if not is_file(repository, path) and not repository.names(path):
        message = f"{installation.service.name} needs {local.path}, and there is no {path}"
        fix = "correct the path, or restore what it names"
        return Finding(location=place, message=message, fix=fix, code="local-package-missing")
    if path != "." and not re.fullmatch(PATH, path):
        message = f"the path {path!r} cannot stand in a Dockerfile"
        fix = "rename it, without blanks, quotes or wildcards"
        return Finding(location=place, message=message, fix=fix, code="path-malformed")
    return _Found(local=local, path=path, place=place)


def _link_in(installation: Installation, path: str) -> str:
    """Give the first part of a path that is a symbolic link; empty without one."""
    parts = path.split("/")
    heads = ("/".join(parts[: count + 1]) for count in range(len(parts)))
    return next((head for head in heads if installation.repository.is_link(head)), "")


def _workspace(installation: Installation, found: list[_Found]) -> Iterator[Piece]:
    """Yield the workspace that the service is in already, or none so far, with what was found."""
    known, service, repository = installation.workspace, installation.service, installation.repository
    files = [one.path for one in found if is_file(repository, one.path)]
    folders = [one for one in found if one.path not in (*files, service.path)]
    yield from (_itself(installation, one) for one in found if one.path == service.path)
    if around := next((one for one in folders if one.path in parents(service.path)), None):
        yield _too_wide(installation, around)
        return
    before = known.get("root", installation.lock_folder)
    root = _common([before, service.path, *(one.path for one in folders), *(posixpath.dirname(one) for one in files)])
    entries = []
    for one in folders:
        yield from _unread(installation, one)
        entries.append(_entry(installation, one, root))
    moved = [
        {**package, "path": relative_to(root, join(before, package["path"]))} for package in known.get("packages", ())
    ]
    value: Values = {
        "root": root,
        "member": {"name": _own_name(installation), "path": relative_to(root, service.path)},
        "packages": [*{entry["path"]: entry for entry in [*entries, *moved]}.values()],
        "files": sorted(
            {relative_to(root, file) for file in [*files, *(join(before, one) for one in known.get("files", ()))]}
        ),
    }
    if root != installation.lock_folder:
        value["lock_folder"] = relative_to(root, installation.lock_folder)
    yield Value(path=("workspace",), value=value, place=found[0].place)


def _itself(installation: Installation, one: _Found) -> Piece:
    """Give that the project itself is installed, which its requirements ask for; warn where nothing can build it."""
    name, manifest = installation.service.name, installation.service.in_service(_MANIFEST)
    if is_package(installation.repository.toml(manifest) or {}, ()):
        return Value(path=("package",), value=True, place=one.place)
    return Finding(
        location=one.place,
        message=f"{name} is copied to /app as it is, since {manifest} has no [build-system]: no scripts are installed",
        fix=f"add [build-system] and [project] to {manifest}, or remove the line",
        code="project-copied",
        level="warn",
    )


def _too_wide(installation: Installation, one: _Found) -> Finding:
    name = installation.service.name
    return Finding(
        location=one.place,
        message=f"{name} needs {one.local.path}, which holds the folder of {name} itself, and all of it would be sent",
        fix="move that package into a folder of its own, beside the service",
        code="workspace-root-needed",
    )


def _unread(installation: Installation, one: _Found) -> Iterator[Finding]:
    """Report a package whose manifest the build reads, and which has none with static dependencies."""
    metadata = record_of(installation.manager).metadata
    project = mapping(installation.repository.toml(join(one.path, _MANIFEST)), "project")
    if not metadata or (isinstance(project.get("name"), str) and "dependencies" not in texts(project, "dynamic")):
        return
    what = f"{one.path} has no {_MANIFEST} with its dependencies"
    if metadata == "required":
        fix = f"give it a {_MANIFEST} with [project], name and dependencies"
        yield Finding(location=one.place, message=what, fix=fix, code="local-package-malformed")
    else:
        message = f"{what}, so that only those of {installation.service.name}'s own requirements are installed"
        fix = f"list them in {one.place.file}, or in [project] of a {join(one.path, _MANIFEST)}"
        yield Finding(location=one.place, message=message, fix=fix, code="dependencies-unread", level="warn")


def _entry(installation: Installation, one: _Found, root: str) -> Values:
    """Give a package under `workspace.packages`."""
    data = installation.repository.toml(join(one.path, _MANIFEST))
    name = (
        one.local.name
        or project_name(data)
        or re.sub(r"[^a-z0-9]+", "-", posixpath.basename(one.path).lower()).strip("-")
    )
    ships = one.local.runs and one.local.installs
    entry: Values = {"name": name, "path": relative_to(root, one.path), "artifacts": ["."] if ships else []}
    if record_of(installation.manager).metadata and isinstance(dig(data, "project", "name"), str):
        entry["manifest"] = _MANIFEST
    return entry


def _own_name(installation: Installation) -> str:
    known = dig(installation.workspace, "member", "name")
    data = installation.repository.toml(installation.service.in_service(_MANIFEST))
    return known if isinstance(known, str) else project_name(data) or installation.service.name


def _common(folders: Iterable[str]) -> str:
    """Give the nearest folder that holds all of `folders`."""
    parts = [[] if folder in (".", "") else folder.split("/") for folder in folders]
    return "/".join(posixpath.commonprefix(parts)) or "."
