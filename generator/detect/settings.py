"""Files beside the lock file that change what a package manager does."""

from __future__ import annotations

from collections.abc import Iterator

from generator.detect.detected import Piece, Value
from generator.detect.service_folder import Installation
from generator.text.files import dig


def detect_settings(installation: Installation) -> Iterator[Piece]:
    """Yield `install.config`: those that exist, where the service names none."""
    names = installation.settings()
    if names and not dig(installation.service.own, "install", "config"):
        place = installation.repository.locate(installation.beside_lock(names[0]))
        yield Value(path=("install", "config"), value=names, place=place)
