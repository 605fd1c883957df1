"""The workspace that a service's folder is a member of, and the packages of it that the service needs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from generator.detect.detected import Piece, Value
from generator.detect.managers import MANAGERS
from generator.detect.managers.package_json_workspace import PACKAGE_JSON
from generator.detect.managers.pyproject import canonical
from generator.detect.service_folder import ServiceFolder, Values
from generator.detect.workspace import Member, Workspace, WorkspaceKind, needed_packages, packages_of_root
from generator.detect.workspace_folders import folders, parents
from generator.model.names import is_path
from generator.text.errors import Finding, Location
from generator.text.files import join, texts
from generator.text.spelling import misspelled, on_disk

# Workspaces that are declared in the manifest itself, for several managers.
_SHARED = {"node": PACKAGE_JSON, "bun": PACKAGE_JSON}


def detect_workspace(service: ServiceFolder) -> Iterator[Piece]:
    """Yield the service's `workspace`; or what is wrong, where its folder is in one without being a member.

    A root above the service counts before a root in its own folder, unless there is a lock file beside that one.
    """
    around, own = _nearest(service, parents(service.path)), _nearest(service, [service.path])
    for found in (own, around) if own is not None and _is_locked(service) else (around, own):
        if found is None or not service.has(found[0].member_manifest):
            continue
        yield from _misspelled(service, *found)
        workspace = found[0].read(service.repository, found[1])
        if (member := workspace.member_at(service.path)) is not None:
            yield _membership(service, found[0], workspace, member)
            return
    if own is not None:
        yield from _root_alone(service, *own)
    elif around is not None:
        yield from _outsider(service, *around)


def _root_alone(service: ServiceFolder, kind: WorkspaceKind, root: str) -> Iterator[Finding]:
    """Report a root that is no project itself: its members are, and each would be a service."""
    workspace = kind.read(service.repository, root)
    if workspace.members and service.has(kind.member_manifest):
        example = join(root, min(member.path for member in workspace.members.values()))
        yield Finding(
            location=_declared(service, kind, root),
            message=f"{service.name} is in {service.path}, the root of a workspace, which is no project itself",
            fix=f"set path to the folder of a member, as {example}",
            code="workspace-member-missing",
        )


def _outsider(service: ServiceFolder, kind: WorkspaceKind, root: str) -> Iterator[Finding]:
    """Report a folder below a workspace that is no member of it, unless it has a lock file of its own."""
    if not service.has(kind.member_manifest) or _is_locked(service):
        return
    repository, patterns = service.repository, kind.patterns(service.repository, root) or ()
    if service.path in (join(root, path) for path in folders(repository, root, patterns, kind.member_manifest)):
        manifest = service.in_service(kind.member_manifest)
        yield Finding(
            location=repository.locate(manifest),
            message=f"{service.name} is a member of the workspace around it, and {manifest} gives it no name",
            fix=f'add "name": "{service.name}" to {manifest}',
            code="workspace-member-missing",
        )
    else:
        yield Finding(
            location=_declared(service, kind, root),
            message=f"{service.name} is in {service.path}, which is not a member of the workspace around it",
            fix=f"add it to {kind.member_list}, or give it a lock file of its own",
            code="workspace-member-missing",
        )


def _is_locked(service: ServiceFolder) -> bool:
    return any(service.has(str(facts.get("lock"))) for facts in service.facts.values())


def _declared(service: ServiceFolder, kind: WorkspaceKind, root: str, *words: str) -> Location:
    """Give the place that declares the workspace, or of words in it."""
    return service.repository.locate(join(root, kind.manifest), *([kind.heading] if kind.heading else []), *words)


def _misspelled(service: ServiceFolder, kind: WorkspaceKind, root: str) -> Iterator[Finding]:
    """Report each member whose folder is spelled otherwise on the disk; patterns with a star name no folder."""
    repository = service.repository
    for pattern in kind.patterns(repository, root) or ():
        path = posixpath.normpath(pattern)
        if is_path(path) and (spelled := on_disk(repository, join(root, path))) != join(root, path):
            there = spelled if root == "." else posixpath.relpath(spelled, root)
            yield misspelled("the workspace has the member", pattern, there, _declared(service, kind, root, pattern))


def _nearest(service: ServiceFolder, among: Iterable[str]) -> tuple[WorkspaceKind, str] | None:
    """Give the first of the folders that is a root; in one folder, a manager's own file counts before the manifest.

    A manager that the service names makes those of the others no workspaces of it.
    """
    named = service.own.get("manager")
    managers = [manager for manager in service.facts if manager == named or not isinstance(named, str)]
    kinds = [*(MANAGERS[manager].workspace for manager in managers), _SHARED.get(service.runtime)]
    for folder in among:
        for kind in kinds:
            if kind is not None and kind.patterns(service.repository, folder) is not None:
                return kind, folder
    return None


def _membership(service: ServiceFolder, kind: WorkspaceKind, workspace: Workspace, member: Member) -> Piece:
    """Give the workspace as the service would say it, unless a path in it could not stand in a Dockerfile."""
    repository, root = service.repository, workspace.root
    packages = [*_packages(service, kind, workspace, member)]
    files = sorted(name for name in repository.names(root) if re.fullmatch(kind.root_files, name))
    place = repository.locate(join(root, kind.manifest))
    for path in (member.path, *(package["path"] for package in packages), *files):
        if path != "." and not is_path(path):
            message = f"the workspace's {path!r} cannot stand in a Dockerfile"
            fix = "rename it, without blanks, quotes, wildcards or .."
            return Finding(location=place, message=message, fix=fix, code="path-malformed")
    if (manifest := kind.member_manifest) not in repository.names(root):
        return Finding(
            location=place,
            message=f"the workspace around {service.name} has no {manifest} in its root, which the build reads",
            fix='add one as {"private": true}, and write the lock file anew',
            code="workspace-without-manifest",
        )
    if any(package["path"] == "." for package in packages):
        return Finding(
            location=place,
            message=f"{service.name} needs the root of its workspace, a folder with {service.name} itself inside it",
            fix="move what both need into a folder of its own, and add it to the members",
            code="dependency-around",
        )
    value: Values = {
        "root": root,
        "member": {"name": member.name, "path": member.path},
        "packages": packages,
        "files": files,
    }
    return Value(path=("workspace",), value=value, place=place)


def _packages(service: ServiceFolder, kind: WorkspaceKind, workspace: Workspace, member: Member) -> Iterator[Values]:
    """Yield the entries of `workspace.packages`, dependencies first."""
    chosen = {key: map(canonical, texts(service.merged, key)) for key in ("extras", "groups")}
    members = needed_packages(workspace, member, chosen)
    if kind.root_is_installed:
        members += [(one, False) for one in packages_of_root(workspace, member)]
    for one, runs in members:
        entry = kind.package(service.repository, workspace.root, one, runs)
        if entry is not None:
            yield entry
