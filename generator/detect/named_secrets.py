"""Files that the service itself has the builder sent, although they look like secrets or are the files of some."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.detect.detected import KeyPath, Piece
from generator.detect.service_folder import Installation
from generator.model.confidential import looks_secret
from generator.text.errors import Finding
from generator.text.files import dig, mapping, texts

_FILES = ("requirements", "development", "includes", "patches")


def detect_named_secrets(installation: Installation) -> Iterator[Piece]:
    """Warn of each: the ignore file allows what an instruction reads by its name."""
    service = installation.service
    for keys, said, path in _named(installation):
        # Settings files are read, and checked for tokens.
        folder, _, name = path.rpartition("/")
        is_folder = f"{name}/" in installation.repository.names(folder or ".")
        looks = keys[:2] != ("install", "config") and looks_secret(f"{said}/" if is_folder else said)
        if looks or path in service.secret_files:
            what = "is the file of a secret" if path in service.secret_files else "looks like a secret"
            yield Finding(
                location=service.locate(*keys),
                message=f"{service.name} sends {path} to the builder, which {what}",
                fix="do not name it there, and mount it under secrets; if everybody may read it, nothing is wrong",
                code="secret-sent",
                level="warn",
            )


def _named(installation: Installation) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield the keys of each path that the service or a preset names, the path as said, and in the repository."""
    service = installation.service
    for index, said in enumerate(texts(service.own, "sources")):
        yield ("sources", index), said, service.in_service(said)
    if isinstance(hosts := dig(service.merged, "ssh", "known_hosts"), str):
        yield ("ssh", "known_hosts"), hosts, service.in_service(hosts)
    for name in ("config", *_FILES):
        for index, said in enumerate(texts(service.merged, "install", name)):
            yield ("install", name, index), said, installation.beside_lock(said)
    for keys, said in _copied(service.merged):
        yield keys, said, service.in_service(said)


def _copied(merged: Any) -> Iterator[tuple[KeyPath, str]]:
    for point, steps in mapping(merged, "steps").items():
        for name, step in mapping(steps).items():
            if isinstance(said := dig(step, "copy"), str):
                yield ("steps", point, name, "copy"), said
            mounts = dig(step, "mounts")
            for index, mount in enumerate(mounts if isinstance(mounts, list) else ()):
                if isinstance(said := dig(mount, "source"), str):
                    yield ("steps", point, name, "mounts", index, "source"), said
