"""The workspace that a service's folder is a member of, and the packages of it that the service needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.detect.detected import Piece, Value, Values
from generator.detect.managers import MANAGERS
from generator.detect.managers.package_json_workspace import PACKAGE_JSON
from generator.detect.service_folder import ServiceFolder
from generator.detect.workspace import Member, Workspace, WorkspaceKind, needed_packages
from generator.detect.workspace_folders import parents
from generator.model.names import PATH
from generator.text.errors import Finding, Location
from generator.text.files import join, texts

# Workspaces that are declared in the manifest itself, for several managers.
_SHARED = {"node": PACKAGE_JSON, "bun": PACKAGE_JSON}


def detect_workspace(service: ServiceFolder) -> Iterator[Piece]:
    """Yield the service's `workspace`; or what is wrong, where its folder is in one without being a member."""
    nearest = _nearest(service)
    if nearest is None:
        return
    kind, root = nearest
    if not service.has(kind.member_manifest):
        return
    workspace = kind.read(service.repository, root)
    if (member := workspace.member_at(service.path)) is not None:
        yield _membership(service, kind, workspace, member)
    elif root == service.path:
        yield from _root_alone(service, kind, workspace)
    elif not any(service.has(str(facts.get("lock"))) for facts in service.facts.values()):
        yield Finding(
            location=service.repository.locate(join(root, kind.manifest), *([kind.heading] if kind.heading else [])),
            message=f"{service.name} is in {service.path}, which is not a member of the workspace around it",
            fix=f"add it to {kind.member_list}, or give it a lock file of its own",
            code="workspace-member-missing",
        )


def _nearest(service: ServiceFolder) -> tuple[WorkspaceKind, str] | None:
    """Give the service's own folder where it is a root, or the nearest above it.

    In one folder, a manager's own file counts before the manifest.
    A manager that the service names makes those of the others no workspaces of it.
    """
    named = service.own.get("manager")
    managers = [manager for manager in service.facts if manager == named or not isinstance(named, str)]
    kinds = [*(MANAGERS[manager].workspace for manager in managers), _SHARED.get(service.runtime)]
    for folder in (service.path, *parents(service.path)):
        for kind in kinds:
            own = folder == service.path
            if kind is None or (own and not kind.root_is_member):
                continue
            if kind.patterns(service.repository, folder) is not None:
                return kind, folder
    return None


def _root_alone(service: ServiceFolder, kind: WorkspaceKind, workspace: Workspace) -> Iterator[Piece]:
    """Report a root that is no project itself: its members are, and each would be a service."""
    if workspace.members:
        example = join(service.path, min(member.path for member in workspace.members.values()))
        yield Finding(
            location=service.repository.locate(service.in_service(kind.manifest), kind.heading),
            message=f"{service.name} is in {service.path}, the root of a workspace, which is no project itself",
            fix=f"set path to the folder of a member, as {example}",
            code="workspace-member-missing",
        )


def _membership(service: ServiceFolder, kind: WorkspaceKind, workspace: Workspace, member: Member) -> Piece:
    """Give the workspace as the service would say it, unless a path in it could not stand in a Dockerfile."""
    repository, root = service.repository, workspace.root
    chosen = {key: texts(service.merged, key) for key in ("extras", "groups")}
    needed = [kind.package(repository, root, one, runs) for one, runs in needed_packages(workspace, member, chosen)]
    packages = [package for package in needed if package is not None]
    files = sorted(name for name in repository.names(root) if re.fullmatch(kind.root_files, name))
    place = repository.locate(join(root, kind.manifest))
    if any(package["path"] == "." for package in packages):
        return _root_needed(service, place)
    for path in (member.path, *(package["path"] for package in packages), *files):
        if path != "." and not re.fullmatch(PATH, path):
            message = f"the workspace's {path!r} cannot stand in a Dockerfile"
            fix = "rename it, without blanks, quotes, wildcards or .."
            return Finding(location=place, message=message, fix=fix, code="path-malformed")
    value: Values = {
        "root": root,
        "member": {"name": member.name, "path": member.path},
        "packages": packages,
        "files": files,
    }
    return Value(path=("workspace",), value=value, place=place)


def _root_needed(service: ServiceFolder, place: Location) -> Finding:
    return Finding(
        location=place,
        message=f"{service.name} needs the root of its workspace as a package, and all of the repository would be sent",
        fix="move that package into a folder of its own, and add it to the members",
        code="workspace-root-needed",
    )
