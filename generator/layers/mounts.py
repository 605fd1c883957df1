"""Files of the repository that Compose mounts: they are there, or Compose refuses to start the container."""

from __future__ import annotations

from collections.abc import Iterator

from generator.detect.service_folder import is_there
from generator.layers.fold import Folded
from generator.model.names import is_path
from generator.text.errors import Finding
from generator.text.files import Repository, mapping


def missing_mounts(repository: Repository, name: str, service: Folded) -> Iterator[Finding]:
    """Warn of each bind mount whose source the repository does not have: it may still be made before the start.

    Args:
        repository: The files.
        name: The name of the service.
        service: Its values, which need not be valid, and their places.
    """
    for target, source in mapping(service.values, "bind_mounts").items():
        if isinstance(source, str) and is_path(source) and not is_there(repository, source):
            yield Finding(
                location=service.locate(("bind_mounts", str(target))),
                message=f"{name} mounts {source}, which is not in the repository, and does not start without it",
                fix="correct the path, or add the file; nothing is wrong if it is made before the containers start",
                code="path-missing",
                level="warn",
            )
