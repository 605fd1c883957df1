"""The workspace that a service's folder is a member of, and the packages of it that the service needs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from generator.detect.detected import Piece, Value
from generator.detect.managers import MANAGERS
from generator.detect.managers.package_json_workspace import PACKAGE_JSON
from generator.detect.service_folder import ServiceFolder
from generator.detect.workspace import Member, Workspace, WorkspaceKind, needed_packages
from generator.detect.workspace_folders import parents
from generator.model.names import is_path
from generator.text.errors import Finding
from generator.text.files import join
from generator.text.spelling import misspelled, on_disk

# Workspaces that are declared in the manifest itself, for several managers.
_SHARED = {"node": PACKAGE_JSON, "bun": PACKAGE_JSON}


def detect_workspace(service: ServiceFolder) -> Iterator[Piece]:
    """Yield the service's `workspace`; or what is wrong, where its folder is below one without being a member."""
    nearest = _nearest(service)
    if nearest is None:
        return
    kind, root = nearest
    if not service.has(kind.member_manifest):
        return
    yield from _misspelled(service, kind, root)
    workspace = kind.read(service.repository, root)
    if (member := workspace.member_at(service.path)) is not None:
        yield _membership(service, kind, workspace, member)
    elif not any(service.has(str(facts.get("lock"))) for facts in service.facts.values()):
        yield Finding(
            location=service.repository.locate(join(root, kind.manifest), *([kind.heading] if kind.heading else [])),
            message=f"{service.name} is in {service.path}, which is not a member of the workspace around it",
            fix=f"add it to {kind.member_list}, or give it a lock file of its own",
            code="workspace-member-missing",
        )


def _misspelled(service: ServiceFolder, kind: WorkspaceKind, root: str) -> Iterator[Finding]:
    """Report each member whose folder is spelled otherwise on the disk; patterns with a star name no folder."""
    repository, manifest = service.repository, join(root, kind.manifest)
    for pattern in kind.patterns(repository, root) or ():
        path = posixpath.normpath(pattern)
        if is_path(path) and (spelled := on_disk(repository, join(root, path))) != join(root, path):
            there = spelled if root == "." else posixpath.relpath(spelled, root)
            place = repository.locate(manifest, *([kind.heading] if kind.heading else []), pattern)
            yield misspelled("the workspace has the member", pattern, there, place)


def _nearest(service: ServiceFolder) -> tuple[WorkspaceKind, str] | None:
    """Give the nearest root above the service; in one folder, a manager's own file counts before the manifest.

    A manager that the service names makes those of the others no workspaces of it.
    """
    named = service.own.get("manager")
    managers = [manager for manager in service.facts if manager == named or not isinstance(named, str)]
    kinds = [*(MANAGERS[manager].workspace for manager in managers), _SHARED.get(service.runtime)]
    for folder in parents(service.path):
        for kind in kinds:
            if kind is not None and kind.patterns(service.repository, folder) is not None:
                return kind, folder
    return None


def _membership(service: ServiceFolder, kind: WorkspaceKind, workspace: Workspace, member: Member) -> Piece:
    """Give the workspace as the service would say it, unless a path in it could not stand in a Dockerfile."""
    repository, root = service.repository, workspace.root
    needed = [kind.package(repository, root, one, runs) for one, runs in needed_packages(workspace, member)]
    packages = [package for package in needed if package is not None]
    files = sorted(name for name in repository.names(root) if re.fullmatch(kind.root_files, name))
    place = repository.locate(join(root, kind.manifest))
    for path in (member.path, *(package["path"] for package in packages), *files):
        if not is_path(path):
            message = f"the workspace's {path!r} cannot stand in a Dockerfile"
            fix = "rename it, without blanks, quotes, wildcards or .."
            return Finding(location=place, message=message, fix=fix, code="path-malformed")
    value = {
        "root": root,
        "member": {"name": member.name, "path": member.path},
        "packages": packages,
        "files": files,
    }
    return Value(path=("workspace",), value=value, place=place)
