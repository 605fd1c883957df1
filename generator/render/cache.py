"""Cache of the files that a project renders to: checking an unchanged project loads neither Pydantic nor Jinja.

The key covers everything that the answer depends on: the resolved values, templates of presets, and our own code and
templates. Only projects that passed validation and the rules are remembered, as texts in the user's cache folder.
A check trusts what it finds there. So the folder is outside of the repository, belongs to the user and is closed to
others; where there is no such folder, there is no cache.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from generator.render.entries import PART, Files, Kept, store
from generator.text import assets

DISABLE = "GEN_DOCKERFILES_NO_CACHE"
FOLDER = "GEN_DOCKERFILES_CACHE_DIR"

# A thousand services take about 10 MB; a check compares with few projects at a time.
KEPT = 16

_WRITTEN_AFTER = 60.0  # seconds, of which writing an entry takes a fraction of one


def remembered(values: Iterable[object], make: Callable[[], Files], repository: Path) -> Files:
    """Return the files of `values` from the cache, or make and store them. `make` must depend on `values` only.

    Raises what `make` raises. A cache that cannot be read or written, or that others than the user could have written
    to, as everybody who commits to `repository`, is ignored.
    """
    folder = None if os.environ.get(DISABLE) else _folder(repository)
    if folder is None:
        return make()
    entry = folder / _key(values)
    with suppress(OSError, ValueError):
        _refuse_shared(folder)
        return Kept(entry, make)
    files = make()
    with suppress(OSError, ValueError):
        _store(entry, files)
    return files


def _folder(repository: Path) -> Path | None:
    """Return the folder of the cache, links resolved; None if it would be relative, or inside the repository."""
    # expanduser leaves ~ as it is for a user without a home; Path.home would raise.
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    folder = Path(os.environ.get(FOLDER) or f"{base}/gen-dockerfiles/rendered")
    if not folder.is_absolute():
        return None
    try:
        folder, root = folder.resolve(), repository.resolve()
    except (OSError, RuntimeError):  # a link to itself
        return None
    # What is committed is below the outermost folder that git knows: -C may name a folder of a checkout.
    tops = [root, *(above for above in root.parents if (above / ".git").exists())]
    return None if folder.is_relative_to(tops[-1]) else folder


def _refuse_shared(folder: Path) -> None:
    """Raise PermissionError unless `folder` belongs to the user, and nobody else can enter it."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(str(folder))
    if sys.platform != "win32" and (found.st_uid != os.geteuid() or found.st_mode & 0o077):
        raise PermissionError(str(folder))


def _key(values: Iterable[object]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for value in values:
        # repr, not JSON: it tells 8 from "8" as a key, and a date from a text. One at a time, since all are large.
        digest.update(f"\0{value!r}".encode("utf-8", "surrogatepass"))
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
    _refuse_shared(entry.parent)
    store(entry, files)
    _prune(entry.parent)


def _prune(folder: Path) -> None:
    """Keep the newest entries, and remove what runs that were killed have left of one."""
    found = sorted(((file.stat().st_mtime_ns, file) for file in folder.iterdir()), reverse=True)
    parts = [(time, file) for time, file in found if file.suffix == PART]
    # The clock of the folder: its file system may be another machine's.
    abandoned = [file for time, file in parts if time < found[0][0] - _WRITTEN_AFTER * 1e9]
    entries = [file for _, file in found if file.suffix != PART]
    for old in [*abandoned, *entries[KEPT:]]:
        old.unlink(missing_ok=True)
