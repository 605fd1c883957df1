"""Files that a tsconfig.json extends and that lie outside of what is sent, so that they have to be sent too.

https://www.typescriptlang.org/tsconfig/#extends; Bun and loaders of Node read the same files at run time.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from generator.detect.managers.manager import Local
from generator.detect.service_folder import Installation, is_file
from generator.text.files import Repository, is_below, is_outside, join, led_to

_NAMES = ("tsconfig.json", "jsconfig.json")
# The file has comments and trailing commas, as JSON has not.
_EXTENDS = r'"extends"\s*:\s*("[^"\n]*"|\[[^\[\]]*\])'
_COMMENT = r"(?m)^[^\S\n]*//.*$"
_MOST = 20  # files, one extending the next


def extended_settings(installation: Installation) -> Iterator[Local]:
    """Yield each file by a relative path that settings of the service, or of what it needs of its workspace, extend."""
    sent = [folder for folder, _ in installation.package_folders()]
    waiting = [join(folder, name) for folder in sent for name in _NAMES]
    seen: set[str] = set()
    for file in waiting:  # it grows
        for said, path in _extended(installation.repository, file) if len(seen) < _MOST else ():
            if path in seen:
                continue
            seen.add(path)
            waiting.append(path)
            if not any(is_below(path, folder) for folder in sent):
                folder, place = posixpath.dirname(file) or ".", installation.repository.locate(file, '"extends"', said)
                yield Local(place=place, folder=folder, said=posixpath.relpath(path, folder), is_read=True)


def _extended(repository: Repository, file: str) -> Iterator[tuple[str, str]]:
    """Yield what a file extends by a path that is there: as it says it, and where that is in the repository."""
    text = re.sub(_COMMENT, "", repository.text(file) or "")
    for found in re.findall(_EXTENDS, text):
        for said in re.findall(r'"([^"\n]*)"', found):
            path = led_to(posixpath.dirname(file) or ".", said)
            names = [one for one in (path, f"{path}.json") if not is_outside(one) and is_file(repository, one)]
            if said.startswith(".") and names:
                yield said, names[0]
