"""Read the files of a repository, each once as long as it is remembered, and locate values in them."""

from __future__ import annotations

import json
import os
import posixpath
import re
import tomllib
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from generator.text.documents import MAX_BITS, parse
from generator.text.errors import Location, SpecError
from generator.text.reading import read_bytes, refuse_conflict

T = TypeVar("T")

# A lock file of a large monorepo has about 5 MB.
MAX_BYTES = 32_000_000
# A manifest of ours or of theirs has some kB. Reading a key of many parts takes time by the square of their number.
MAX_TOML = 1_000_000
MAX_PARTS = 100
# Of values in JSON and TOML. Lock files have less than half of it; what reads them may call itself for each level.
MAX_DEPTH = 100
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
        return self._cached("toml", path, lambda text: _toml(path, text))

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
        return _place_of(path, self.text(path) or "", *words)

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


def _toml(path: str, text: str) -> dict[str, Any]:
    if len(text) > MAX_TOML:
        message = f"is larger than {MAX_TOML // 1_000_000} MB"
        raise SpecError.at(Location(file=path), message, "make it smaller", code="file-too-large")
    for number, row in enumerate(text.splitlines(), 1):
        if row.count(".") > MAX_PARTS and _has_long_key(row):
            at, message = Location(file=path, line=number, column=1), f"a key has more than {MAX_PARTS} parts"
            raise SpecError.at(at, message, "nest less deeply", code="toml-malformed")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = map(int, place.groups()) if place else (0, 0)
        message = f"is not TOML: {str(error).partition(' (at')[0]}"
        raise SpecError.at(
            Location(file=path, line=line, column=column), message, "correct it", code="toml-malformed"
        ) from None
    except RecursionError:
        raise _too_deep(Location(file=path), code="toml-malformed") from None
    except ValueError as error:  # a number of thousands of digits
        raise SpecError.at(
            Location(file=path), f"is not usable TOML: {error}", "correct it", code="toml-malformed"
        ) from None
    _refuse_unusable(path, text, data, code="toml-malformed")
    return data


def _has_long_key(line: str) -> bool:
    """Tell whether a line of TOML may have a key of too many parts; what is in quotes has no parts."""
    plain = re.sub(r'"[^"]*"|\'[^\']*\'', "_", line)
    return any(part.count(".") > MAX_PARTS for part in re.split(r"[,{}=]", plain))


def json_object(path: str, text: str) -> dict[str, Any]:
    """Parse text of the file `path` that has to be a JSON object. Raises SpecError for anything else."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        location = Location(file=path, line=error.lineno, column=error.colno)
        raise SpecError.at(location, f"is not JSON: {error.msg}", "correct it", code="json-malformed") from None
    except RecursionError:
        raise _too_deep(Location(file=path), code="json-malformed") from None
    except ValueError as error:  # a number of thousands of digits
        raise SpecError.at(
            Location(file=path), f"is not usable JSON: {error}", "correct it", code="json-malformed"
        ) from None
    if not isinstance(data, dict):
        raise SpecError.at(Location(file=path), "is not a JSON object", "correct it", code="json-malformed")
    _refuse_unusable(path, text, data, code="json-malformed")
    return data


def _refuse_unusable(path: str, text: str, data: dict[str, Any], *, code: str) -> None:
    """Raise SpecError where values nest deeper than MAX_DEPTH, or a number has more than MAX_BITS.

    How deep a parser itself goes depends on Python. A key of TOML has parts, so a few tables in each other can be tens
    of thousands of levels deep. A hexadecimal number can have any length, and Python writes none of 5000 digits.
    """
    for key, value in data.items():
        level: list[Any] = [value]
        for _ in range(MAX_DEPTH):
            if any(isinstance(part, int) and part.bit_length() > MAX_BITS for part in level):
                message = f"has a number of more than {MAX_BITS} bits"
                raise SpecError.at(_place_of(path, text, key), message, "put it in quotes if it is a text", code=code)
            inside = (
                node.values() if isinstance(node, dict) else node for node in level if isinstance(node, (dict, list))
            )
            level = [part for parts in inside for part in parts if isinstance(part, (dict, list, int))]
            if not level:
                break
        else:
            raise _too_deep(_place_of(path, text, key), code=code)


def _too_deep(place: Location, *, code: str) -> SpecError:
    return SpecError.at(place, f"is nested deeper than {MAX_DEPTH} levels", "nest less deeply", code=code)


def _place_of(path: str, text: str, *words: str) -> Location:
    at = 0
    for word in words:
        at = text.find(word, at)
        if at < 0:
            return Location(file=path)
    return Location.in_text(path, text, at)
