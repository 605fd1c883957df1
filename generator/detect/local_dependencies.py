"""Dependencies that are folders and archives of the repository: what is sent to the builder, and from where.

Package managers say which there are, by `find_local`. They may be beside or above the service's folder. Then the build
context is the nearest folder that holds everything, and the lock file stays where it is.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

from generator.detect.detected import Piece, Value, has_errors
from generator.detect.managers import record_of
from generator.detect.managers.manager import Local
from generator.detect.service_folder import Installation, Values, is_file
from generator.model.names import is_folder, is_path
from generator.text.errors import Finding
from generator.text.files import common_folder, dig, is_below, is_outside, join, relative_to
from generator.text.spelling import misspelled, on_disk

_MAX_TOLD = 100


class _Wrong(NamedTuple):
    """What is wrong with a path."""

    message: str
    fix: str
    code: str


def detect_local_dependencies(installation: Installation, more: Iterable[Local] = ()) -> Iterator[Piece]:
    """Yield `workspace` with what the service depends on by path, or what is wrong with it.

    Where the service says `workspace.local` itself, nothing is looked for.

    Args:
        installation: The service.
        more: What is sent besides what its package manager knows.
    """
    service = installation.service
    if dig(service.own, "workspace", "local") is not None:
        yield Value(("workspace",), _workspace(installation, {}), service.locate("workspace", "local"))
        return
    found: dict[str, Local] = {}
    wrong = 0
    for one in chain(record_of(installation.manager).find_local(installation), more):
        noted = [one] if isinstance(one, Finding) else _noted(installation, one)
        yield from noted
        if has_errors(noted):
            wrong += 1
        elif isinstance(one, Local):
            found.setdefault(one.path, one)
        if wrong == _MAX_TOLD:
            return
    if found:
        yield Value(path=("workspace",), value=_workspace(installation, found), place=next(iter(found.values())).place)


def _noted(installation: Installation, local: Local) -> list[Piece]:
    """List what is wrong with a dependency, or what its manager notes of one that can be sent."""
    wrong = _misplaced(installation, local) or _missing(installation, local)
    if isinstance(wrong, _Wrong):
        return [Finding(location=local.place, message=wrong.message, fix=wrong.fix, code=wrong.code)]
    return [wrong] if wrong else [*local.notes]


def _needs(installation: Installation, local: Local) -> str:
    what = f"{local.name} from {local.said}" if local.name else local.said
    return f"{installation.service.name} needs {what}"


def _missing(installation: Installation, local: Local) -> _Wrong | Finding | None:
    """Give what is wrong where nothing has the path of a dependency, or nothing that is spelled like that."""
    repository, path = installation.repository, local.path
    if (spelled := on_disk(repository, path)) != path:
        there = posixpath.relpath(spelled, local.folder)
        return misspelled(f"{installation.service.name} needs", local.said, there, local.place)
    if local.is_itself or repository.names(path) or is_file(repository, path):
        return None
    message = f"{_needs(installation, local)}, and there is no {path}"
    fix = f"correct the path, add what it names, or remove it from {local.place.file}"
    return _Wrong(message, fix, code="dependency-missing")


def _misplaced(installation: Installation, local: Local) -> _Wrong | None:
    """Give what is wrong with the place of a dependency, be it there or not."""
    service, path, needs = installation.service, local.path, _needs(installation, local)
    if is_outside(path):
        fix = "move it into the repository, or publish it and name its version"
        return _Wrong(f"{needs}, which is outside of the repository", fix, code="file-outside")
    if is_below(service.path, installation.repository.led_to(path) or path) and not local.is_itself:
        message = f"{needs}, a folder with {service.name} itself inside it, and all of it would be sent"
        fix = "move what both need into a folder of its own, beside or below the service"
        return _Wrong(message, fix, code="dependency-around")
    if path != "." and not is_path(path):
        fix = "rename it, without blanks, quotes, wildcards or .."
        return _Wrong(f"the path {path!r} cannot stand in a Dockerfile", fix, code="path-malformed")
    root = dig(service.own, "workspace", "root")
    if is_folder(root) and not is_below(path, root):
        fix = "leave workspace.root out, it is found; or name a folder above both"
        return _Wrong(f"{needs}, which is outside of {root}, its workspace.root", fix, code="workspace-disagrees")
    return None


def _workspace(installation: Installation, found: Mapping[str, Local]) -> Values:
    """Give the workspace that the service is in already, or none so far, with what was found."""
    value = moved_workspace(installation, found)
    root = value["root"]
    files = [relative_to(root, path) for path, one in found.items() if one.is_read]
    local = [_entry(one, root) for _, one in sorted(found.items()) if not one.is_read and not one.is_itself]
    return {**value, "local": local, "files": sorted({*value["files"], *files})}


def moved_workspace(installation: Installation, paths: Iterable[str], links: Iterable[str] = ()) -> Values:
    """Give the workspace that the service is in, or an empty one, with a root that holds other paths too.

    Args:
        installation: The service.
        paths: The paths, in the repository.
        links: Those of them that links lead to.
    """
    known, service = installation.workspace, installation.service
    lock_folder = installation.lock_folder
    before = installation.context
    held = [*paths, *links]
    inside = [path if installation.repository.names(path) else posixpath.dirname(path) or "." for path in held]
    own = dig(service.own, "workspace", "root")
    root = common_folder([before, service.path, *inside, *([own] if is_folder(own) else [])])
    value: dict[str, Any] = {
        "root": root,
        "packages": [_moved(package, before, root) for package in known.get("packages", ())],
        "files": [relative_to(root, join(before, file)) for file in known.get("files", ())],
    }
    if "member" in known:
        value["member"] = _moved(known["member"], before, root)
    if known.get("local") is not None:
        value["local"] = [_moved(one, before, root) for one in known["local"]]
    if links:
        value["links"] = sorted(relative_to(root, path) for path in links)
    if root != lock_folder:
        value["lock_folder"] = relative_to(root, lock_folder)
    return value


def _moved(package: Mapping[str, Any], before: str, root: str) -> Values:
    return {**package, "path": relative_to(root, join(before, package["path"]))}


def _entry(local: Local, root: str) -> Values:
    entry = {"path": relative_to(root, local.path), "ships": local.ships}
    return {**entry, "name": local.name} if local.has_manifest else entry
