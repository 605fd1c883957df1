"""Cache of the files that a project renders to: checking an unchanged project loads neither Pydantic nor Jinja.

The key covers everything that the answer depends on: the resolved values, templates of presets, and our own code and
templates. Only projects that passed validation and the rules are remembered, as plain JSON in the user's cache folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from generator.text import assets

DISABLE = "GEN_DOCKERFILES_NO_CACHE"
FOLDER = "GEN_DOCKERFILES_CACHE_DIR"

# A thousand services take about 10 MB; a check compares with few projects at a time.
KEPT = 16

Files = dict[str, str]


def remembered(values: object, make: Callable[[], Files]) -> Files:
    """Return the files of `values` from the cache, or make and store them. `make` must depend on `values` only.

    Raises what `make` raises. A cache that cannot be read or written is ignored.
    """
    if os.environ.get(DISABLE):
        return make()
    entry = _folder() / f"{_key(values)}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads(entry.read_text(encoding="utf-8"))
        if found["sha256"] == _digest(found["files"]):
            files: Files = found["files"]
            return files
    files = make()
    with suppress(OSError, ValueError):
        _store(entry, files)
    return files


def _folder() -> Path:
    if named := os.environ.get(FOLDER):
        return Path(named)
    # expanduser leaves ~ as it is for a user without a home; Path.home would raise.
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    return Path(base) / "gen-dockerfiles" / "rendered"


def _digest(files: Files) -> str:
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def _key(values: object) -> str:
    # repr, not JSON: it tells 8 from "8" as a key, and a date from a text.
    digest = hashlib.sha256(f"{sys.version}\0{values!r}".encode("utf-8", "surrogatepass"))
    for file in _sources():
        digest.update(f"\0{file}\0".encode("utf-8", "surrogatepass"))
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _sources() -> list[Path]:
    """List every file that affects the result: our code and templates, and the libraries that they use."""
    package = Path(__file__).resolve().parents[1]
    origins = [find_spec(name) for name in ("pydantic", "jinja2")]
    libraries = [Path(spec.origin) for spec in origins if spec is not None and spec.origin]
    templates = assets.ROOT / "templates"
    scripts = (file for suffix in ("cjs", "py") for file in (templates / "dockerfile/scripts").glob(f"*.{suffix}"))
    return sorted([*package.rglob("*.py"), *templates.rglob("*.jinja"), *scripts, *libraries])


def _store(entry: Path, files: Files) -> None:
    entry.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=entry.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump({"sha256": _digest(files), "files": files}, stream)
    Path(name).replace(entry)
    kept = sorted(entry.parent.iterdir(), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for old in kept[KEPT:]:
        old.unlink(missing_ok=True)
