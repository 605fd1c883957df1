"""Workspaces: one lock file for several packages. Which of them a service needs is its closure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.detect.subject import Subject
from generator.model.names import PATH
from generator.text.errors import Location
from generator.text.files import Repository, join

SKIPPED = frozenset({"node_modules", ".git", ".venv"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A package of a workspace.

    Attributes:
        name: As its manifest gives it.
        path: Its folder, below the workspace's root.
        needs: Names of the packages that it needs to run, of the workspace and others.
        builds_with: Names of those it needs besides to be built.
    """

    name: str
    path: str
    needs: frozenset[str]
    builds_with: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Workspace:
    """A workspace's root folder, the manifest that declares it, and its members by name."""

    root: str
    manifest: str
    members: Mapping[str, Member]

    def member_at(self, path: str) -> Member | None:
        """The member whose folder is `path`, below the repository."""
        return next((member for member in self.members.values() if join(self.root, member.path) == path), None)


def parents(path: str) -> Iterator[str]:
    """The folders above `path`, the nearest first, up to the repository itself."""
    while path != ".":
        path = path.rpartition("/")[0] or "."
        yield path


def folders(repository: Repository, root: str, patterns: Iterable[str], manifest: str) -> list[str]:
    """The folders below `root` that match the workspace's patterns and hold a manifest, sorted.

    A pattern may have `*` and `**`, and one with an exclamation mark takes its matches out again.
    """
    found: set[str] = set()
    for pattern in patterns:
        expression = _expression(pattern.removeprefix("!"))
        matches = {path for path in _manifests(repository, root, manifest) if expression.fullmatch(path)}
        found = found - matches if pattern.startswith("!") else found | matches
    return sorted(found)


def _expression(pattern: str) -> re.Pattern[str]:
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    words = [re.escape(part).replace(r"\*", "[^/]*") if part != "**" else "" for part in parts]
    text = "/".join(word or "(?:[^/]+/)*[^/]+" for word in words)
    # `packages/**` covers packages/a and packages/a/b; `**/x` covers x as well.
    return re.compile(text.replace("(?:[^/]+/)*[^/]+/", "(?:[^/]+/)*"))


def _manifests(repository: Repository, root: str, manifest: str) -> list[str]:
    """Every folder below `root` with such a manifest, relative to it."""
    key = ("manifests", f"{root}:{manifest}")
    if key not in repository.remembered:
        repository.remembered[key] = [*_walk(repository, root, "", manifest)]
    found: list[str] = repository.remembered[key]
    return found


def _walk(repository: Repository, root: str, below: str, manifest: str) -> Iterator[str]:
    for name in sorted(repository.names(join(root, below) if below else root)):
        folder = name.removesuffix("/")
        if not name.endswith("/") or folder in SKIPPED or repository.is_link(join(root, f"{below}{folder}")):
            continue
        path = f"{below}{folder}"
        if manifest in repository.names(join(root, path)):
            yield path
        yield from _walk(repository, root, f"{path}/", manifest)


def closure(workspace: Workspace, member: Member) -> list[tuple[Member, bool]]:
    """What `member` needs of its workspace, dependencies first; each with whether it is needed to run."""
    runs = _reachable(workspace, member, lambda one: one.needs)
    order: list[Member] = []
    _visit(workspace, member, order, set())
    return [(one, one.name in runs) for one in order if one is not member]


def _reachable(workspace: Workspace, start: Member, needs: Callable[[Member], Iterable[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for name in needs(waiting.pop()):
            if name in workspace.members and name not in found:
                found.add(name)
                waiting.append(workspace.members[name])
    return found


def _visit(workspace: Workspace, member: Member, order: list[Member], seen: set[str]) -> None:
    seen.add(member.name)
    for name in sorted(member.needs | member.builds_with):
        if name in workspace.members and name not in seen:
            _visit(workspace, workspace.members[name], order, seen)
    order.append(member)


def say_workspace(
    subject: Subject, workspace: Workspace, member: Member, packages: list[dict[str, Any]], files: Iterable[str] = ()
) -> None:
    """Set the workspace of the service, unless a path in it could not stand in a Dockerfile."""
    location = subject.repository.locate(workspace.manifest)
    paths = [member.path, *(package["path"] for package in packages), *files]
    for path in paths:
        if not re.fullmatch(PATH, path):
            fix = "rename it, without blanks, quotes, wildcards or .."
            subject.found.problem(location, f"the workspace's {path!r} cannot stand in a Dockerfile", fix)
            return
    value = {
        "root": workspace.root,
        "member": {"name": member.name, "path": member.path},
        "packages": packages,
        "files": [*files],
    }
    subject.found.set(("workspace",), value, location)


def not_a_member(subject: Subject, location: Location, words: str) -> None:
    """Report that the service's folder is below a workspace that does not have it."""
    message = f"{subject.name} is in {subject.path}, which is not a member of the workspace around it"
    subject.found.problem(location, message, f"add it to {words}, or give it a lock file of its own")
