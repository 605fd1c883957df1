"""Files in which version managers keep versions: asdf, mise, proto, nvm, nodenv, pyenv, uv, Volta and Heroku."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from generator.model.names import VERSION
from generator.text.errors import Location
from generator.text.files import Repository, dig, is_outside, join, led_to, mapping

# https://mise.jdx.dev/configuration.html; a file for one machine, as mise.local.toml, is none of the repository.
_MISE = ("mise.toml", ".mise.toml", "mise/config.toml", ".mise/config.toml", ".config/mise.toml")
_MISE_FILES = (*_MISE, ".config/mise/config.toml")
PIN_FILES = {
    "python": (".python-version", "runtime.txt"),
    "node": (".nvmrc", ".node-version"),
    "bun": (".bun-version",),
}
"""Files that hold one version of a runtime and nothing else."""
_PROTO = ".prototools"
_OTHERS = (".tool-versions", ".mise.toml", "mise.toml", _PROTO)
VERSION_FILES = (*(name for names in PIN_FILES.values() for name in names), *_OTHERS)
"""The files at the top of a folder that hold versions."""

_NEWEST = frozenset({"latest", "node", "current", "stable", "*"})
_LONG_TERM = frozenset({"lts", "lts/*", "--lts"})


class Said(NamedTuple):
    """What a file says of a version, as it stands there."""

    text: str
    place: Location


def in_tool_files(repository: Repository, folder: str, names: tuple[str, ...]) -> Iterator[Said]:
    """Yield what `.tool-versions` and the files of mise and proto in `folder` say of a tool that has one of `names`."""
    there, file = repository.names(folder), join(folder, ".tool-versions")
    for number, line in enumerate(((repository.text(file) if ".tool-versions" in there else "") or "").splitlines(), 1):
        words = line.partition("#")[0].split()
        if len(words) > 1 and words[0] in names:
            yield Said(words[1], Location(file=file, line=number, column=line.index(words[0]) + 1))
            break
    for name in _MISE_FILES:
        if not {name, f"{name.partition('/')[0]}/"} & there:
            continue
        file = join(folder, name)
        tools = mapping(repository.toml(file), "tools")
        for key in (key for key in tools if key.removeprefix("core:") in names):
            if text := _first(tools[key]):
                yield Said(text, repository.locate(file, "[tools]", key))
                break
    file = join(folder, _PROTO)
    tools = mapping(repository.toml(file)) if _PROTO in there else {}
    for key, text in ((key, _first(tools[key])) for key in tools if key in names):
        if text:
            yield Said(text, repository.locate(file, key))


def in_version_file(repository: Repository, file: str) -> Iterator[Said]:
    """Yield the first line of a file that holds nothing but a version, comments left out."""
    for number, line in enumerate((repository.text(file) or "").splitlines(), 1):
        if text := line.partition("#")[0].strip():
            yield Said(text, Location(file=file, line=number, column=line.index(text) + 1))
            return


def in_volta(repository: Repository, folder: str, name: str) -> Iterator[Said]:
    """Yield what the key `volta` of a package.json in `folder` says of a tool, or the one that it extends."""
    file, seen = join(folder, "package.json"), set[str]()
    while file not in seen and not is_outside(file):
        seen.add(file)
        said = mapping(repository.json(file), "volta")
        if isinstance(text := said.get(name), str):
            yield Said(text, repository.locate(file, '"volta"', f'"{name}"'))
            return
        if isinstance(extended := said.get("extends"), str):
            file = led_to(posixpath.dirname(file) or ".", extended)


def in_package_manager(repository: Repository, folder: str, name: str) -> Iterator[Said]:
    """Yield the version that `packageManager` of a package.json in `folder` has of a tool."""
    file = join(folder, "package.json")
    said = dig(repository.json(file), "packageManager")
    if isinstance(said, str) and said.startswith(f"{name}@"):
        yield Said(said.removeprefix(f"{name}@").partition("+")[0], repository.locate(file, '"packageManager"'))


def in_dev_engines(repository: Repository, file: str, key: str, name: str) -> Iterator[Said]:
    """Yield the range of `devEngines` in a package.json for a `runtime` or a `packageManager` called `name`."""
    said = dig(repository.json(file), "devEngines", key)
    for one in said if isinstance(said, list) else [said]:
        if dig(one, "name") == name and isinstance(text := dig(one, "version"), str):
            yield Said(text, repository.locate(file, '"devEngines"', f'"{key}"', f'"{name}"', '"version"'))


def plain_version(text: str, versions: Mapping[str, Any]) -> str | None:
    """Return the version that a text of such a file means; None if an official image cannot be known from it.

    Args:
        text: As `v22.1`, `3.12.4`, `lts/jod`, `lts/*`, `latest`, `20.x` or `prefix:3.12`.
        versions: What is known of the versions of the language, as the service has it.
    """
    said = text.lower().removeprefix("prefix:")
    lines = versions.get("lines")
    newest = str(lines[0]) if isinstance(lines, list) and lines else None
    if said in _NEWEST or said in _LONG_TERM:
        return newest
    if codename := re.fullmatch(r"lts[/-]([a-z]+)", said):
        found = dig(versions, "codenames", codename[1])
        return found if isinstance(found, str) else None
    plain = re.fullmatch(rf"(?:v|c?python-)?({VERSION})((?:\.[x*])*)", said)
    return plain[1] if plain else None


def folders_above(folder: str) -> Iterator[str]:
    """Yield the folders above `folder`, the nearest first: version managers look there as well."""
    while folder != ".":
        folder = folder.rpartition("/")[0] or "."
        yield folder


def _first(said: Any) -> str | None:
    """Return the version of an entry of mise: of several, the first one is the one that runs."""
    if isinstance(said, list):
        said = said[0] if said else None
    if isinstance(said, dict):
        said = said.get("version")
    return said if isinstance(said, str) else None
