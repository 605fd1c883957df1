"""Workspaces of JavaScript: members by pattern, which need each other by name and version."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from generator.detect.version_ranges import fits_node
from generator.detect.workspace import Member, WorkspaceKind
from generator.text.files import Repository, dig, join, mapping, texts

# What the builds of members commonly read beside the lock file.
_FILES = r"tsconfig[\w.-]*\.json|turbo\.json|babel\.config\.\w+"
# Published with a package, and of no use in an image; npm does not ask that it is there.
_PROSE = r"(?i)(?:readme|licen[cs]e|changelog|notice)\b"
_RUNS = ("dependencies", "optionalDependencies", "peerDependencies")

# Whether a dependency on a member's name, with this range and this version of the member, means the member itself.
Links = Callable[[object, object], bool]


def patterns(repository: Repository, folder: str) -> list[str] | None:
    """Give `workspaces` of package.json; None where it declares none."""
    said = dig(repository.json(join(folder, "package.json")), "workspaces")
    return (texts(said, "packages") if isinstance(said, dict) else texts({"": said}, "")) or None


def links_by_protocol(wanted: object, _: object) -> bool:
    """Link only what says so."""
    return not isinstance(wanted, str) or wanted.startswith(("workspace:", "link:", "file:"))


def links_by_range(wanted: object, version: object) -> bool:
    """Link what says so, and a member whose version fits: else it is a published package of the same name."""
    if not isinstance(wanted, str) or links_by_protocol(wanted, version):
        return True
    return wanted in ("*", "") or not isinstance(version, str) or fits_node(version, wanted)


def read_members(
    repository: Repository, root: str, paths: list[str], links: Links = links_by_range
) -> Iterator[Member]:
    """Yield the members with a name, and the root, which needs none: nothing can depend on it then."""
    data = {path: repository.json(join(root, join(path, "package.json"))) or {} for path in paths}
    if "." in data:
        data["."] = {"name": ".", **data["."]}
    named = {path: one for path, one in data.items() if isinstance(one.get("name"), str)}
    versions = {one["name"]: one.get("version") for one in named.values()}

    def local(one: dict[str, Any], *sections: str) -> frozenset[str]:
        entries = [entry for section in sections for entry in mapping(one, section).items()]
        return frozenset(name for name, wanted in entries if name in versions and links(wanted, versions[name]))

    for path, one in named.items():
        yield Member(name=one["name"], path=path, needs=local(one, *_RUNS), builds_with=local(one, "devDependencies"))


def package(repository: Repository, root: str, member: Member, runs: bool) -> dict[str, Any]:
    """Give a package that a service needs: its build script, and what of it ships."""
    data = repository.json(join(root, f"{member.path}/package.json")) or {}
    build = "build" if "build" in mapping(data, "scripts") else None
    files = [name.strip("/").removeprefix("./") for name in texts(data, "files")]
    plain = [name for name in files if name and not set(name) & set("*!?[") and not re.match(_PROSE, name)]
    shipped = plain or (_made(data) if build else ["."])
    entry: dict[str, Any] = {"name": member.name, "path": member.path, "artifacts": shipped if runs else []}
    return {**entry, "build": build} if build else entry


def _made(data: dict[str, Any]) -> list[str]:
    """Give the folders that a build makes, where no `files` says what ships: those of `exports` or `main`, or dist.

    Where there are `exports`, Node reads no `main`: https://nodejs.org/api/packages.html#package-entry-points
    """
    named: list[object] = [*_leaves(data.get("exports"))] or [data.get("main")]
    folders = (one.removeprefix("./").partition("/") for one in named if isinstance(one, str))
    tops = [top for top, slash, _ in folders if slash and re.fullmatch(r"[\w.-]*\w", top)]
    return [*dict.fromkeys(tops)] or ["dist"]


def _leaves(exports: object) -> Iterator[str]:
    """Yield the files that `exports` names under any condition, but for declarations of types."""
    waiting = [exports]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str) and not one.endswith((".d.ts", ".d.mts", ".d.cts", "/package.json")):
            yield one


PACKAGE_JSON = WorkspaceKind(
    manifest="package.json",
    member_list="workspaces of package.json",
    member_manifest="package.json",
    patterns=patterns,
    members=read_members,
    package=package,
    root_files=_FILES,
    root_is_installed=True,
)
