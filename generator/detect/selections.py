"""Extras and groups that a service takes: its manifest has to have them, and they have to fit together."""

from __future__ import annotations

from collections.abc import Iterator

from generator.detect.detected import Piece
from generator.detect.managers import record_of
from generator.detect.managers.pyproject import canonical
from generator.detect.service_folder import Installation
from generator.text.errors import Finding
from generator.text.files import texts


def detect_selections(installation: Installation) -> Iterator[Piece]:
    """Report each extra and group that the manager would not find."""
    record, service = record_of(installation.manager), installation.service
    known = record.options(installation)
    for key in ("extras", "groups"):
        if key not in known:
            continue
        names, manifest = {canonical(name): name for name in known[key]}, installation.fact("manifest")
        for index, name in enumerate(texts(service.own, key)):
            if canonical(name) not in names:
                choice = f"use one of {', '.join(sorted(names.values()))}" if names else "remove it: there are none"
                yield Finding(
                    location=service.locate(key, index),
                    message=f"{service.name} takes {name!r} of {key}, which {manifest} does not have",
                    fix=choice,
                    code="selection-unknown",
                )
    yield from record.check_options(installation)
