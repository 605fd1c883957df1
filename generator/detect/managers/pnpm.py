"""pnpm: workspaces, overrides and patches in a file of its own; members are linked only where a range says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from generator.detect.managers import package_json_workspace
from generator.detect.managers.git_sources import git_sources
from generator.detect.managers.manager import Dependency, Manager, Patch
from generator.detect.managers.package_json import has_overrides, listed_patches, ranges, unlocked_by_importer
from generator.detect.managers.package_json_paths import ByPath
from generator.detect.managers.package_json_workspace import PACKAGE_JSON, links_by_protocol, read_members
from generator.detect.managers.platforms import check_architectures
from generator.detect.service_folder import Installation
from generator.text.documents import parse
from generator.text.errors import Finding
from generator.text.files import Repository, dig, join, mapping, texts

_WORKSPACE = "pnpm-workspace.yaml"
_HEAD = 1_000  # characters
_NEXT = "\n---\n"
# By the version of a lock file, the versions of pnpm that install from it as it is; tried with each of them.
_READERS = {9: range(9, 100), 6: (8, 9), 5: (3, 4, 5, 6, 7)}


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with the head of the lock file: the packages below are the long part, and repeat no range."""
    workspace = installation.repository.yaml(installation.beside_lock(_WORKSPACE))
    manifest = installation.repository.json(installation.beside_lock("package.json"))
    if has_overrides(installation) or dig(workspace, "overrides") or dig(manifest, "pnpm", "overrides"):
        return
    head = _project_part(installation, lock).partition("\npackages:")[0]
    importers = mapping(parse(head, lock).data if head.strip() else {}, "importers")
    yield from unlocked_by_importer(
        installation,
        {
            "" if path == "." else path: {
                "dependencies": {name: dig(item, "specifier") for name, item in ranges(entry).items()}
            }
            for path, entry in importers.items()
        },
    )


def check_lock(installation: Installation, lock: str, version: str) -> Iterator[Finding]:
    """Report a version of the lock file that this pnpm does not read; 9.0 alone can be reduced for a workspace."""
    head = _project_part(installation, lock)[:_HEAD]
    written = re.search(r"^lockfileVersion: '?(\d{1,9})[\d.]*'?", head, re.MULTILINE)
    major = int(version.split(".")[0])
    readers = _READERS.get(int(written[1])) if written else None
    if written is None or readers is None:
        return
    said = written[0].partition(": ")[2].strip("'")
    place, newest = installation.repository.locate(lock, "lockfileVersion"), next(iter(_READERS))
    if major not in readers:
        yield Finding(
            location=place,
            message=f"{lock} is of version {said}, which pnpm {version} does not read",
            fix=f'name a pnpm that does, as "packageManager": "pnpm@{readers[-1]}.…" in package.json, '
            f"or write it anew with: pnpm install",
            code="lock-format",
        )
    elif installation.is_member and int(written[1]) != newest:
        yield Finding(
            location=place,
            message=f"{lock} is of version {said}, and only version {newest} can be reduced to a member of a workspace",
            fix="name pnpm 9 or later as packageManager in package.json, and run: pnpm install",
            code="lock-format",
        )


def _project_part(installation: Installation, lock: str) -> str:
    """Give the part of the lock file for the project: pnpm 11 may put one in front, with what it installs for itself.

    https://pnpm.io/config-dependencies
    """
    text = installation.repository.text(lock) or ""
    return text[text.find(_NEXT) + len(_NEXT) :] if text.startswith(_NEXT[1:]) else text


def read_files(installation: Installation) -> Iterator[Finding]:
    """Report settings that choose another platform (https://pnpm.io/settings#supportedarchitectures)."""
    repository, key = installation.repository, "supportedArchitectures"
    file, manifest = installation.beside_lock(_WORKSPACE), installation.beside_lock("package.json")
    yield from check_architectures(installation, file, dig(repository.yaml(file), key), key)
    said = dig(repository.json(manifest), "pnpm", key)
    yield from check_architectures(installation, manifest, said, '"pnpm"', f'"{key}"')


def find_patches(installation: Installation) -> Iterator[Patch]:
    """Read those of package.json only where pnpm's own file has none."""
    named = mapping(installation.repository.yaml(installation.beside_lock(_WORKSPACE)), "patchedDependencies")
    if named:
        return listed_patches(_WORKSPACE, named)
    manifest = installation.repository.json(installation.beside_lock("package.json"))
    return listed_patches("package.json", mapping(manifest, "pnpm", "patchedDependencies"))


def more_ranges(installation: Installation) -> Iterator[Dependency]:
    """Yield the overrides of pnpm's own file and of package.json."""
    repository = installation.repository
    file, manifest = installation.beside_lock(_WORKSPACE), installation.beside_lock("package.json")
    for source, data in (
        (file, mapping(repository.yaml(file), "overrides")),
        (manifest, mapping(repository.json(manifest), "pnpm", "overrides")),
    ):
        for name, wanted in data.items():
            if isinstance(name, str) and isinstance(wanted, str):
                yield Dependency(manifest=source, name=name, wanted=wanted)


def _patterns(repository: Repository, folder: str) -> list[str] | None:
    """Give `packages` of its own file; where that file has none, what package.json says."""
    if _WORKSPACE not in repository.names(folder):
        return None
    own = texts(repository.yaml(join(folder, _WORKSPACE)), "packages")
    return own or package_json_workspace.patterns(repository, folder)


MANAGER = Manager(
    runtimes=("node",),
    required_facts=("manifest", "lock", "version", "patches"),
    find_unlocked=find_unlocked,
    workspace=PACKAGE_JSON._replace(
        manifest=_WORKSPACE,
        member_list=f"packages of {_WORKSPACE}",
        patterns=_patterns,
        # It is content with a link to nowhere, and the root's tools are of no use to a member.
        root_is_installed=False,
        # linkWorkspacePackages is off by default since pnpm 9.
        members=partial(read_members, links=links_by_protocol),
    ),
    find_patches=find_patches,
    locked=git_sources,
    find_local=ByPath(
        links=lambda _, protocol, __: protocol in ("", "link:"),
        copies_instead="write file: instead of link:, and run: pnpm install",
        more_ranges=more_ranges,
        ignores_links_of_root=True,
    ).find_local,
    check_lock=check_lock,
    read_files=read_files,
    package_json_name="pnpm",
    runs_programs="pnpm, exec",
    packages_elsewhere=True,
)
