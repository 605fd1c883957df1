"""uv's workspaces: members by pattern, and dependencies that `tool.uv.sources` takes from them."""

from __future__ import annotations

import re
from typing import Any

from generator.detect.python import is_package
from generator.detect.subject import Subject
from generator.detect.workspace import Member, Workspace, closure, folders, not_a_member, parents, say_workspace
from generator.text.files import Repository, dig, join, mapping, texts

_MANIFEST = "pyproject.toml"


def find_uv_workspace(subject: Subject) -> None:
    """The workspace that the service's folder is a member of, and its closure in it."""
    root = next((folder for folder in parents(subject.path) if _declared(subject.repository, folder)), None)
    if root is None or not subject.has(_MANIFEST):
        return
    workspace = _workspace(subject.repository, root)
    member = workspace.member_at(subject.path)
    if member is None:
        if not any(subject.has(str(facts.get("lock"))) for facts in subject.facts.values()):
            location = subject.repository.locate(workspace.manifest, "[tool.uv.workspace]")
            not_a_member(subject, location, "members of [tool.uv.workspace]")
        return
    subject.root = root
    packages = [
        {"name": one.name, "path": one.path, "artifacts": ["."]}
        for one, _ in closure(workspace, member)
        if is_package(subject.repository.toml(join(root, f"{one.path}/{_MANIFEST}")) or {})
    ]
    say_workspace(subject, workspace, member, packages)


def _declared(repository: Repository, folder: str) -> dict[str, Any]:
    return mapping(repository.toml(join(folder, _MANIFEST)), "tool", "uv", "workspace")


def _workspace(repository: Repository, root: str) -> Workspace:
    key = ("workspace", f"uv:{root}")
    if key not in repository.remembered:
        declared = _declared(repository, root)
        patterns = [*texts(declared, "members"), *(f"!{pattern}" for pattern in texts(declared, "exclude"))]
        shared = mapping(repository.toml(join(root, _MANIFEST)), "tool", "uv", "sources")
        members: dict[str, Member] = {}
        for path in folders(repository, root, patterns, _MANIFEST):
            member = _member(path, repository.toml(join(root, f"{path}/{_MANIFEST}")) or {}, shared)
            members[member.name] = member
        repository.remembered[key] = Workspace(root=root, manifest=join(root, _MANIFEST), members=members)
    found: Workspace = repository.remembered[key]
    return found


def _member(path: str, data: dict[str, Any], shared: dict[str, Any]) -> Member:
    sources = {**shared, **mapping(data, "tool", "uv", "sources")}
    local = {canonical(name) for name, source in sources.items() if dig(source, "workspace") is True}
    extras = [
        entry
        for extra in mapping(data, "project", "optional-dependencies").values()
        for entry in texts({"": extra}, "")
    ]
    groups = [entry for group in mapping(data, "dependency-groups").values() for entry in texts({"": group}, "")]
    needs = {*map(requirement_name, [*texts(data, "project", "dependencies"), *extras])}
    return Member(
        name=canonical(str(dig(data, "project", "name"))),
        path=path,
        needs=frozenset(needs & local),
        builds_with=frozenset({*map(requirement_name, groups)} & local),
    )


def requirement_name(requirement: str) -> str:
    """The normalised name at the start of a requirement of PEP 508."""
    found = re.match(r"\s*([A-Za-z0-9][\w.-]*)", requirement)
    return canonical(found[1]) if found else ""


def canonical(name: str) -> str:
    """A project's name as PEP 503 normalises it."""
    return re.sub(r"[-_.]+", "-", name).lower()
