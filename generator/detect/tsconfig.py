"""Settings of TypeScript that those of a service inherit from elsewhere in the repository: the compiler reads them.

https://www.typescriptlang.org/tsconfig/#extends
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from generator.detect.managers.manager import Local
from generator.detect.service_folder import Installation, is_file
from generator.text.files import Repository, is_below, is_outside, join, led_to

_NAMES = re.compile(r"[jt]sconfig[\w.-]*\.json")
# One path, or a list of them; those without a dot in front are packages.
_EXTENDS = re.compile(r'^[^\S\n]*"extends"\s*:\s*(?:("\.[^"\n]*")|\[([^\]]{0,2000})\])', re.MULTILINE)
_PATH = re.compile(r'"(\.[^"\n]*)"')
_MOST = 100


def inherited_settings(installation: Installation) -> Iterator[Local]:
    """Yield the files that settings in the folders of the service and its packages extend, and that are in none."""
    repository = installation.repository
    folders = [folder for folder, _ in installation.package_folders()]
    waiting = [join(folder, name) for folder in folders for name in _settings(repository, folder)]
    known = {join(installation.lock_folder, file) for file in installation.workspace.get("files", ())}
    seen = {*waiting}
    while waiting and len(seen) < _MOST:
        file = waiting.pop()
        for said in _extended(repository, file):
            path = _file(repository, posixpath.dirname(file) or ".", said)
            if path is None or path in seen:
                continue
            seen.add(path)
            waiting.append(path)
            if path not in known and not any(is_below(path, folder) for folder in folders):
                folder = posixpath.dirname(file) or "."
                below = posixpath.relpath(path, folder)
                yield Local(place=repository.locate(file, '"extends"', said), folder=folder, said=below, is_read=True)


def _settings(repository: Repository, folder: str) -> list[str]:
    return sorted(name for name in repository.names(folder) if _NAMES.fullmatch(name))


def _extended(repository: Repository, file: str) -> Iterator[str]:
    for found in _EXTENDS.finditer(repository.text(file) or ""):
        yield from _PATH.findall(found[1] or found[2] or "")


def _file(repository: Repository, folder: str, said: str) -> str | None:
    """Give the file of the repository that TypeScript would read, or None without one."""
    path = led_to(folder, said)
    if is_outside(path):
        return None
    return next((one for one in (path, f"{path}.json") if is_file(repository, one)), None)
