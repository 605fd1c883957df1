"""Yarn from 2 on: two layouts of packages, patches in ranges, and settings that need their variables every time."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from generator.detect.detected import Piece, Value
from generator.detect.managers.git_sources import git_sources
from generator.detect.managers.manager import Dependency, Manager, Patch, Refusal
from generator.detect.managers.package_json_paths import ByPath
from generator.detect.managers.platforms import check_architectures
from generator.detect.managers.yarn_lock import unlocked_in_yarn_lock
from generator.detect.service_folder import Installation
from generator.text.errors import Finding
from generator.text.files import dig, join, mapping

if TYPE_CHECKING:
    from generator.model.runtimes import Node

_SETTINGS = ".yarnrc.yml"
# From which Yarn on a lock file has which version; those of Yarn 3 have had two.
_WRITES = (([4, 15], 10), ([4, 14], 9), ([4, 0], 8), ([3, 0], 6), ([2, 0], 4))
_EARLY = 3
_FOCUS = "workspace-tools"
_PATCHED_SECTIONS = ("resolutions", "dependencies", "devDependencies", "optionalDependencies")
# patch:SOURCE#FILE&FILE::PARAMETERS, where SOURCE and the files are encoded as in a URL.
_MAX_LENGTH = 10_000
_MAX_PATCHED = 20  # a patch of a patch
_PATCH_RANGE = r"(?:^|@)patch:((?:(?!::)[^#])*)#((?:(?!::).)*)"


def read_files(installation: Installation) -> Iterator[Piece]:
    """Yield `install.linker` where the service names none; report variables without a default, and other platforms."""
    yield from _release(installation)
    file, key = installation.beside_lock(_SETTINGS), "supportedArchitectures"
    yield from check_architectures(installation, file, dig(installation.repository.yaml(file), key), key)
    for name in installation.settings():
        yield from _variables(installation, installation.beside_lock(name))
    if not dig(installation.service.own, "install", "linker"):
        yield from _linker(installation)


def _release(installation: Installation) -> Iterator[Piece]:
    """Yield the version of a release that is committed; `packageManager` would count before it."""
    file = installation.beside_lock(_SETTINGS)
    path = dig(installation.repository.yaml(file), "yarnPath")
    release = re.search(r"yarn-(\d+\.\d+\.\d+)\.c?js$", path) if isinstance(path, str) else None
    if (
        release
        and not dig(installation.service.own, "install", "version")
        and release[1] != installation.fact("version")
    ):
        place = installation.repository.locate(file, "yarnPath")
        yield Value(path=("install", "version"), value=release[1], place=place)


def _variables(installation: Installation, file: str) -> Iterator[Piece]:
    """Report each: Yarn refuses every command, offline ones too, where a variable of its settings is not set."""
    lines = (line.partition("#")[0] for line in (installation.repository.text(file) or "").splitlines())
    for variable in dict.fromkeys(name for line in lines for name in re.findall(r"\$\{(\w+)\}", line)):
        yield Finding(
            location=installation.repository.locate(file, f"${{{variable}}}"),
            message=f"Yarn needs {variable} for every command, and only the steps that fetch packages see secrets",
            fix=f"give it a default, as ${{{variable}:-}}",
            code="variable-without-default",
        )


def _linker(installation: Installation) -> Iterator[Piece]:
    file = installation.beside_lock(_SETTINGS)
    linker = dig(installation.repository.yaml(file), "nodeLinker")
    place = installation.repository.locate(file, "nodeLinker")
    if linker in ("pnp", "node-modules"):
        if linker != installation.fact("linker"):
            yield Value(path=("install", "linker"), value=linker, place=place)
    elif linker is not None:
        message, fix = f"nodeLinker {linker} is not supported", "use node-modules or pnp"
        yield Finding(location=place, message=message, fix=fix, code="setting-unsupported")


def more_ranges(installation: Installation) -> Iterator[Dependency]:
    """Yield the plugins that are committed: Yarn loads them before any command."""
    file = installation.beside_lock(_SETTINGS)
    plugins = dig(installation.repository.yaml(file), "plugins")
    for plugin in plugins if isinstance(plugins, list) else ():
        path = plugin if isinstance(plugin, str) else dig(plugin, "path")
        if isinstance(path, str) and not path.startswith("@"):
            yield Dependency(manifest=file, name="plugin", wanted=f"file:{path}")


def _plug_n_play(installation: Installation) -> bool:
    said = dig(installation.repository.yaml(installation.beside_lock(_SETTINGS)), "nodeLinker")
    linker: str | None = said or installation.fact("linker")
    return linker == "pnp"


def check_lock(installation: Installation, lock: str, version: str) -> Iterator[Finding]:
    """Report a version of the lock file that this Yarn would write anew, or that is newer than it knows."""
    found = re.search(
        r"^__metadata:\r?\n  version: (\d{1,9})\r?$", installation.repository.text(lock) or "", re.MULTILINE
    )
    yarn = [int(number) for number in re.findall(r"\d{1,9}", version)[:2]]
    written = next((number for first, number in _WRITES if yarn >= first), 0)
    if not found or int(found[1]) == written or (yarn[0] == _EARLY and int(found[1]) in (_EARLY + 2, written)):
        yield from _incapable(installation, yarn[0])
        return
    wrote = f"writes version {written}" if written else "reads none of that form"
    yield Finding(
        location=installation.repository.locate(lock, "version:"),
        message=f"{lock} is of version {found[1]}, and Yarn {version} {wrote}",
        fix='name the Yarn that has written it, as "packageManager": "yarn@…" in package.json, '
        f"or write it anew with: yarn set version {version} && yarn install",
        code="lock-format",
    )


def _incapable(installation: Installation, yarn: int) -> Iterator[Finding]:
    """Report a Yarn before 4 that lacks what the build calls: `--mode`, or `workspaces focus` without its plugin."""
    service = installation.service
    newer = "move to Yarn 4: yarn set version stable && yarn install"
    if yarn < _EARLY:
        lacks, fix = "cannot leave out the scripts of packages", newer
    elif yarn == _EARLY and service.merged.get("output") == "server" and _FOCUS not in _plugins(installation):
        lacks, fix = f"needs its plugin {_FOCUS} for what ships", f"run: yarn plugin import {_FOCUS}; or {newer}"
    else:
        return
    named = _SETTINGS if installation.has_beside_lock(_SETTINGS) else "package.json"
    yield Finding(
        location=installation.repository.locate(installation.beside_lock(named)),
        message=f"{service.name} is installed by Yarn {yarn}, which {lacks}",
        fix=fix,
        code="version-unsupported",
    )


def _plugins(installation: Installation) -> str:
    return str(dig(installation.repository.yaml(installation.beside_lock(_SETTINGS)), "plugins"))


def find_patches(installation: Installation) -> Iterator[Patch]:
    """Read where Yarn names versions: in the manifests of the root, of the service and of the packages it needs."""
    workspace = installation.workspace if installation.is_member else mapping(installation.service.own, "workspace")
    members = [dig(workspace, "member"), *(dig(workspace, "packages") or [])]
    for folder in [".", *(path for one in members if isinstance(path := dig(one, "path"), str))]:
        manifest = join(folder, "package.json")
        data = installation.repository.json(installation.beside_lock(manifest))
        for said in (said for section in _PATCHED_SECTIONS for said in mapping(data, section).values()):
            for path in _patches_in(said) if isinstance(said, str) else ():
                below = path[2:] if path.startswith("~/") else posixpath.join(folder, path)
                yield Patch(manifest=manifest, said=said, path=posixpath.normpath(below))


def _patches_in(said: str) -> Iterator[str]:
    """Yield the files of a range; what is patched may be a patched package itself, and Yarn has patches of its own."""
    files: list[str] = []
    for _ in range(_MAX_PATCHED):
        found = re.search(_PATCH_RANGE, said) if len(said) <= _MAX_LENGTH else None
        if not found:
            break
        said = unquote(found[1])
        named = [one.rpartition("!")[2] for one in unquote(found[2]).split("&")]
        files = [*(path for path in named if not path.startswith(("builtin<", "~builtin<"))), *files]
    yield from files


def refuse(service: Node) -> Iterator[Refusal]:
    """Refuse to rebuild with Plug'n'Play: in a step of its own, it would resolve everything anew."""
    if service.rebuild and service.install.linker == "pnp":
        message = f"{service.name} rebuilds packages, which Plug'n'Play cannot do without a network"
        fix = "set nodeLinker: node-modules in .yarnrc.yml and install again"
        yield Refusal(path=("rebuild",), message=message, fix=fix, code="rebuild-unsupported")


MANAGER = Manager(
    runtimes=("node",),
    required_facts=("manifest", "lock", "version", "linker", "patches"),
    lock_marker="__metadata:",
    find_unlocked=unlocked_in_yarn_lock,
    find_patches=find_patches,
    check_lock=check_lock,
    locked=git_sources,
    find_local=ByPath(
        links=lambda _, protocol, __: protocol in ("link:", "portal:"),
        links_with_packages=("portal:",),
        # Its map knows the packages of every folder.
        links_anywhere=_plug_n_play,
        copies_instead="write file: instead of link: or portal:, and run: yarn install",
        more_ranges=more_ranges,
    ).find_local,
    read_files=read_files,
    package_json_name="yarn",
    runs_programs="yarn",
    packages_elsewhere=True,
    refuse=refuse,
)
