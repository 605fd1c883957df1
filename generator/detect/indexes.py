"""Package indexes with a name: credentials in variables are for a name, so that uv has to know the address behind it.

https://docs.astral.sh/uv/concepts/indexes/#providing-credentials-directly
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generator.detect.detected import Piece, Value
from generator.detect.managers import record_of
from generator.detect.service_folder import Installation
from generator.model.names import INDEX_ADDRESS
from generator.text.errors import Finding
from generator.text.files import dig, join, mapping

_VARIABLE = r"UV_INDEX_(\w+)_(?:USERNAME|PASSWORD)"


def detect_indexes(installation: Installation) -> Iterator[Piece]:
    """Yield `install.indexes`: those that a secret of the service has credentials for."""
    record, service = record_of(installation.manager), installation.service
    manifest, *others = dict.fromkeys(_manifests(installation))
    known = {
        _variable(name): (name, url)
        for path in (manifest, *reversed(others))
        for name, url in _indexes(installation, path, record.index_key)
    }
    found: dict[str, str] = {}
    for secret, entry in mapping(service.merged, "secrets").items():
        said = dig(entry, "env")
        wanted = re.fullmatch(_VARIABLE, record.variable(said)) if isinstance(said, str) else None
        if wanted is None or not record.index_key:
            continue
        if wanted[1] in known:
            name, url = known[wanted[1]]
            found[name] = url
        else:
            names = ", ".join(name for name, _ in known.values())
            yield Finding(
                location=service.locate("secrets", secret, "env"),
                message=f"{said} is for an index that {manifest} does not have",
                fix=f"name one of {names}" if names else f"give the index a name in {manifest}, or mount a netrc file",
                code="index-unknown",
            )
    if found and dig(service.own, "install", "indexes") is None:
        yield Value(path=("install", "indexes"), value=found, place=service.repository.locate(manifest))


def _manifests(installation: Installation) -> Iterator[str]:
    """Yield the manifest beside the lock file, and those of members of a workspace, which may have indexes too."""
    name = str(installation.fact("manifest"))
    yield installation.beside_lock(name)
    yield from (join(folder, name) for folder, _ in installation.package_folders())


def _indexes(installation: Installation, manifest: str, key: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the name and the address of each index that can stand in a command."""
    data: Any = dig(installation.repository.toml(manifest), *key) if key else None
    for entry in data if isinstance(data, list) else ():
        name, url = dig(entry, "name"), dig(entry, "url")
        if not isinstance(name, str) or not isinstance(url, str):
            continue
        if re.fullmatch(r"[\w.-]+", name, re.ASCII) and re.fullmatch(INDEX_ADDRESS, url):
            yield name, url


def _variable(name: str) -> str:
    """Give the part of a variable's name that stands for an index."""
    return re.sub(r"[^A-Z0-9]", "_", name.upper())
