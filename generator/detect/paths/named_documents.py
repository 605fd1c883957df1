"""Files that are known to be for development, and that code of the service names all the same: it needs them.

`"about": "./about.md"` of a server, `import text from "../PRIVACY.md?raw"` of a site, a type in `docs`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from generator.detect.paths.imports import code_below, read_code
from generator.detect.paths.outer_files import file_named
from generator.detect.service_folder import ServiceFolder
from generator.model.confidential import looks_secret
from generator.text.files import is_below, led_to, relative_to

_NAMED = r"""["'`](\.{1,2}/[^"'`\n$?#]{1,300})"""
# What tools make is no file of the repository.
_MADE = re.compile(r"(?:node_modules|bower_components|dist|build|out|coverage)/")


def named_documents(service: ServiceFolder, left_out: list[str]) -> list[str]:
    """List the files among the entries `left_out` that code names by a relative path, from its place or the service's.

    Args:
        service: The service.
        left_out: Entries of its folder, those of folders with a slash at the end.
    """
    entries = {name for name in left_out if not _MADE.fullmatch(name)}
    return sorted({*_found(service, entries)}) if entries else []


def _found(service: ServiceFolder, entries: set[str]) -> Iterator[str]:
    for file in code_below(service.repository, service.path):
        for said in re.findall(_NAMED, read_code(service.repository, file)):
            for folder in dict.fromkeys((posixpath.dirname(file) or ".", service.path)):
                path = file_named(service.repository, led_to(folder, said))
                if path is None or not is_below(path, service.path):
                    continue
                inside = path if service.path == "." else relative_to(service.path, path)
                first, slash, _ = inside.partition("/")
                if first + slash in entries and not looks_secret(inside) and path not in service.secret_files:
                    yield inside
