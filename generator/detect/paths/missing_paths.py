"""Paths that a service names and that the repository does not have: the instruction that reads one would fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.detect.paths.named_paths import Locate, build_folders, named_paths
from generator.detect.service_folder import is_there
from generator.model.names import is_folder
from generator.text.errors import Finding
from generator.text.files import Repository
from generator.text.spelling import on_disk

# Files that a builder alone has, patterns, and what has a finding of its own.
_OTHERS = (("secrets",), ("ignore",), ("workspace",), ("install", "patches"), ("install", "includes"))


def missing_paths(
    repository: Repository, name: str, values: Mapping[str, Any], own: Mapping[str, Any], locate: Locate
) -> Iterator[Finding]:
    """Warn of each path that is not in the repository: it may still be made before the image is built.

    Args:
        repository: The files.
        name: The name of the service.
        values: Its values.
        own: Those that stand in the spec: a preset may name what some repositories have.
        locate: Returns the place of one of them.
    """
    path = values.get("path")
    if not is_folder(path) or "runtime" not in values or not repository.names(path):
        return
    for one in named_paths(own, path, *build_folders(values, path)):
        if any(one.keys[: len(keys)] == keys for keys in _OTHERS) or not is_folder(one.said):
            continue
        if not is_there(repository, one.path) and on_disk(repository, one.path) == one.path:
            yield Finding(
                location=locate(one.keys),
                message=f"{name} reads {one.path}, which is not in the repository",
                fix="correct the path, or add the file; nothing is wrong if it is made before the image is built",
                code="path-missing",
                level="warn",
            )
