"""Files of somebody else that Compose would read beside ours, or would not read any more because of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.model.artefacts import COMPOSE, MARK
from generator.text.errors import Finding, Location

# Compose takes the first of these that is there, and merges the first override into it, whatever the two are called:
# https://docs.docker.com/compose/intro/compose-application-model/#the-compose-file
_HIDDEN = ("compose.yml", "docker-compose.yml", "docker-compose.yaml")
_MERGED = (
    *("compose.override.yml", "compose.override.yaml"),
    *("docker-compose.override.yml", "docker-compose.override.yaml"),
)


def beside_compose(root: Path, path: str, old: str | None) -> Iterator[Finding]:
    """Find the Compose files beside a generated one that is new, or that replaces one that was written by hand.

    Once ours is there, somebody has looked at what is beside it, and an override of it is meant.

    Args:
        root: The repository.
        path: Where the generated file is, below the root.
        old: The text that is there; None without a file.
    """
    if path != COMPOSE.name or (old is not None and MARK in old):
        return
    for name in (*_HIDDEN, *_MERGED):
        if not (root / name).is_file():
            continue
        if name in _HIDDEN:
            message = f"would not be read any more: Compose prefers {path}, which is about to be written"
        else:
            message = f"was written for another Compose file, and Compose would merge it into {path}"
        fix = "move what is needed into services.yaml, and the file away; or write beside it with --force"
        yield Finding(location=Location(file=name), message=message, fix=fix, code="compose-file-foreign")
