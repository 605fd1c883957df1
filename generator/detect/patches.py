"""Patches of packages: files of the repository that pnpm, Yarn and Bun apply to what they install."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

from generator.detect.subject import Subject
from generator.model.names import PATH
from generator.text.errors import Location
from generator.text.files import dig, join, mapping

# The file that names a patch, the text in it, and the patch's path from the folder of the lock file.
Named = Iterator[tuple[str, str, str]]

_SECTIONS = ("resolutions", "dependencies", "devDependencies", "optionalDependencies")
# patch:SOURCE#FILE&FILE::PARAMETERS, where SOURCE and the files are encoded as in a URL.
_RANGE = re.compile(r"(?:^|@)patch:((?:(?!::)[^#])*)#((?:(?!::).)*)")


def find_patches(subject: Subject) -> None:
    """`install.patches` where the service names none; a patch that is not there."""
    if subject.manager not in _NAMED or dig(subject.own, "install", "patches") is not None:
        return
    found: dict[str, Location] = {}
    for manifest, said, path in _NAMED[subject.manager](subject):
        location = subject.repository.locate(subject.above(manifest), said)
        if not re.fullmatch(PATH, path):
            fix = "move it below the folder of the lock file, to a path without blanks, quotes, wildcards or .."
            subject.found.problem(location, f"the patch {path!r} cannot stand in a Dockerfile", fix)
        elif not _exists(subject, path):
            fix = f"add it, or name it no more and run: {subject.fact('refresh')}"
            subject.found.problem(location, f"the patch {subject.above(path)} is missing", fix)
        else:
            found.setdefault(path, location)
    if found:
        subject.found.set(("install", "patches"), sorted(found), next(iter(found.values())))


def _exists(subject: Subject, path: str) -> bool:
    folder, _, name = subject.above(path).rpartition("/")
    return name in subject.repository.names(folder or ".")


def _listed(manifest: str, patches: dict[str, Any]) -> Named:
    for path in patches.values():
        if isinstance(path, str):
            yield manifest, path, posixpath.normpath(path)


def _of_pnpm(subject: Subject) -> Named:
    """Of package.json only where pnpm's own file says nothing."""
    own = mapping(subject.repository.yaml(subject.above("pnpm-workspace.yaml")), "patchedDependencies")
    if own:
        yield from _listed("pnpm-workspace.yaml", own)
    else:
        data = subject.repository.json(subject.above("package.json"))
        yield from _listed("package.json", mapping(data, "pnpm", "patchedDependencies"))


def _of_bun(subject: Subject) -> Named:
    data = subject.repository.json(subject.above("package.json"))
    yield from _listed("package.json", mapping(data, "patchedDependencies"))


def _of_yarn(subject: Subject) -> Named:
    """Yarn names them where it names versions: in the manifests of the root, of the service and of its packages."""
    workspace = mapping(subject.found.values, "workspace") or mapping(subject.own, "workspace")
    members = [dig(workspace, "member"), *(dig(workspace, "packages") or [])]
    for folder in [".", *(path for one in members if isinstance(path := dig(one, "path"), str))]:
        manifest = join(folder, "package.json")
        data = subject.repository.json(subject.above(manifest))
        for said in (said for section in _SECTIONS for said in mapping(data, section).values()):
            for path in _in_range(said) if isinstance(said, str) else ():
                below = path[2:] if path.startswith("~/") else posixpath.join(folder, path)
                yield manifest, said, posixpath.normpath(below)


def _in_range(said: str) -> Iterator[str]:
    """The files of a range; what is patched may be a patched package itself, and Yarn has patches of its own."""
    found = _RANGE.search(said)
    if found:
        yield from _in_range(unquote(found[1]))
        for path in (one.rpartition("!")[2] for one in unquote(found[2]).split("&")):
            if not path.startswith(("builtin<", "~builtin<")):
                yield path


_NAMED: dict[str, Callable[[Subject], Named]] = {"pnpm": _of_pnpm, "yarn": _of_yarn, "bun": _of_bun}
