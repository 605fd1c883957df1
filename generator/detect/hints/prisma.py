"""Prisma's client, which a generator writes: where to, as the schema says, and the lines of a spec that run it.

https://www.prisma.io/docs/orm/prisma-schema/overview/generators
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from generator.detect.managers import record_of
from generator.detect.service_folder import Installation, is_file
from generator.text.files import Repository, dig, is_below, join, relative_to, texts
from generator.text.quote import quoted

_PLACES = ("prisma/schema.prisma", "schema.prisma", "prisma/schema")
_GENERATOR = re.compile(r"^generator\s+\w+\s*\{([^}]{0,2000})\}", re.MULTILINE)
_SETTING = r"^\s*{}\s*=\s*[\"']([^\"'\n]*)[\"']"
_SCHEMA = re.compile(r"\bschema:\s*[\"']([^\"'\n]{1,200})[\"']")
_VARIABLE = re.compile(r"(?<![.\w])env(?:<[^>\n]*>)?\(\s*[\"']([A-Z][A-Z0-9_]{0,100})[\"']\s*\)")
# From this version on, no engine is fetched for the client, and no library of OpenSSL is loaded.
_WITHOUT_ENGINES = 7


class _Client(NamedTuple):
    """What a schema says of its client.

    Attributes:
        schema: The file; empty where none was found.
        output: The folder that it is written to; empty for the default, in node_modules.
        compiled: Whether it is TypeScript, which the build compiles with the sources.
    """

    schema: str
    output: str = ""
    compiled: bool = False


def client_lines(installation: Installation, folder: str, steps: str) -> str:
    """Give the lines of the spec that generate the client for the package in `folder`: `steps`, and what they need."""
    client = _client(installation.repository, folder)
    merged = installation.service.merged
    # The settings refuse to be read without them, and nothing connects.
    unset = dict.fromkeys(_variables(installation.repository, folder), "postgresql://localhost/unused")
    first = f"variables: {quoted({'env': unset})}, " if unset else ""
    lines = [steps.replace("{prisma:", f"{{{first}prisma:")]
    if (ships := _ships(installation, client, folder)) and merged.get("output", "server") == "server":
        lines.append(quoted({"artifacts": [*texts(merged, "artifacts"), ships]})[1:-1])
    if _has_engines(installation.repository, folder):
        lines.append("packages: {build: [openssl], runtime: [openssl]}")
    if not client.output and not _is_flat(installation):
        inside = "src" if folder in (installation.service.path, installation.lock_folder) else folder
        lines.append(f"and let it write below {inside} with an output of its own, not into node_modules")
    return ", ".join(lines)


def _ships(installation: Installation, client: _Client, folder: str) -> str:
    """Give what has to be named as an artifact, below the folder of the service; empty where nothing has."""
    if client.output:
        inside = folder == installation.service.path and is_below(client.output, folder)
        return relative_to(folder, client.output) if inside and not client.compiled else ""
    return "node_modules/.prisma" if _is_flat(installation) else ""


def _is_flat(installation: Installation) -> bool:
    """Say whether the packages of the service lie in its own node_modules, one beside the other."""
    return not record_of(installation.manager).packages_elsewhere and not installation.is_member


def _client(repository: Repository, folder: str) -> _Client:
    for schema in _schemas(repository, folder):
        for block in _GENERATOR.finditer(repository.text(schema) or ""):
            provider, output = (
                re.search(_SETTING.format(key), block[1], re.MULTILINE) for key in ("provider", "output")
            )
            if provider and provider[1].startswith("prisma-client"):
                path = join(posixpath.dirname(schema), output[1]) if output else ""
                return _Client(schema, posixpath.normpath(path) if path else "", provider[1] == "prisma-client")
    return _Client("")


def _schemas(repository: Repository, folder: str) -> Iterator[str]:
    """Yield the files of the schema, which may be a folder of them."""
    said = dig(repository.json(join(folder, "package.json")), "prisma", "schema")
    named = [found[1] for text in _settings(repository, folder) if (found := _SCHEMA.search(text))]
    for place in (*([said] if isinstance(said, str) else []), *named, *_PLACES):
        path = posixpath.normpath(join(folder, place))
        if is_file(repository, path):
            yield path
        yield from (join(path, name) for name in sorted(repository.names(path)) if name.endswith(".prisma"))


def _settings(repository: Repository, folder: str) -> Iterator[str]:
    for end in ("ts", "js", "mjs"):
        yield repository.text(join(folder, f"prisma.config.{end}")) or ""


def _variables(repository: Repository, folder: str) -> Iterator[str]:
    """Yield the variables that the settings of Prisma ask for, as `url: env("DATABASE_URL")`."""
    for text in _settings(repository, folder):
        yield from _VARIABLE.findall(text)


def _has_engines(repository: Repository, folder: str) -> bool:
    data = repository.json(join(folder, "package.json"))
    ranges = (dig(data, section, "prisma") for section in ("dependencies", "devDependencies"))
    wanted = next((one for one in ranges if isinstance(one, str)), "")
    major = re.search(r"\d{1,9}", wanted)
    return major is not None and int(major[0]) < _WITHOUT_ENGINES
