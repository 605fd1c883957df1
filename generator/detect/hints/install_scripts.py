"""Scripts that package managers run on their own after an installation, and that a build here does not.

Packages are installed without any script, so that none runs beside a secret. What a service loses by that is told, with
the lines of the spec that bring it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from generator.detect.detected import Piece
from generator.detect.hints.prisma import client_lines
from generator.detect.managers import record_of
from generator.detect.managers.npm_packages import KNOWN, Known
from generator.detect.service_folder import Installation
from generator.detect.steps import commands
from generator.text.errors import Finding
from generator.text.files import join, mapping, texts
from generator.text.quote import quoted

_SCRIPTS = ("preinstall", "install", "postinstall", "prepare")
# Hooks of git, checks of the manager's name, and builds, which the build script does.
_OF_NO_USE = r"\b(?:husky|lefthook|simple-git-hooks|pre-commit|only-allow|is-ci|build|echo|true)\b"
_PATCHES = "patch-package"
# The image of Bun has no npx.
_ON_BUN = "bunx, --bun"


class _Depended(NamedTuple):
    """A dependency with a known install script, and the section of the manifest that names it."""

    manifest: str
    section: str
    name: str
    known: Known


def detect_install_scripts(installation: Installation) -> Iterator[Piece]:
    """Warn of scripts of the service and of known packages that are not run, unless a step or a key does their work."""
    words = frozenset(_said(installation))
    folders = [installation.lock_folder, *(folder for folder, _ in installation.package_folders())]
    manifests = [join(folder, "package.json") for folder in dict.fromkeys(folders)]
    for manifest in manifests:
        yield from _own(installation, manifest, words)
    yield from _known(installation, [one for manifest in manifests for one in _depended(installation, manifest, words)])


def _said(installation: Installation) -> Iterator[str]:
    """Yield each word of a command, and the name of each package, that the spec names."""
    merged = installation.service.merged
    yield from texts(merged, "rebuild")
    yield from texts(merged, "packages", "runtime")
    for command in commands(merged):
        for word in command:
            yield from re.findall(r"[\w@.-]+", word) if isinstance(word, str) else ()


def _own(installation: Installation, manifest: str, words: frozenset[str]) -> Iterator[Finding]:
    scripts = mapping(installation.repository.json(manifest), "scripts")
    for name in _SCRIPTS:
        command = scripts.get(name)
        if not isinstance(command, str):
            continue
        if all(re.search(_OF_NO_USE, part) for part in re.split(r"&&|\|\||;", command)):
            continue
        if words & {name, *command.split()[:1]} or command.split()[:1] == ["prisma"]:
            continue
        yield Finding(
            location=installation.repository.locate(manifest, '"scripts"', f'"{name}"'),
            message=f"{installation.service.name} is installed without the script {name} of {manifest}: {command[:80]}",
            fix=f"if the image needs it, add {_step(installation, manifest, name, command)}",
            code="script-not-run",
            level="warn",
        )


def _step(installation: Installation, manifest: str, name: str, command: str) -> str:
    """Give the step that runs a script where its results ship."""
    if _PATCHES in command:
        mount = "{type: bind, source: patches, target: /app/patches}"
        run = f"[[node_modules/.bin/{_PATCHES}]]"
        return f"steps: {{after_dependencies: {{patches: {{run: {run}, mounts: [{mount}]}}}}}}"
    manager = record_of(installation.manager).package_json_name
    folder = _folder_below(installation, manifest)
    run = f'[[sh, -c, "cd {folder} && {manager} run {name}"]]' if folder else f"[[{manager}, run, {name}]]"
    return f"steps: {{before_build: {{{name}: {{run: {run}}}}}}}, and what it makes to artifacts"


def _known(installation: Installation, depended: list[_Depended]) -> Iterator[Finding]:
    """Warn of each package; every line with `rebuild` names all of them, since a spec can have one."""
    rebuilt = [one.name for one in depended if one.known.lines.startswith("rebuild:")]
    rebuild = f"rebuild: {quoted([*dict.fromkeys([*texts(installation.service.merged, 'rebuild'), *rebuilt])])}"
    for one in depended:
        lines = re.sub(r"^rebuild: \[[^\]]*\]", lambda _: rebuild, _lines(installation, one.manifest, one.known))
        yield Finding(
            location=installation.repository.locate(one.manifest, f'"{one.section}"', f'"{one.name}"'),
            message=f"the install script of {one.name} {one.known.does}, and it is not run",
            fix=f"if the service uses it, add {lines}",
            code="browser-needed" if one.known.is_browser else "install-script",
            level="warn",
        )


def _depended(installation: Installation, manifest: str, words: frozenset[str]) -> Iterator[_Depended]:
    """Yield the dependencies of a manifest whose install scripts are known, unless the spec has seen to them."""
    data = installation.repository.json(manifest)
    for section in ("dependencies", "optionalDependencies", "devDependencies"):
        for name, version in mapping(data, section).items():
            known = KNOWN.get(name)
            if known is None or not known.applies_to(version):
                continue
            if (known.development or section != "devDependencies") and words.isdisjoint(known.done):
                yield _Depended(manifest, section, name, known)


def _lines(installation: Installation, manifest: str, known: Known) -> str:
    """Give the lines of the spec that do the work of a script, where the package manager would do it."""
    manager = record_of(installation.manager)
    words = _ON_BUN if installation.service.runtime == "bun" else manager.runs_programs
    folder = _folder_below(installation, manifest)
    lines = known.lines.replace("{exec}", words)
    if folder and words in lines:
        lines = re.sub(
            r"\[\[([^\]]*)\]\]", lambda run: f"[[sh, -c, \"cd {folder} && {run[1].replace(',', '')}\"]]", lines
        )
    return client_lines(installation, manifest.rpartition("/")[0] or ".", lines) if known.made else lines


def _folder_below(installation: Installation, manifest: str) -> str:
    """Give the folder of a manifest below that of the lock file, where commands run; empty for that one."""
    if manifest == installation.beside_lock("package.json"):
        return ""
    return manifest.removesuffix("package.json").removeprefix(f"{installation.lock_folder}/").strip("/")
