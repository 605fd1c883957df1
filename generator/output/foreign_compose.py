"""Files of somebody else that Compose would read beside ours, or would not read any more because of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from generator.model.artefacts import COMPOSE, MARK
from generator.text.errors import Finding, Location, SpecError
from generator.text.files import MAX_BYTES
from generator.text.reading import read_bytes

# Compose takes the first of these that is there, and merges the first override into it, whatever the two are called:
# https://docs.docker.com/compose/intro/compose-application-model/#the-compose-file
_HIDDEN = ("compose.yml", "docker-compose.yml", "docker-compose.yaml")
_MERGED = (
    *("compose.override.yml", "compose.override.yaml"),
    *("docker-compose.override.yml", "docker-compose.override.yaml"),
)


_VARIABLES = ".env"
_CHOICE = re.compile(r"^[^\S\n]*(?:export[^\S\n]+)?COMPOSE_FILE[^\S\n]*[=:][^\S\n]*(?P<files>[^\n]*)", re.MULTILINE)


def unread_compose(root: Path) -> Iterator[Finding]:
    """Warn of what keeps Compose from reading the generated file alone, or something else beside it.

    A file that Compose does not read beside ours may have been added later, or with --force. `COMPOSE_FILE` in the file
    of variables says which files there are: https://docs.docker.com/compose/how-tos/environment-variables/envvars/

    Args:
        root: The repository.
    """
    yield from _hidden(root)
    variables = _text(root / _VARIABLES)
    if choice := _CHOICE.search(variables):
        files = choice["files"].strip().strip("\"'")
        line = variables.count("\n", 0, choice.start()) + 1
        named = COMPOSE.name in re.split(r"[:;]", files.replace("./", ""))
        message = f"COMPOSE_FILE has Compose read {files} alone, and "
        message += "no override beside it" if named else f"not {COMPOSE.name}"
        yield Finding(
            location=Location(file=_VARIABLES, line=line, column=1),
            message=message,
            fix="remove the line, and move what the files have into services.yaml or compose.override.yaml",
            code="compose-file-unread",
            level="warn",
        )


def _hidden(root: Path) -> Iterator[Finding]:
    beside = [name for name in _HIDDEN if (root / name).is_file()]
    if not beside or MARK not in _text(root / COMPOSE.name):
        return
    for name in beside:
        yield Finding(
            location=Location(file=name),
            message=f"is not read: Compose prefers {COMPOSE.name}, which is generated",
            fix="move what is needed into services.yaml or compose.override.yaml, and remove the file",
            code="compose-file-unread",
            level="warn",
        )


def _text(file: Path) -> str:
    """Return what a file says; one that is not there or too large says nothing."""
    with suppress(OSError, SpecError):
        return read_bytes(file, file.name, limit=MAX_BYTES).decode("utf-8", errors="replace")
    return ""


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
