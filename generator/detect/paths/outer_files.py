"""Files and folders outside of what is sent that the code or the settings of a build name by a relative path.

`import "../../shared/config"` and `publicDir: "../public"` work in a checkout; a build has to be sent what they name.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from generator.detect.managers.manager import Local
from generator.detect.paths.development import is_development
from generator.detect.paths.imports import code_below, read_code
from generator.detect.service_folder import Installation, is_file
from generator.model.confidential import looks_secret
from generator.model.names import is_path
from generator.text.errors import Location
from generator.text.files import Repository, is_below, is_outside, join, led_to

_MANIFEST = "package.json"
_IMPORT = r"""\b(?:from|import|require)\b\s{0,9}\(?\s{0,9}["'](\.{1,2}/[^"'\n?#]{1,300})"""
_PATH = r"""["'`](\.\./[^"'`\n$?#]{1,300})["'`]"""
_SETTINGS = re.compile(r"[\w.-]+\.config\.[cm]?[jt]s")
_ENDS = ("", ".ts", ".tsx", ".js", ".mjs", ".mts", ".cjs", ".jsx", ".json", "/index.ts", "/index.tsx", "/index.js")
_MOST = 200  # files that are followed


def outer_files(installation: Installation) -> Iterator[Local]:
    """Yield what the service, and the packages that it needs of its workspace, name outside of their folders."""
    repository = installation.repository
    sent = [folder for folder, _ in installation.package_folders()]
    waiting = [(file, _IMPORT) for folder in sent for file in code_below(repository, folder)]
    for folder in sent:
        names = sorted(repository.names(folder))
        waiting += [(join(folder, name), _PATH) for name in names if _SETTINGS.fullmatch(name)]
    seen: set[str] = set()
    for file, pattern in waiting:  # it grows
        for match in re.finditer(pattern, text := read_code(repository, file)):
            path = _found(installation, file, match[1], sent)
            if path is None or path in seen or len(seen) >= _MOST:
                continue
            seen.add(path)
            start = match.start(1)
            place = Location(file=file, line=text.count("\n", 0, start) + 1, column=start - text.rfind("\n", 0, start))
            folder = posixpath.dirname(file) or "."
            yield Local(place=place, folder=folder, said=posixpath.relpath(path, folder), is_read=True)
            waiting += [(one, _IMPORT) for one in _code_at(installation, path)]


def _code_at(installation: Installation, path: str) -> Iterator[str]:
    """Yield a file, or the code below a folder: what it imports is needed as well."""
    if is_file(installation.repository, path):
        yield path
    else:
        yield from code_below(installation.repository, path)


def file_named(repository: Repository, plain: str) -> str | None:
    """Give the file that a path names, with an ending that an import leaves out; None where there is none."""
    if is_outside(plain) or not is_path(plain):
        return None
    return next((f"{plain}{end}" for end in _ENDS if is_file(repository, f"{plain}{end}")), None)


def _found(installation: Installation, file: str, said: str, sent: list[str]) -> str | None:
    """Give the path of the repository that is named, where it is there and nothing else sends it."""
    repository = installation.repository
    plain = led_to(posixpath.dirname(file) or ".", said.rstrip("/"))
    if is_outside(plain) or not is_path(plain):
        return None
    path = file_named(repository, plain) or (plain if repository.names(plain) else None)
    return path if path is not None and _may_be_sent(installation, path, sent) else None


def _may_be_sent(installation: Installation, path: str, sent: list[str]) -> bool:
    """Say whether a path is no part of what is sent anyway, of another package, of a secret or of what tools make."""
    repository, parts = installation.repository, path.split("/")
    if any(is_below(path, folder) or is_below(folder, path) for folder in sent):
        return False
    if path == installation.beside_lock(_MANIFEST) or path in installation.service.secret_files:
        return False
    if "secrets" in parts or any(looks_secret(part) for part in parts):
        return False
    folders = ["/".join(parts[: index + 1]) for index in range(len(parts))]
    if any(folder != installation.lock_folder and _MANIFEST in repository.names(folder) for folder in folders):
        return False
    return not any(is_development(f"{part}/", "node") for part in parts[:-1]) and not (
        repository.names(path) and is_development(f"{parts[-1]}/", "node")
    )
