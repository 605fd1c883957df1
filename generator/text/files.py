"""Read the files of a repository, each once as long as it is remembered, and locate values in them."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from generator.text.documents import parse
from generator.text.errors import Location, SpecError
from generator.text.objects import json_object, place_of, toml_object
from generator.text.reading import read_bytes, refuse_conflict

T = TypeVar("T")

# A lock file of a large monorepo has about 5 MB.
MAX_BYTES = 32_000_000
MAX_NAMES = 100_000  # in one folder


class Repository:
    """The files below `root`. Paths are relative to it and have forward slashes; `.` is the root itself."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._names: dict[str, frozenset[str]] = {}
        self._parsed: dict[str, dict[tuple[str, str], Any]] = {}  # by folder, then by form and path
        self.remembered: dict[tuple[str, str], Any] = {}
        """Results that callers compute from the files, by their own keys: many services share a workspace."""

    def names(self, folder: str) -> frozenset[str]:
        """Return the names in a folder, those of folders with a slash at the end; empty if there is no folder."""
        if folder not in self._names:
            try:
                with os.scandir(self._path(folder)) as entries:
                    some = islice(entries, MAX_NAMES + 1)
                    names = frozenset(f"{entry.name}/" if entry.is_dir() else entry.name for entry in some)
            except (OSError, ValueError):  # a name that no folder can have
                names = frozenset()
            if len(names) > MAX_NAMES:
                message = f"has more than {MAX_NAMES} entries"
                raise SpecError.at(Location(file=folder), message, "remove some", code="folder-too-large")
            self._names[folder] = names
        return self._names[folder]

    def is_link(self, path: str) -> bool:
        """Tell whether the path is a symbolic link."""
        try:
            return (self.root / path).is_symlink()
        except ValueError:  # a name that no file can have
            return False

    def led_to(self, path: str) -> str | None:
        """Give where a path leads once all links in it are followed; None if that is outside, or there is nothing."""
        try:
            real, root = (self.root / path).resolve(strict=True), self.root.resolve()
        except (OSError, RuntimeError, ValueError):  # a loop, before Python 3.13
            return None
        return real.relative_to(root).as_posix() if real.is_relative_to(root) else None

    def identity(self, path: str) -> tuple[int, int] | None:
        """Return what tells a folder from all others, links followed; None if there is none, or it cannot be told."""
        try:
            found = (self.root / path).stat()
        except OSError:
            return None
        # "If non-zero, uniquely identifies the file for a given value of st_dev" (os.stat_result).
        return (found.st_dev, found.st_ino) if found.st_ino else None

    def text(self, path: str) -> str | None:
        """Read a text file; None if there is no file.

        Raises:
            SpecError: it cannot be read, is not UTF-8, or is larger than MAX_BYTES.
        """
        return self._cached("text", path, lambda text: text)

    def toml(self, path: str) -> dict[str, Any] | None:
        """Read a TOML file; None if there is no file. Raises SpecError when it is not TOML."""
        return self._cached("toml", path, lambda text: toml_object(path, text))

    def json(self, path: str) -> dict[str, Any] | None:
        """Read a JSON file with an object; None if there is no file. Raises SpecError for anything else."""
        return self._cached("json", path, lambda text: json_object(path, text))

    def yaml(self, path: str) -> dict[str, Any] | None:
        """Read a YAML file with a mapping; None if there is no file. Raises SpecError for anything else."""
        return self._cached("yaml", path, lambda text: parse(text, path, start="make it a mapping").data)

    def locate(self, path: str, *words: str) -> Location:
        """Find `words` in a file, each after the one before, and return the place of the last.

        Without a match the place is the file as a whole.
        """
        return place_of(path, self.text(path) or "", *words)

    def forget(self, folder: str) -> None:
        """Drop the texts of the files in a folder that nobody is likely to ask for again."""
        self._parsed.pop(folder, None)

    def _path(self, path: str) -> str:
        # Joined as texts: this is asked for so often that a Path each time takes a tenth of a run.
        return f"{self.root}/{path}"

    def _cached(self, form: str, path: str, parse_text: Callable[[str], T]) -> T | None:
        """Parse a file in one form, or return what an earlier call has parsed."""
        inside = self._parsed.setdefault(path.rpartition("/")[0] or ".", {})
        if (form, path) not in inside:
            text = self._read(path)
            inside[form, path] = None if text is None else parse_text(text)
        parsed: T | None = inside[form, path]
        return parsed

    def _read(self, path: str) -> str | None:
        try:
            text = read_bytes(self._path(path), path, limit=MAX_BYTES).decode("utf-8-sig")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise SpecError.at(
                Location(file=path), f"cannot be read: {error.strerror}", "make it readable", code="file-unreadable"
            ) from None
        except UnicodeDecodeError:
            raise SpecError.at(Location(file=path), "is not UTF-8", "save it as UTF-8", code="file-not-utf8") from None
        refuse_conflict(text, path, fix="resolve it; a lock file is best written anew by its package manager")
        return text


def join(folder: str, name: str) -> str:
    """Join a folder and a name; `.` as either adds nothing."""
    return name if folder == "." else f"{folder}/{name}" if name != "." else folder


def led_to(folder: str, path: str) -> str:
    """Give where a path leads from a folder of the repository, which may be outside of it."""
    return posixpath.normpath(posixpath.join(folder, path))


def is_outside(path: str) -> bool:
    """Say whether a path leads out of the repository: upwards, to the root of the disk, or to somebody's home."""
    return path in ("..", "~") or path.startswith(("../", "/", "~/"))


def is_below(path: str, folder: str) -> bool:
    """Say whether a path of the repository is a folder of it or in that folder."""
    return folder in (".", path) or path.startswith(f"{folder}/")


def common_folder(folders: Iterable[str]) -> str:
    """Give the nearest folder of the repository that holds all of `folders`, or is one of them."""
    parts = [[] if folder == "." else folder.split("/") for folder in folders]
    return "/".join(posixpath.commonprefix(parts)) or "."


def relative_to(root: str, path: str) -> str:
    """Give a path of the repository below `root`, which holds it; `.` for the root itself."""
    return path if root == "." else path.removeprefix(root).removeprefix("/") or "."


def dig(data: Any, *keys: str | int) -> Any:
    """Return the nested value at `keys`; None if a key is missing or its parent is not a mapping."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def mapping(data: Any, *keys: str) -> dict[str, Any]:
    """Return the nested mapping at `keys`; empty if there is none."""
    value = dig(data, *keys)
    return value if isinstance(value, dict) else {}


def texts(data: Any, *keys: str) -> list[str]:
    """Return the strings of the nested list at `keys`; other items are left out."""
    value = dig(data, *keys)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
