"""pnpm: workspaces, overrides and patches in a file of its own; members are linked only where a range says so."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from generator.detect.managers import package_json_workspace
from generator.detect.managers.manager import Dependency, Manager, Patch
from generator.detect.managers.package_json import has_overrides, listed_patches, ranges, unlocked_by_importer
from generator.detect.managers.package_json_workspace import PACKAGE_JSON, links_by_protocol, read_members
from generator.detect.service_folder import Installation
from generator.text.documents import parse
from generator.text.files import Repository, dig, join, mapping, texts

_WORKSPACE = "pnpm-workspace.yaml"


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with the head of the lock file: the packages below are the long part, and repeat no range."""
    workspace = installation.repository.yaml(installation.beside_lock(_WORKSPACE))
    manifest = installation.repository.json(installation.beside_lock("package.json"))
    if has_overrides(installation) or dig(workspace, "overrides") or dig(manifest, "pnpm", "overrides"):
        return
    head = (installation.repository.text(lock) or "").partition("\npackages:")[0]
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


def find_patches(installation: Installation) -> Iterator[Patch]:
    """Read those of package.json only where pnpm's own file has none."""
    named = mapping(installation.repository.yaml(installation.beside_lock(_WORKSPACE)), "patchedDependencies")
    if named:
        return listed_patches(_WORKSPACE, named)
    manifest = installation.repository.json(installation.beside_lock("package.json"))
    return listed_patches("package.json", mapping(manifest, "pnpm", "patchedDependencies"))


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
        # linkWorkspacePackages is off by default since pnpm 9.
        members=partial(read_members, links=links_by_protocol),
    ),
    find_patches=find_patches,
    package_json_name="pnpm",
)
