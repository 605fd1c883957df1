"""Packages that a member of a workspace uses and does not declare, where the build does not have them for that reason.

On a developer's machine they are there, since all members are installed at once. Here a service has what it declares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from generator.detect.detected import Piece
from generator.detect.managers import record_of
from generator.detect.managers.package_json import ranges
from generator.detect.managers.package_json_workspace import PACKAGE_JSON
from generator.detect.managers.package_scripts import commands_of
from generator.detect.paths.imports import imported, package_of
from generator.detect.service_folder import Installation
from generator.detect.workspace import Workspace, needed_packages
from generator.text.errors import Finding, Location
from generator.text.files import join, mapping

_MANIFEST = "package.json"
_SHOWN = 12
# Programs that are called otherwise than their packages.
_PROGRAMS = {"tsc": "typescript", "nest": "@nestjs/cli", "run-s": "npm-run-all", "run-p": "npm-run-all"}


class _Declared(NamedTuple):
    """The range of a package, the manifest that declares it or is its own, and whether it is a member."""

    wanted: str
    manifest: str
    is_member: bool = False


def detect_undeclared(installation: Installation) -> Iterator[Piece]:
    """Warn of what the service, and each package that it needs, uses of other members without declaring it.

    What a member brings that is told is not told again, and that member is looked at in turn.
    """
    if not installation.is_member or installation.service.path == installation.lock_folder:
        return
    manager = record_of(installation.manager)
    # All packages lie in one folder, so that everybody finds what one of them declares.
    is_flat = not manager.packages_elsewhere
    workspace = (manager.workspace or PACKAGE_JSON).read(installation.repository, installation.lock_folder)
    waiting = [folder for folder, _ in installation.package_folders()]
    elsewhere = _elsewhere(installation, workspace, {installation.lock_folder, *waiting})
    for folder in waiting:  # it grows
        manifest = join(folder, _MANIFEST)
        data = installation.repository.json(manifest)
        declared = {*ranges(data), *mapping(data, "peerDependencies"), *mapping(data, "imports")}
        used = {
            name: place for name, place in _used(installation, folder) if name in elsewhere and name not in declared
        }
        brought = [*_brought(workspace, [name for name in sorted(used) if elsewhere[name].is_member])]
        waiting += [one for one in brought if one not in waiting]
        come_along = {*_declared_by(installation, brought)} if is_flat else set()
        if told := {name: place for name, place in used.items() if name not in come_along}:
            yield _finding(installation, manifest, told, elsewhere)
        if is_flat:
            settled = {*come_along, *told}
            elsewhere = {name: found for name, found in elsewhere.items() if name not in settled}


def _elsewhere(installation: Installation, workspace: Workspace, folders: set[str]) -> dict[str, _Declared]:
    """Give what no manifest in `folders` declares, and other members do; and these members themselves."""
    repository = installation.repository
    here = {*_declared_by(installation, [*folders])}
    own_range = record_of(installation.manager).member_range
    members, found = dict[str, _Declared](), dict[str, _Declared]()
    for name, member in sorted(workspace.members.items()):
        folder = join(workspace.root, member.path)
        if folder in folders:
            continue
        manifest = join(folder, _MANIFEST)
        members[name] = _Declared(own_range, manifest, is_member=True)
        for one, wanted in ranges(repository.json(manifest)).items():
            if isinstance(wanted, str) and one not in here and one not in workspace.members:
                found.setdefault(one, _Declared(wanted, manifest))
    return {**found, **members}


def _brought(workspace: Workspace, names: list[str]) -> Iterator[str]:
    """Yield the folders of members, and of what these need of the workspace."""
    for name in names:
        member = workspace.members[name]
        needed = [one for one, _ in needed_packages(workspace, member)]
        yield from (join(workspace.root, one.path) for one in (member, *needed))


def _declared_by(installation: Installation, folders: list[str]) -> Iterator[str]:
    for folder in folders:
        yield from ranges(installation.repository.json(join(folder, _MANIFEST)))


def _used(installation: Installation, folder: str) -> Iterator[tuple[str, Location]]:
    """Yield the packages that the build script of a folder calls a program of, and those that its code imports."""
    repository, manifest = installation.repository, join(folder, _MANIFEST)
    scripts = mapping(repository.json(manifest), "scripts")
    merged = installation.service.merged.get("build") if folder == installation.service.path else None
    for script, words in commands_of(scripts, merged if isinstance(merged, str) else "build"):
        yield _PROGRAMS.get(words[0], words[0]), repository.locate(manifest, '"scripts"', f'"{script}"')
    for specifier, place in imported(repository, folder).items():
        yield package_of(specifier), place


def _finding(
    installation: Installation, manifest: str, used: Mapping[str, Location], elsewhere: Mapping[str, _Declared]
) -> Finding:
    names = sorted(used)
    shown, more = names[:_SHOWN], len(names) - _SHOWN
    listed = ", ".join(shown) + (f" and {more} more" if more > 0 else "")
    whose = sorted({elsewhere[name].manifest for name in shown})
    lines = ", ".join(f'"{name}": "{elsewhere[name].wanted}"' for name in shown)
    verb = "is" if len(names) == 1 else "are"
    return Finding(
        location=used[names[0]],
        message=f"{manifest} does not declare {listed}, which {verb} used here, and {', '.join(whose)} has; "
        f"{installation.service.name} is built with what its own packages declare",
        fix=f"add to its dependencies, or devDependencies if nothing of it runs: {lines}; then run: "
        f"{installation.fact('refresh')}",
        code="dependency-undeclared",
        level="warn",
    )
