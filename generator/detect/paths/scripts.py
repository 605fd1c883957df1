"""Shell scripts whose lines end as on Windows: Linux takes the carriage return for a part of each word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.detect.paths.command_words import named_files
from generator.detect.steps import each_step
from generator.model.names import is_folder, is_path
from generator.text.errors import Finding, Location
from generator.text.files import Repository, dig, join, texts
from generator.text.tracked import files_below

_SCRIPTS = (".sh", ".bash")
# Files of one source that are looked at: scripts lie at the top, and every run asks.
_MOST = 500
# Bytes of a script that are read.
_HEAD = 4096


def windows_scripts(repository: Repository, name: str, values: Mapping[str, Any]) -> Iterator[Finding]:
    """Warn of each script that the image of a service gets and that fails there.

    Args:
        repository: The files.
        name: The name of the service.
        values: Its values, which need not be valid.
    """
    if not is_folder(values.get("path")) or "runtime" not in values:
        return
    for path in dict.fromkeys(_scripts(repository, values)):
        if _has_carriage_returns(repository, path):
            yield Finding(
                location=Location(file=path, line=1, column=1),
                message=f"{name} ships {path}, whose lines end with CR LF, so that it fails on Linux",
                fix="save it with LF, and add the line '*.sh text eol=lf' to .gitattributes",
                code="script-line-ends",
                level="warn",
            )


def _scripts(repository: Repository, values: Mapping[str, Any]) -> Iterator[str]:
    folder = str(values["path"])
    yield from (join(folder, one.path) for one in named_files(repository, values))
    for source in [*texts(values, "sources"), *_of_steps(values)]:
        if not (source == "." or is_path(source)):
            continue
        path = join(folder, source)
        inside = files_below(repository, path, _MOST) if repository.names(path) else (path,)
        yield from (file for file in inside if file.endswith(_SCRIPTS))


def _of_steps(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield what steps copy and bind: a build runs it."""
    for step in each_step(values):
        mounts = dig(step, "mounts")
        read = [dig(step, "copy"), *(dig(one, "source") for one in (mounts if isinstance(mounts, list) else ()))]
        yield from (path for path in read if isinstance(path, str))


def _has_carriage_returns(repository: Repository, path: str) -> bool:
    try:
        with (repository.root / path).open("rb") as stream:
            head = stream.read(_HEAD)
    except (OSError, ValueError):
        return False
    if path.endswith(_SCRIPTS):
        return b"\r\n" in head
    first = head.partition(b"\n")[0]
    return first.startswith(b"#!") and first.endswith(b"\r")
