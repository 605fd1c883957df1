"""A Dockerfile that the team writes: it is there, in the folder of its service."""

from __future__ import annotations

from collections.abc import Iterator

from generator.layers.fold import Folded
from generator.model.names import WRITTEN, dockerfile_name, is_folder
from generator.text.errors import Finding
from generator.text.files import Repository, join


def missing_dockerfiles(repository: Repository, name: str, service: Folded) -> Iterator[Finding]:
    """Find the Dockerfile of a service that the repository does not have; nothing for another kind of service.

    Args:
        repository: The files.
        name: The name of the service.
        service: Its values and their places.
    """
    values = service.values
    path, file = values.get("path"), dockerfile_name(values.get("dockerfile"))
    if values.get("kind") != WRITTEN or not is_folder(path) or file in repository.names(path):
        return
    key = "dockerfile" if "dockerfile" in values else "path"
    yield Finding(
        location=service.locate((key,)),
        message=f"{name} is built from {join(path, file)}, which is not there",
        fix="write it, or name another one, as dockerfile: build.Dockerfile; a kind as python has one generated",
        code="dockerfile-missing",
    )
