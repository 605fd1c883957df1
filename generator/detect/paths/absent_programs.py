"""Programs that a command or its script starts, and that no image has: package managers, and what changes the user."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from generator.detect.managers.foreign import PROGRAMS_OF_NODE, PROGRAMS_OF_PYTHON
from generator.detect.paths.calls import calls
from generator.detect.paths.named_paths import Locate
from generator.model.names import is_folder
from generator.text.errors import Finding, Location
from generator.text.files import Repository, dig, texts

_OF_USERS = frozenset({"gosu", "su-exec", "sudo", "setpriv"})


def absent_programs(repository: Repository, name: str, values: Mapping[str, Any], locate: Locate) -> Iterator[Finding]:
    """Warn of programs that are called where no image has them.

    Args:
        repository: The files.
        name: The name of the service.
        values: Its values, with those of the image that it runs; they need not be valid.
        locate: Returns the place of one of them.
    """
    runtime = values.get("runtime")
    if not is_folder(values.get("path")) or not isinstance(runtime, str):
        return
    absent = _OF_USERS | (
        PROGRAMS_OF_PYTHON if runtime == "python" else frozenset() if _has_npm(values) else PROGRAMS_OF_NODE
    )
    installed = {one.partition("=")[0] for one in texts(values.get("packages"), "runtime")}
    told: set[Location] = set()
    for call in calls(repository, values, locate):
        program = call.words[0]
        if program in absent - installed and call.place not in told:
            told.add(call.place)
            yield Finding(
                location=call.place,
                message=f"{name} starts {program}, which is not in its image",
                fix=_fix(call.words),
                code="program-absent",
                level="warn",
            )


def _has_npm(values: Mapping[str, Any]) -> bool:
    """Tell whether what ships is an image of Node, with its package managers."""
    return str(dig(values, "runtime_image", "name")).rpartition("/")[2] == "node"


def _fix(words: list[str]) -> str:
    program, rest = words[0], [word for word in words[1:] if not word.startswith("-")]
    if program in _OF_USERS:
        return "leave it out: the container runs as the service's user, and cannot change it"
    if rest[:1] == ["run"] and program in PROGRAMS_OF_PYTHON and rest[1:]:
        return f"write {shlex.join(rest[1:])}: the programs of the environment are in PATH"
    if program in PROGRAMS_OF_NODE:
        return "write what the script of package.json runs, as node dist/server.js"
    return "install in the build what it installs, and start the program itself"
