"""npm's, pnpm's, Yarn's and Bun's workspaces, and Turborepo on top of them."""

from __future__ import annotations

import re
from typing import Any

from generator.detect.subject import Subject
from generator.detect.versions import fits_node
from generator.detect.workspace import Member, Workspace, closure, folders, not_a_member, parents, say_workspace
from generator.text.files import Repository, dig, join, mapping, texts

# What the builds of members commonly read beside the lock file.
_FILES = re.compile(r"tsconfig[\w.-]*\.json|turbo\.json|babel\.config\.\w+")
# Published with a package, and of no use in an image; npm does not ask that it is there.
_PROSE = re.compile(r"(?:readme|licen[cs]e|changelog|notice)\b", re.IGNORECASE)
_RUNS = ("dependencies", "optionalDependencies", "peerDependencies")


def find_node_workspace(subject: Subject) -> None:
    """The workspace that the service's folder is a member of, and its closure in it."""
    root = next((folder for folder in parents(subject.path) if _patterns(subject.repository, folder)), None)
    if root is None or not subject.has("package.json"):
        return
    workspace = _workspace(subject.repository, root)
    member = workspace.member_at(subject.path)
    if member is None:
        if not any(subject.has(str(facts.get("lock"))) for facts in subject.facts.values()):
            words = "packages of pnpm-workspace.yaml" if "pnpm" in workspace.manifest else "workspaces of package.json"
            not_a_member(subject, subject.repository.locate(workspace.manifest), words)
        return
    subject.root = root
    packages = [_package(subject.repository, root, one, runs) for one, runs in closure(workspace, member)]
    files = sorted(name for name in subject.repository.names(root) if _FILES.fullmatch(name))
    say_workspace(subject, workspace, member, packages, files)
    turbo = join(root, "turbo.json")
    if subject.repository.text(turbo) is not None and "task_runner" not in subject.own:
        subject.found.set(("task_runner",), "turbo", subject.repository.locate(turbo))


def _patterns(repository: Repository, folder: str) -> list[str]:
    if found := texts(repository.yaml(join(folder, "pnpm-workspace.yaml")), "packages"):
        return found
    said = dig(repository.json(join(folder, "package.json")), "workspaces")
    return texts(said, "packages") if isinstance(said, dict) else texts({"": said}, "")


def _workspace(repository: Repository, root: str) -> Workspace:
    key = ("workspace", root)
    if key not in repository.remembered:
        pnpm = "pnpm-workspace.yaml" in repository.names(root)
        manifest = join(root, "pnpm-workspace.yaml" if pnpm else "package.json")
        paths = folders(repository, root, _patterns(repository, root), "package.json")
        data = {path: repository.json(join(root, f"{path}/package.json")) or {} for path in paths}
        versions = {name: dig(one, "version") for one in data.values() if isinstance(name := one.get("name"), str)}
        members = [_member(path, one, versions, pnpm) for path, one in data.items() if isinstance(one.get("name"), str)]
        repository.remembered[key] = Workspace(
            root=root, manifest=manifest, members={member.name: member for member in members}
        )
    found: Workspace = repository.remembered[key]
    return found


def _member(path: str, data: dict[str, Any], versions: dict[str, Any], pnpm: bool) -> Member:
    def local(section: str) -> set[str]:
        entries = mapping(data, section).items()
        return {name for name, wanted in entries if name in versions and _links(wanted, versions[name], pnpm)}

    needs = frozenset().union(*(local(section) for section in _RUNS))
    return Member(name=data["name"], path=path, needs=needs, builds_with=frozenset(local("devDependencies")))


def _links(wanted: object, version: object, pnpm: bool) -> bool:
    """Whether a dependency on a member's name means the member, and not a published package of the same name."""
    if not isinstance(wanted, str) or wanted.startswith(("workspace:", "link:", "file:")):
        return True
    if pnpm:  # linkWorkspacePackages is off by default since pnpm 9
        return False
    return wanted in ("*", "") or not isinstance(version, str) or fits_node(version, wanted)


def _made(data: dict[str, Any]) -> str:
    """The folder that a build makes, where no `files` says what ships: that of `main`, or else dist."""
    main = data.get("main")
    folder = main.removeprefix("./").partition("/") if isinstance(main, str) else ("", "", "")
    return folder[0] if folder[1] and re.fullmatch(r"[\w.-]*\w", folder[0]) else "dist"


def _package(repository: Repository, root: str, member: Member, runs: bool) -> dict[str, Any]:
    """A package of the closure: its build script, and what of it ships."""
    data = repository.json(join(root, f"{member.path}/package.json")) or {}
    build = "build" if "build" in mapping(data, "scripts") else None
    files = [name.strip("/").removeprefix("./") for name in texts(data, "files")]
    plain = [name for name in files if name and not set(name) & set("*!?[")]
    plain = [name for name in plain if not _PROSE.match(name)]
    shipped = plain or ([_made(data)] if build else ["."])
    package: dict[str, Any] = {"name": member.name, "path": member.path, "artifacts": shipped if runs else []}
    return {**package, "build": build} if build else package
