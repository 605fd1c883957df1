"""Modules that a command imports, and that lie in `src`, where Python does not look for them.

Sources that are not installed as a package are copied as they lie: `src/main.py` is /app/src/main.py, and PYTHONPATH
is /app. Words of which nothing is known are left alone: most modules come from packages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.detect.paths.named_paths import Locate
from generator.detect.service_folder import is_file
from generator.model.names import is_folder
from generator.text.errors import Finding
from generator.text.files import Repository, dig, join, texts

_IMPORTED = re.compile(r"(\w+)(?:\.\w+)*:\w[\w.]*(?:\(.*\))?")
_NAMES_MODULE = ("-m", "-A", "--app")
# Options of uvicorn, fastapi, gunicorn and celery that add a folder, and the variable that all of them read.
_ADDS_FOLDER = re.compile(r"--(?:app-dir|chdir|pythonpath|workdir)\b.*|PYTHONPATH=.*|.*\bcd .*", re.DOTALL)


def unimportable_modules(
    repository: Repository, name: str, values: Mapping[str, Any], locate: Locate
) -> Iterator[Finding]:
    """Warn of the first module of the command that is in `src` alone.

    Args:
        repository: The files.
        name: The name of the service.
        values: Its values.
        locate: Returns the place of one of them.
    """
    key = "command" if values.get("command") else "entrypoint"
    folder, words = values.get("path"), texts(values, key)
    if not is_folder(folder) or values.get("runtime") != "python" or values.get("package"):
        return
    if values.get("working_dir") is not None or dig(values, "env", "PYTHONPATH") is not None:
        return
    if any(_ADDS_FOLDER.fullmatch(word) for word in words) or "src" not in texts(values, "sources"):
        return
    for index, word in enumerate(words):
        module = _module(words[index - 1] if index else "", word)
        source = join(folder, "src")
        if module and _is_module(repository, source, module) and not _is_module(repository, folder, module):
            yield Finding(
                location=locate((key, index)),
                message=f"{name} runs {word!r}, and {module} is in {source}, which is /app/src: Python looks in /app",
                fix="set working_dir: /app/src, or make the project a package with [build-system]",
                code="command-not-importable",
                level="warn",
            )
            return


def _module(before: str, word: str) -> str | None:
    if found := _IMPORTED.fullmatch(word):
        return found[1]
    said = word.partition("=")[2] if word.startswith("--app=") else word if before in _NAMES_MODULE else ""
    return said.partition(".")[0].partition(":")[0] or None


def _is_module(repository: Repository, folder: str, name: str) -> bool:
    return is_file(repository, join(folder, f"{name}.py")) or f"{name}/" in repository.names(folder)
