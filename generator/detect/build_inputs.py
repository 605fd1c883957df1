"""Files that the build of a package reads beside its code: what its metadata and the settings of its backend name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generator.detect.managers import MANAGERS
from generator.detect.paths.development import is_development
from generator.detect.service_folder import ServiceFolder, is_file
from generator.model.names import is_path
from generator.text.files import dig, texts

SETUPTOOLS_FILES = ("setup.py", "setup.cfg", "MANIFEST.in")
"""What setuptools reads wherever it is; `MANIFEST.in` says which data is part of a package."""

_READMES = (("project", "readme"), *(record.readme_key for record in MANAGERS.values() if record.readme_key))
# Tables with paths that a backend reads. Those of other tools name files as well, which no build needs.
_TABLES = (
    *("tool.setuptools", "tool.flit", "tool.poetry.include", "tool.pdm.build"),
    *("tool.hatch.build", "tool.hatch.metadata", "tool.hatch.version"),
)
# Of these, what a wheel is made of needs nothing.
_NOT_READ = frozenset({"sdist", "exclude"})
_MAX_WORDS = 10_000
_QUOTED = r"""(?<!\w)[rub]?["']([^"'\n]{1,200})["']"""


def build_inputs(service: ServiceFolder, data: dict[str, Any]) -> list[str]:
    """List the readme, the licences, the files of setuptools, and what for development these and the settings name.

    Args:
        service: The service.
        data: Its pyproject.toml.
    """
    readme = next((said for key in _READMES if (said := dig(data, *key))), None)
    named = dig(readme, "file") if isinstance(readme, dict) else readme
    candidates = [named, dig(data, "project", "license", "file"), *texts(data, "project", "license-files")]
    found = [one for one in (*candidates, *SETUPTOOLS_FILES) if isinstance(one, str) and service.has(one)]
    return [*dict.fromkeys([*found, *_named(service, data)])]


def _named(service: ServiceFolder, data: dict[str, Any]) -> Iterator[str]:
    """Yield the files and folders for development that are named: all others ship anyway."""
    said = {word.removeprefix("./") for _, word in zip(range(_MAX_WORDS), _words(service, data), strict=False)}
    folders = {word for word in said if word.endswith("/") and service.has(word.partition("/")[0] + "/")}
    for word in sorted(said):
        first, slash, _ = word.partition("/")
        plain = word.removesuffix("/")
        if not is_path(plain) or first.startswith(".") or not is_development(first + slash, service.runtime):
            continue
        if word in folders:
            yield plain
        elif is_file(service.repository, service.in_service(plain)) and not word.startswith(tuple(folders)):
            yield plain


def _words(service: ServiceFolder, data: dict[str, Any]) -> Iterator[str]:
    for key in _TABLES:
        yield from _texts(dig(data, *key.split(".")))
    yield from re.findall(_QUOTED, service.repository.text(service.in_service("setup.py")) or "")
    yield from re.findall(r"[^\s,=:]{1,200}", service.repository.text(service.in_service("setup.cfg")) or "")


def _texts(value: object) -> Iterator[str]:
    """Yield every text in lists and tables; keys as well, since some are paths."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [text for key in one.keys() - _NOT_READ for text in (key, one[key])]
        elif isinstance(one, list):
            waiting += one
