"""Words of a command or of a probe that name a file of the service, and whether that file is in the image.

The values need not be valid; what has another type than it should is left out.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from generator.detect.named_paths import Locate
from generator.detect.service_folder import is_there
from generator.model.names import is_folder, is_path
from generator.text.errors import Finding, KeyPath
from generator.text.files import Repository, dig, join, mapping, relative_to, texts
from generator.text.quote import quoted

_COMMANDS: tuple[KeyPath, ...] = (("command",), ("healthcheck", "command"))
_SHELLS = frozenset({"sh", "bash", "dash", "/bin/sh", "/bin/bash"})
_MODULE = re.compile(r"(\w+)(?:\.\w+)*:\w[\w.]*(?:\(.*\))?")


class NamedFile(NamedTuple):
    """A file or folder of the service that a word names.

    Attributes:
        keys: Where the word is among the values of the service.
        word: The word.
        path: What it names, below the folder of the service.
    """

    keys: KeyPath
    word: str
    path: str


def named_files(repository: Repository, values: Mapping[str, Any]) -> Iterator[NamedFile]:
    """Yield what words of the command and the probe of a service name in its folder."""
    folder = values.get("path")
    if not is_folder(folder) or "runtime" not in values:
        return
    for keys in _COMMANDS:
        found = dig(values, *keys)
        # What is no text is a mistake, which is told with the others of the spec.
        words = [word if isinstance(word, str) else "" for word in found] if isinstance(found, list) else []
        for index, word in enumerate(words):
            for path in _paths(values, words, index):
                if is_path(path) and is_there(repository, join(folder, path)):
                    yield NamedFile((*keys, index), word, path)
                    break


def unshipped_files(repository: Repository, name: str, values: Mapping[str, Any], locate: Locate) -> Iterator[Finding]:
    """Warn of each word that names a file of the service which is not in its image.

    Args:
        repository: The files.
        name: The name of the service.
        values: Its values.
        locate: Returns the place of one of them.
    """
    shipped, key = _shipped(values)
    if shipped is None:
        return
    for one in named_files(repository, values):
        if not any(path == "." or f"{one.path}/".startswith(f"{path}/") for path in shipped):
            listed = [*texts(values, key), one.path]
            yield Finding(
                location=locate(one.keys),
                message=f"{name} runs {one.word!r}, and {join(values['path'], one.path)} is not in the image",
                fix=f"ship it with {quoted({key: listed})[1:-1]}",
                code="command-not-shipped",
                level="warn",
            )


def _shipped(values: Mapping[str, Any]) -> tuple[list[str] | None, str]:
    """Return the paths that the image has, and the key that adds one; None where the build alone decides them."""
    copied = [str(step["copy"]) for point in mapping(values, "steps").values() for step in _steps(point)]
    sources = texts(values, "sources")
    if values.get("runtime") == "python":
        # Of a package that is installed, what is imported by its name is there; nothing is at its path.
        return [*copied, *(texts(values, "beside") if values.get("package") else sources)], "extra_sources"
    if values.get("output", "server") not in ("server", "bundle"):
        return None, ""
    if values.get("build") is not None:
        return [*copied, "package.json", *texts(values, "artifacts")], "artifacts"
    return [*copied, "package.json", *sources], "extra_sources"


def _steps(point: Any) -> Iterator[dict[str, Any]]:
    for step in mapping(point).values():
        if isinstance(step, dict) and isinstance(step.get("copy"), str):
            yield step


def _paths(values: Mapping[str, Any], words: Sequence[str], index: int) -> Iterator[str]:
    """Yield the paths below the folder of the service that a word may name."""
    word, before = words[index], words[index - 1] if index else None
    if before == "-c" and index > 1 and words[index - 2] in _SHELLS:
        yield from _of_shell(word)
    elif values.get("runtime") == "python" and not values.get("package") and before == "-m":
        yield from _of_module(word.partition(".")[0])
    elif values.get("runtime") == "python" and not values.get("package") and (module := _MODULE.fullmatch(word)):
        yield from _of_module(module[1])
    elif "." in word or "/" in word:
        yield _plain(values, word.partition("=")[2] if word.startswith("-") else word)


def _of_module(name: str) -> Iterator[str]:
    yield from (f"{name}.py", name)


def _of_shell(text: str) -> Iterator[str]:
    try:
        words = shlex.split(text, comments=True)
    except ValueError:  # a quote that does not end
        return
    for word in words:
        if "." in word or "/" in word:
            yield _plain({}, word.rstrip(";"))


def _plain(values: Mapping[str, Any], word: str) -> str:
    root, folder, start = dig(values, "workspace", "root"), values.get("path"), "/app/"
    if is_folder(root) and is_folder(folder) and values.get("runtime") != "python":
        start = posixpath.normpath(f"/app/{relative_to(root, folder)}") + "/"
    return re.sub(r"^(?:\./)+", "", word.removeprefix(start)).rstrip("/")
