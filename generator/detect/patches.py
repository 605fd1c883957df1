"""Patches of packages: files of the repository that some managers apply to what they install."""

from __future__ import annotations

from collections.abc import Iterator

from generator.detect.detected import Piece, Value
from generator.detect.managers import record_of
from generator.detect.service_folder import Installation, is_file
from generator.model.names import is_path
from generator.text.errors import Finding, Location
from generator.text.files import dig


def detect_patches(installation: Installation) -> Iterator[Piece]:
    """Yield `install.patches` where the service names none; report a patch that is not there."""
    if dig(installation.service.own, "install", "patches") is not None:
        return
    places: dict[str, Location] = {}
    for patch in record_of(installation.manager).find_patches(installation):
        location = installation.repository.locate(installation.beside_lock(patch.manifest), patch.said)
        file = installation.beside_lock(patch.path)
        if not is_path(patch.path):
            message = f"the patch {patch.path!r} cannot stand in a Dockerfile"
            fix = "move it below the folder of the lock file, to a path without blanks, quotes, wildcards or .."
            yield Finding(location=location, message=message, fix=fix, code="path-malformed")
        elif not is_file(installation.repository, file):
            fix = f"add it, or remove it from {location.file} and run: {installation.fact('refresh')}"
            yield Finding(location=location, message=f"the patch {file} is missing", fix=fix, code="patch-missing")
        else:
            places.setdefault(patch.path, location)
    if places:
        yield Value(path=("install", "patches"), value=sorted(places), place=next(iter(places.values())))
