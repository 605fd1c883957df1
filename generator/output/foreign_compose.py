"""Files of somebody else that Compose would read beside ours, or would not read any more because of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from generator.model.artefacts import COMPOSE_FILES, MARK
from generator.text.errors import Finding, Location, SpecError
from generator.text.files import MAX_BYTES
from generator.text.reading import read_bytes

_MERGED = (
    *("compose.override.yml", "compose.override.yaml"),
    *("docker-compose.override.yml", "docker-compose.override.yaml"),
)


_VARIABLES = ".env"
_CHOICE = re.compile(r"^[^\S\n]*(?:export[^\S\n]+)?COMPOSE_FILE[^\S\n]*[=:][^\S\n]*(?P<files>[^\n]*)", re.MULTILINE)


def unread_compose(root: Path, compose_file: str) -> Iterator[Finding]:
    """Warn of what keeps Compose from reading the generated file alone, or something else beside it.

    A file that Compose does not read beside ours may have been added later, or with --force. `COMPOSE_FILE` in the file
    of variables says which files there are: https://docs.docker.com/compose/how-tos/environment-variables/envvars/

    Args:
        root: The repository.
        compose_file: The name of the generated file.
    """
    yield from _beside(root, compose_file)
    variables = _text(root / _VARIABLES)
    if choice := _CHOICE.search(variables):
        files = choice["files"].strip().strip("\"'")
        line = variables.count("\n", 0, choice.start()) + 1
        named = compose_file in re.split(r"[:;]", files.replace("./", ""))
        if named and compose_file not in COMPOSE_FILES:
            return  # a file that Compose would not find by itself
        message = f"COMPOSE_FILE has Compose read {files} alone, and "
        message += "no override beside it" if named else f"not {compose_file}"
        yield Finding(
            location=Location(file=_VARIABLES, line=line, column=1),
            message=message,
            fix="remove the line, and move what the files have into services.yaml or compose.override.yaml",
            code="compose-file-unread",
            level="warn",
        )


def _beside(root: Path, compose_file: str) -> Iterator[Finding]:
    """Warn of files that Compose does not read because of ours, and of those that it reads instead."""
    if compose_file not in COMPOSE_FILES or MARK not in _text(root / compose_file):
        return
    preferred = COMPOSE_FILES[: COMPOSE_FILES.index(compose_file)]
    for name in COMPOSE_FILES:
        if name == compose_file or not (root / name).is_file():
            continue
        fix = "move what is needed into services.yaml or compose.override.yaml, and remove the file"
        if MARK in _text(root / name):
            fix = "remove the file, which has been written under an earlier name"
        if name in preferred:
            message = f"is read instead of {compose_file}, which is generated: Compose prefers {name}"
        else:
            message = f"is not read: Compose prefers {compose_file}, which is generated"
        yield Finding(location=Location(file=name), message=message, fix=fix, code="compose-file-unread", level="warn")


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
    if path not in COMPOSE_FILES or (old is not None and MARK in old):
        return
    for name in (*COMPOSE_FILES, *_MERGED):
        if name == path or not (root / name).is_file() or (name in COMPOSE_FILES and MARK in _text(root / name)):
            continue
        if name in _MERGED:
            message = f"was written for another Compose file, and Compose would merge it into {path}"
        elif COMPOSE_FILES.index(name) < COMPOSE_FILES.index(path):
            message = f"would be read instead of {path}, which is about to be written: Compose prefers {name}"
        else:
            message = f"would not be read any more: Compose prefers {path}, which is about to be written"
        fix = "move what is needed into services.yaml, and the file away; or write beside it with --force"
        yield Finding(location=Location(file=name), message=message, fix=fix, code="compose-file-foreign")
