"""For which versions of Python well-known packages of PyPI have wheels, for files that list no wheels.

Requirement files and Pipfile.lock have versions, and at most hashes. A version that is older than a release of Python
has no wheel for it: the build would compile it, minutes long, or fail for the lack of a compiler.
"""

from __future__ import annotations

import re

_PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
# By package, its first release with a wheel for Linux and each of these. What has one for the stable ABI, or builds
# without a compiler where there is none, is left out. Made with, for each of them:
# uv pip compile --no-deps --only-binary :all: --resolution lowest --python-version 3.13 --python-platform linux
_FIRST = {
    "aiohttp": ("3.8.0", "3.8.3", "3.9.0", "3.10.5", "3.13.0"),
    "asyncpg": ("0.24.0", "0.27.0", "0.29.0", "0.30.0", "0.31.0"),
    "cffi": ("1.15.0", "1.15.1", "1.16.0", "1.17.0", "2.0.0"),
    "confluent-kafka": ("1.9.0", "2.0.2", "2.3.0", "2.6.0", "2.12.1"),
    "frozenlist": ("1.2.0", "1.3.3", "1.4.1", "1.4.1", "1.4.1"),
    "gevent": ("21.12.0", "22.10.1", "23.7.0", "24.10.1", "25.8.1"),
    "greenlet": ("1.1.0", "1.1.3", "3.0.0", "3.1.0", "3.2.3"),
    "grpcio": ("1.41.0", "1.49.1", "1.59.0", "1.66.2", "1.75.1"),
    "h5py": ("3.6.0", "3.8.0", "3.10.0", "3.12.1", "3.15.0"),
    "hiredis": ("2.1.0", "2.1.0", "2.3.2", "3.1.0", "3.3.0"),
    "httptools": ("0.3.0", "0.5.0", "0.6.1", "0.6.2", "0.7.1"),
    "jiter": ("0.4.0", "0.4.0", "0.4.0", "0.6.0", "0.10.0"),
    "kiwisolver": ("1.3.2", "1.4.4", "1.4.5", "1.4.7", "1.4.9"),
    "lxml": ("4.6.3", "4.9.1", "4.9.3", "5.3.0", "6.0.1"),
    "matplotlib": ("3.5.0", "3.6.0", "3.7.3", "3.9.2", "3.10.5"),
    "msgpack": ("1.0.3", "1.0.5", "1.0.6", "1.1.0", "1.1.2"),
    "multidict": ("5.2.0", "6.0.3", "6.0.5", "6.0.5", "6.0.5"),
    "numpy": ("1.21.2", "1.23.2", "1.26.0", "2.1.0", "2.3.2"),
    "orjson": ("3.4.7", "3.7.7", "3.9.3", "3.10.7", "3.11.4"),
    "pandas": ("1.3.3", "1.5.0", "2.1.1", "2.2.3", "2.3.3"),
    "pillow": ("8.3.2", "9.2.0", "10.0.0", "10.4.0", "11.3.0"),
    "psycopg-binary": ("3.0", "3.1.4", "3.1.12", "3.2.2", "3.2.10"),
    "psycopg2-binary": ("2.9.1", "2.9.5", "2.9.9", "2.9.10", "2.9.11"),
    "pyarrow": ("7.0.0", "10.0.1", "14.0.0", "18.0.0", "22.0.0"),
    "pydantic-core": ("2.0.0", "2.0.0", "2.1.2", "2.20.0", "2.35.0"),
    "pymongo": ("3.12.1", "3.13.0", "4.5.0", "4.9", "4.15.2"),
    "pyzmq": ("22.2.1", "23.2.1", "25.1.1", "26.1.0", "27.0.0"),
    "rapidfuzz": ("1.8.0", "2.5.0", "2.15.2", "3.9.6", "3.14.1"),
    "regex": ("2021.8.21", "2022.9.11", "2023.10.3", "2024.9.11", "2025.7.29"),
    "scikit-learn": ("1.0.2", "1.1.3", "1.3.1", "1.5.2", "1.7.2"),
    "scipy": ("1.7.2", "1.9.2", "1.11.2", "1.14.1", "1.16.1"),
    "shapely": ("1.8.0", "1.8.5", "2.0.2", "2.0.6", "2.1.2"),
    "tiktoken": ("0.1.1", "0.1.1", "0.5.2", "0.8.0", "0.12.0"),
    "ujson": ("4.2.0", "5.5.0", "5.8.0", "5.10.0", "5.11.0"),
    "uvloop": ("0.16.0", "0.17.0", "0.18.0", "0.21.0", "0.22.1"),
    "yarl": ("1.7.0", "1.8.2", "1.9.3", "1.9.3", "1.9.3"),
    "zope-interface": ("5.5.0", "6.0", "6.1", "6.4.post2", "8.1"),
    "zstandard": ("0.16.0", "0.19.0", "0.22.0", "0.23.0", "0.24.0"),
}
_VERSION = r"\d{1,9}(?:\.\d{1,9}){0,4}"


def wheels_of(name: str, version: str, python: str) -> tuple[bool | None, frozenset[str]]:
    """Say whether a release of a package is compiled, and for which versions of Python it has a wheel for Linux.

    Args:
        name: The normalised name of the package.
        version: The exact version that is installed; empty where nothing says it.
        python: The version of Python, as 3.13.

    Returns:
        None and no version for what is not known: another package, a range, or a Python beyond the table.
    """
    known, asked = _FIRST.get(name), ".".join(python.split(".")[:2])
    if known is None or asked not in _PYTHONS or not re.fullmatch(_VERSION, version):
        return None, frozenset()
    pythons = frozenset(one for one, first in zip(_PYTHONS, known, strict=True) if _order(first) <= _order(version))
    return asked not in pythons, pythons


def _order(version: str) -> list[int]:
    # The tables have one post-release, which comes right behind its release.
    return [int(part) for part in re.findall(r"\d+", version.partition(".post")[0])]
