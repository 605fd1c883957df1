"""Two services in one folder by a link, or as the disk has it: the Dockerfile of one would overwrite the other's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from generator.text.errors import Finding, Location
from generator.text.files import Repository
from generator.text.spelling import disk_name


def shared_folders(
    repository: Repository, paths: Mapping[str, str], locate: Callable[[str], Location]
) -> Iterator[Finding]:
    """Find services whose folder is on the disk that of a service before, under another path.

    Args:
        repository: The files.
        paths: The folder of each service, by its name.
        locate: Returns the place of a service's path.
    """
    owner: dict[tuple[int, int], tuple[str, str]] = {}
    for name, path in paths.items():
        if (identity := repository.identity(path)) is None:
            continue
        first, taken = owner.setdefault(identity, (name, path))
        # Paths that are alike without the disk are told by a rule.
        if first != name and disk_name(taken) != disk_name(path):
            yield Finding(
                location=locate(name),
                message=f"{name} has the path {path!r}, which is on the disk the folder {taken!r} of {first}",
                fix="give each service a folder of its own, and no link to that of another",
                code="path-taken",
            )
