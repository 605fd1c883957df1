"""Words of a command or of a probe that name a path of the service.

The values need not be valid; what has another type than it should is left out.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from generator.detect.service_folder import is_there
from generator.model.names import is_folder, is_path
from generator.text.errors import KeyPath
from generator.text.files import Repository, dig, join, relative_to

CODE = (".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".jsx", ".tsx")
"""How the names of programs in JavaScript end."""

SHELLS = frozenset({"sh", "bash", "dash", "/bin/sh", "/bin/bash"})
"""Programs that run a script, or with `-c` a line."""

_COMMANDS: tuple[KeyPath, ...] = (("entrypoint",), ("command",), ("healthcheck", "command"))
_INTERPRETERS = frozenset({"node", "bun"})
# Options whose value is the next word: https://nodejs.org/api/cli.html, https://bun.com/docs/runtime
_WITH_VALUE = frozenset({"-r", "--require", "--import", "--preload", "--loader", "--experimental-loader"})
_WITH_VALUE |= {"-C", "--conditions", "--env-file", "--env-file-if-exists", "-c", "--config", "--cwd"}
_WITHOUT_PROGRAM = frozenset({"-e", "--eval", "-p", "--print", "--test", "-x", "--bun"})
_PACKAGES = "node_modules/"
# As `node server` finds server.js, and `node .` index.js.
_ENDS = (*CODE, *(f"/index{end}" for end in CODE), "")
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


class Program(NamedTuple):
    """What Node or Bun is told to run.

    Attributes:
        keys: Where it is among the values of the service.
        word: The word.
        path: What it names, below the folder of the service.
        is_there: Whether the folder of the service has it.
    """

    keys: KeyPath
    word: str
    path: str
    is_there: bool

    @property
    def top(self) -> str:
        """The entry of the service's folder that it is, or is in."""
        return self.path.partition("/")[0]


def named_files(repository: Repository, values: Mapping[str, Any]) -> Iterator[NamedFile]:
    """Yield what words of the entry point, the command and the probe of a service name in its folder."""
    folder = values.get("path")
    if not is_folder(folder) or "runtime" not in values:
        return
    for keys in _COMMANDS:
        words = _words(values, keys)
        for index, word in enumerate(words):
            if path := named_by(repository, values, words, index):
                yield NamedFile((*keys, index), word, path)


def named_by(repository: Repository, values: Mapping[str, Any], words: Sequence[str], index: int) -> str | None:
    """Return what one of the words of a command names in the folder of the service, as a path below it."""
    found = (path for path in _paths(values, words, index) if is_path(path))
    return next((path for path in found if is_there(repository, join(str(values["path"]), path))), None)


def program_of(repository: Repository, values: Mapping[str, Any]) -> Program | None:
    """Return what a JavaScript service has Node or Bun run by its command, or its entry point where that is all.

    It is a path below the service. Where that is a program of a package, as react-router-serve, it is what this one is
    told to run.
    """
    key = "command" if values.get("command") else "entrypoint"
    folder, words = values.get("path"), _words(values, (key,))
    index = _program_at(words)
    if index is not None and below_service(values, words[index]).startswith(_PACKAGES):
        index = next((at for at in range(index + 1, len(words)) if words[at].endswith(CODE)), None)
    if index is None or not is_folder(folder):
        return None
    word, plain = words[index], below_service(values, words[index])
    # `bun NAME` may be a script of package.json.
    is_name = posixpath.basename(words[0]) == "bun" and "/" not in word and not word.endswith(CODE)
    if is_name or not is_path(plain):
        return None
    there = named_by(repository, values, words, index)
    return Program(keys=(key, index), word=word, path=there or plain, is_there=there is not None)


def _words(values: Mapping[str, Any], keys: KeyPath) -> list[str]:
    """Give the words of a command; what is no text is a mistake, which is told with the others of the spec."""
    found = dig(values, *keys)
    return [word if isinstance(word, str) else "" for word in found] if isinstance(found, list) else []


def _paths(values: Mapping[str, Any], words: Sequence[str], index: int) -> Iterator[str]:
    """Yield the paths below the folder of the service that a word may name."""
    word, before = words[index], words[index - 1] if index else None
    if before == "-c" and index > 1 and words[index - 2] in SHELLS:
        yield from _of_shell(word)
    elif values.get("runtime") == "python" and not values.get("package") and before == "-m":
        yield from _of_module(word.partition(".")[0])
    elif values.get("runtime") == "python" and not values.get("package") and (module := _MODULE.fullmatch(word)):
        yield from _of_module(module[1])
    elif index == _program_at(words):
        plain = below_service(values, word)
        yield from (f"{plain}{end}".removeprefix("./") for end in _ENDS)
    elif "." in word or "/" in word:
        yield below_service(values, word.partition("=")[2] if word.startswith("-") else word)


def _program_at(words: Sequence[str]) -> int | None:
    """Give the index of what Node or Bun runs: the first word after it that is no option, nor the value of one."""
    interpreter = posixpath.basename(words[0]) if words else ""
    if interpreter not in _INTERPRETERS:
        return None
    for index, word in enumerate(words):
        if index == 0 or words[index - 1] in _WITH_VALUE or (interpreter == "bun" and word == "run"):
            continue
        if not word.startswith("-"):
            return index
        if word in _WITHOUT_PROGRAM:
            return None
    return None


def _of_module(name: str) -> Iterator[str]:
    yield from (f"{name}.py", name)


def _of_shell(text: str) -> Iterator[str]:
    try:
        words = shlex.split(text, comments=True)
    except ValueError:  # a quote that does not end
        return
    for word in words:
        if "." in word or "/" in word:
            yield below_service({}, word.rstrip(";"))


def below_service(values: Mapping[str, Any], word: str) -> str:
    """Give a path of the container as one below the folder of the service, where it is there."""
    root, folder, start = dig(values, "workspace", "root"), values.get("path"), "/app/"
    if is_folder(root) and is_folder(folder) and values.get("runtime") != "python":
        start = posixpath.normpath(f"/app/{relative_to(root, folder)}") + "/"
    return re.sub(r"^(?:\./)+", "", word.removeprefix(start)).rstrip("/")
