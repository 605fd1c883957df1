"""Workspaces: one lock file for several packages, of which a service needs some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from generator.detect.workspace_folders import folders
from generator.text.files import Repository, join


class Member(NamedTuple):
    """A package of a workspace.

    Attributes:
        name: As its manifest gives it.
        path: Its folder, below the workspace's root.
        needs: Names of the packages that it needs to run, of the workspace and others.
        builds_with: Names of those it needs besides to be built.
        options: The names that a choice of the service adds to `needs`, by the key of the choice and its name.
    """

    name: str
    path: str
    needs: frozenset[str]
    builds_with: frozenset[str]
    options: Mapping[str, Mapping[str, frozenset[str]]] = MappingProxyType({})


class Workspace(NamedTuple):
    """A workspace's root folder, its members by name, and their names by their folders below the repository."""

    root: str
    members: Mapping[str, Member]
    folders: Mapping[str, str]

    def member_at(self, path: str) -> Member | None:
        """Give the member whose folder is `path`, below the repository."""
        return self.members[self.folders[path]] if path in self.folders else None


class WorkspaceKind(NamedTuple):
    """How one package manager, or several, declare a workspace.

    Attributes:
        manifest: The file in the root that declares it.
        member_list: What a message calls the list of members.
        member_manifest: The manifest of each member.
        patterns: Takes the repository and a folder; gives the patterns of the members' folders, or None where the
            folder is no root.
        members: Takes the repository, the root, and the members' folders; yields the members.
        package: Takes the repository, the root, a member that a service needs and whether it is needed to run; gives
            the entry under `workspace.packages`, or None where none is needed.
        heading: Where in `manifest` it is declared; empty for the file as a whole.
        root_files: The pattern of the names of files beside the lock file that the builds of members commonly read.
        root_is_installed: What the root itself depends on has to be there, whichever member is installed.
    """

    manifest: str
    member_list: str
    member_manifest: str
    patterns: Callable[[Repository, str], list[str] | None]
    members: Callable[[Repository, str, list[str]], Iterable[Member]]
    package: Callable[[Repository, str, Member, bool], dict[str, Any] | None]
    heading: str = ""
    root_files: str = ""
    root_is_installed: bool = False

    def read(self, repository: Repository, root: str) -> Workspace:
        """Read the members of the workspace in `root`; once, however many services are in it."""
        key = ("workspace", join(root, self.manifest))
        if key not in repository.remembered:
            paths = folders(repository, root, self.patterns(repository, root) or (), self.member_manifest)
            # The root may be a package like the others.
            members = {member.name: member for member in self.members(repository, root, [*paths, "."])}
            names = {join(root, member.path): member.name for member in members.values()}
            repository.remembered[key] = Workspace(root=root, members=members, folders=names)
        read: Workspace = repository.remembered[key]
        return read


def needed_packages(
    workspace: Workspace, member: Member, chosen: Mapping[str, Iterable[str]] = MappingProxyType({})
) -> list[tuple[Member, bool]]:
    """List what `member` needs of its workspace, dependencies first; each with whether it is needed to run.

    Args:
        workspace: The workspace.
        member: The service's own package.
        chosen: The names of the options that the service takes, by key.
    """
    runs = _reachable(workspace, member, chosen)
    order: list[Member] = []
    # Each with the names that are still to be visited; a chain of packages can be longer than Python's stack.
    open_ = [(member, _names(workspace, member))]
    seen = {member.name}
    while open_:
        one, names = open_[-1]
        name = next((name for name in names if name not in seen), None)
        if name is None:
            order.append(one)
            open_.pop()
        else:
            seen.add(name)
            open_.append((workspace.members[name], _names(workspace, workspace.members[name])))
    return [(one, one.name in runs) for one in order if one is not member]


def packages_of_root(workspace: Workspace, member: Member) -> Iterator[Member]:
    """Yield the members that the root needs, dependencies first, but for those that `member` needs itself."""
    root = workspace.member_at(workspace.root)
    seen = {member.name, *(one.name for one, _ in needed_packages(workspace, member))}
    for one, _ in needed_packages(workspace, root) if root is not None else ():
        if one.name not in seen:
            yield one


def _reachable(workspace: Workspace, start: Member, chosen: Mapping[str, Iterable[str]]) -> set[str]:
    reached: set[str] = set()
    own = [start.options.get(key, {}).get(name, ()) for key, names in chosen.items() for name in names]
    waiting = [start.needs.union(*own)]
    while waiting:
        for name in waiting.pop():
            if name in workspace.members and name not in reached:
                reached.add(name)
                member = workspace.members[name]
                # Which extras of it are asked for is not read.
                waiting.append(member.needs.union(*member.options.get("extras", {}).values()))
    return reached


def _names(workspace: Workspace, member: Member) -> Iterator[str]:
    return iter(sorted(name for name in member.needs | member.builds_with if name in workspace.members))
