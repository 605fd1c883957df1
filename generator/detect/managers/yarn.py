"""Yarn from 2 on: two layouts of packages, patches in ranges, and settings that need their variables every time."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from generator.detect.detected import Piece, Value
from generator.detect.managers.manager import Manager, Patch, Refusal
from generator.detect.managers.yarn_lock import unlocked_in_yarn_lock
from generator.detect.service_folder import Installation
from generator.text.errors import Finding
from generator.text.files import dig, join, mapping

if TYPE_CHECKING:
    from generator.model.runtimes import Node

_SETTINGS = ".yarnrc.yml"
_PATCHED_SECTIONS = ("resolutions", "dependencies", "devDependencies", "optionalDependencies")
# patch:SOURCE#FILE&FILE::PARAMETERS, where SOURCE and the files are encoded as in a URL.
_MAX_LENGTH = 10_000
_MAX_PATCHED = 20  # a patch of a patch
_PATCH_RANGE = r"(?:^|@)patch:((?:(?!::)[^#])*)#((?:(?!::).)*)"


def read_files(installation: Installation) -> Iterator[Piece]:
    """Yield `install.linker` where the service names none; report variables without a default."""
    for name in installation.settings():
        yield from _variables(installation, installation.beside_lock(name))
    if not dig(installation.service.own, "install", "linker"):
        yield from _linker(installation)


def _variables(installation: Installation, file: str) -> Iterator[Piece]:
    """Report each: Yarn refuses every command, offline ones too, where a variable of its settings is not set."""
    text = installation.repository.text(file) or ""
    for variable in dict.fromkeys(re.findall(r"^[^#\n]*\$\{(\w+)\}", text, re.MULTILINE)):
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


def find_patches(installation: Installation) -> Iterator[Patch]:
    """Read where Yarn names versions: in the manifests of the root, of the service and of the packages it needs."""
    workspace = installation.workspace or mapping(installation.service.own, "workspace")
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
    read_files=read_files,
    package_json_name="yarn",
    refuse=refuse,
)
