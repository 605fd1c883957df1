"""A program that an image starts is not a shell where the image has none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from generator.model.images import OwnImage
from generator.model.project import Project
from generator.model.types import Model
from generator.text.errors import Finding

_SHELLS = ("sh", "bash", "dash")


def missing_shells(project: Project) -> Iterator[Finding]:
    """Find entry points, commands and probes that are a shell, in images without one."""
    for service in project.built():
        for path, words in _started(service) if not service.has_shell else ():
            if PurePosixPath(words[0]).name in _SHELLS:
                message = f"{service.name} starts {words[0]}, and its runtime_image has no shell"
                fix = "name the program itself and its arguments, or take a runtime_image with a distribution"
                yield project.finding(("services", service.name, *path), message, fix, "image-without-shell")


def _started(service: OwnImage) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    parts: list[tuple[tuple[str, ...], Model | None]] = [((), service), (("healthcheck",), service.healthcheck)]
    for above, part in parts:
        for key in ("entrypoint", "command"):
            words = getattr(part, key, None)
            if words is not None:
                yield (*above, key), words
