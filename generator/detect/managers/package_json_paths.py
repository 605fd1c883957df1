"""Dependencies that package.json names by path, and how each manager installs them: as a link, or as a copy.

https://docs.npmjs.com/cli/configuring-npm/package-json#local-paths
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from generator.detect.managers.manager import Dependency, Local, nothing
from generator.detect.managers.tsconfig import extended_settings
from generator.detect.service_folder import Installation, is_file
from generator.text.errors import Finding, Location
from generator.text.files import Repository, dig, is_below, is_outside, join, mapping

_MANIFEST = "package.json"
_RUNS = ("dependencies", "optionalDependencies")
_REPLACED = ("resolutions", "overrides")
# A path may follow one of the first three, and says itself what it is without them.
_PATH_RANGE = re.compile(r"(file:|link:|portal:|(?=\.{0,2}/|\.\.?$|~/))([^#?]*)")
_MEMBER_RANGE = re.compile(r"workspace:[*^~]?[\d.]*")


def never(*_: object) -> bool:
    """Say no: the default for what most managers never do."""
    return False


class ByPath(NamedTuple):
    """How a manager installs a folder that a manifest names by its path.

    Attributes:
        links: Takes a protocol, empty for a plain path, and the folder; says whether it links to it, or copies it.
        links_with_packages: Those protocols whose packages it installs where the link finds them, below the lock file.
        links_anywhere: Says whether it installs them wherever the folder is.
        copies_instead: What to do where a linked folder needs packages.
        more_ranges: Yields what it installs by files other than manifests, as overrides.
        ignores_links_of_root: Whether the links of a workspace's root may lead nowhere, where a member is installed.
    """

    links: Callable[[Installation, str, str], bool] = never
    links_with_packages: tuple[str, ...] = ()
    links_anywhere: Callable[[Installation], bool] = never
    copies_instead: str = ""
    more_ranges: Callable[[Installation], Iterable[Dependency]] = nothing
    ignores_links_of_root: bool = False

    def find_local(self, installation: Installation) -> Iterator[Local | Finding]:
        """Yield the dependencies by path of the service, of what it needs of its workspace, and of these in turn."""
        asked = [*_asked(installation, self)]
        yield from _unknown_members(installation, asked)
        members = {folder for folder, _ in installation.package_folders()} - {installation.service.path}
        seen: set[tuple[str, str]] = set()
        expanded: set[str] = set()
        for one in asked:  # it grows
            match = _PATH_RANGE.match(one.wanted)
            if not match or (one.manifest, one.wanted) in seen:
                continue
            seen.add((one.manifest, one.wanted))
            local = _local(installation, self, one, match)
            if not (local.ships and local.path in members):
                yield local
            if local.path not in expanded:
                expanded.add(local.path)
                asked += _ranges(installation.repository, join(local.path, _MANIFEST), _RUNS)
        yield from extended_settings(installation)


def _local(installation: Installation, by_path: ByPath, asked: Dependency, match: re.Match[str]) -> Local:
    folder, said = posixpath.dirname(asked.manifest) or ".", match[2] or "."
    local = Local(place=_place(installation, asked), folder=folder, said=said, name=asked.name)
    is_folder = not is_file(installation.repository, local.path)
    if not is_folder or not by_path.links(installation, match[1], local.path):
        return local._replace(notes=tuple(_beyond(installation, local)))
    unmet = _unmet(installation, by_path, local, match[1])
    return local._replace(ships=True, notes=(*_beyond(installation, local), *unmet))


def _asked(installation: Installation, by_path: ByPath) -> Iterator[Dependency]:
    folders = [folder for folder, _ in installation.package_folders()]
    for folder in dict.fromkeys([installation.lock_folder, *folders]):
        sections = [*_RUNS, "devDependencies", *(_REPLACED if folder == installation.lock_folder else ())]
        asked = _ranges(installation.repository, join(folder, _MANIFEST), sections)
        yield from (
            asked if folder in folders else (one for one in asked if not _is_idle_link(installation, by_path, one))
        )
    yield from by_path.more_ranges(installation)


def _is_idle_link(installation: Installation, by_path: ByPath, asked: Dependency) -> bool:
    """Say whether the root of a workspace, which is no package that the service needs, links to one of its folders.

    A manager that does not install the root for a member is content with a link to nowhere.
    """
    match = _PATH_RANGE.match(asked.wanted)
    path = join(installation.lock_folder, match[2]) if match else ""
    return match is not None and by_path.ignores_links_of_root and by_path.links(installation, match[1], path)


def _ranges(repository: Repository, manifest: str, sections: Iterable[str]) -> Iterator[Dependency]:
    if is_outside(manifest):
        return
    data = repository.json(manifest)
    for section in sections:
        for name, wanted in mapping(data, section).items():
            if isinstance(wanted, str):
                yield Dependency(manifest=manifest, name=name, wanted=wanted)


def _unknown_members(installation: Installation, asked: Iterable[Dependency]) -> Iterator[Finding]:
    """Report what asks for a member of a workspace that has none of that name, or outside of any."""
    packages = installation.workspace.get("packages") or []
    known = {dig(installation.workspace, "member", "name"), *(package["name"] for package in packages)}
    service = installation.service.in_service(_MANIFEST)
    for one in asked:
        # What the root needs itself is no concern of a member.
        if one.manifest == installation.beside_lock(one.manifest.rpartition("/")[2]) != service:
            continue
        if one.name not in known and _MEMBER_RANGE.fullmatch(one.wanted):
            root = dig(installation.workspace, "root")
            where = f"the workspace in {root} has no such member" if root else "there is no workspace around it"
            yield Finding(
                location=_place(installation, one),
                message=f"{installation.service.name} needs {one.name} {one.wanted}, but {where}",
                fix=f"add the folder of {one.name} to the workspace, or write the version of a published package",
                code="workspace-member-unknown",
            )


def _place(installation: Installation, asked: Dependency) -> Location:
    place = installation.repository.locate(asked.manifest, f'"{asked.name}"', asked.wanted)
    # A file of settings has the path alone.
    return place if place.line else installation.repository.locate(asked.manifest, asked.wanted.removeprefix("file:"))


def _beyond(installation: Installation, local: Local) -> Iterator[Finding]:
    """Report what is outside of the workspace: its commands run in the root, and install only from there."""
    if installation.is_member and not installation.is_below_lock(local.path):
        needs = f"{installation.service.name} needs {local.name} from {local.said}"
        yield Finding(
            location=local.place,
            message=f"{needs}, which is outside of its workspace",
            fix=f"move it below {installation.lock_folder}, the root of the workspace",
            code="file-outside",
        )


def _unmet(installation: Installation, by_path: ByPath, local: Local, protocol: str) -> Iterator[Finding]:
    """Report packages that a linked folder would not find, and a build script that nothing runs."""
    if is_outside(local.path) or is_below(installation.service.path, local.path):
        return
    name, data = local.name, installation.repository.json(join(local.path, _MANIFEST))
    inside = installation.is_below_lock(local.path)
    own = mapping(installation.repository.json(installation.service.in_service(_MANIFEST)), "dependencies")
    needs = [one for one in mapping(data, "dependencies") if not inside or one not in own]
    if (inside and protocol in by_path.links_with_packages) or by_path.links_anywhere(installation):
        needs = []
    if needs:
        yield Finding(
            location=local.place,
            message=f"{name} is a link to {local.path}, whose packages {installation.manager} does not install there: "
            + ", ".join(needs),
            fix=by_path.copies_instead,
            code="dependency-linked",
        )
    if "build" in mapping(data, "scripts"):
        yield Finding(
            location=local.place,
            message=f"{name} ships as {local.path} is on the disk; its script build is not run",
            fix=f"make {local.path} a member of a workspace to have it built, or build it before the image",
            code="dependency-not-built",
            level="warn",
        )
