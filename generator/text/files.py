"""Read the files of a repository, each at most once, and locate values in them."""

from __future__ import annotations

import json
import os
import posixpath
import re
import tomllib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from generator.text.documents import parse
from generator.text.errors import Location, SpecError
from generator.text.reading import read_bytes, refuse_conflict

T = TypeVar("T")

# A lock file of a large monorepo has about 5 MB.
MAX_BYTES = 32_000_000
# A manifest of ours or of theirs has some kB. Reading a key of many parts takes time by the square of their number.
MAX_TOML = 1_000_000
MAX_PARTS = 100
MAX_NAMES = 100_000  # in one folder


class Repository:
    """The files below `root`. Paths are relative to it and have forward slashes; `.` is the root itself."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._names: dict[str, frozenset[str]] = {}
        self._parsed: dict[tuple[str, str], Any] = {}
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

    def identity(self, path: str) -> tuple[int, int] | None:
        """Return what tells one folder from all others, links followed; None if there is none."""
        try:
            found = (self.root / path).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

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
        text, at = self.text(path) or "", 0
        for word in words:
            at = text.find(word, at)
            if at < 0:
                return Location(file=path)
        return position(path, text, at)

    def _path(self, path: str) -> str:
        # Joined as texts: this is asked for so often that a Path each time takes a tenth of a run.
        return f"{self.root}/{path}"

    def _cached(self, form: str, path: str, parse_text: Callable[[str], T]) -> T | None:
        """Parse a file in one form, or return what an earlier call has parsed."""
        if (form, path) not in self._parsed:
            text = self._read(path)
            self._parsed[form, path] = None if text is None else parse_text(text)
        parsed: T | None = self._parsed[form, path]
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


def position(file: str, text: str, at: int) -> Location:
    """Give the place of the character `at` in the text of a file."""
    return Location(file=file, line=text.count("\n", 0, at) + 1, column=at - text.rfind("\n", 0, at))


def positions(file: str, text: str, pattern: str | re.Pattern[str]) -> Iterator[tuple[re.Match[str], Location]]:
    """Yield the matches of a pattern in the text of a file, with their places, in time that grows with the text."""
    line, before = 1, 0
    for found in re.finditer(pattern, text):
        line += text.count("\n", before, found.start())
        before = found.start()
        yield found, Location(file=file, line=line, column=before - text.rfind("\n", 0, before))


def join(folder: str, name: str) -> str:
    """Join a folder and a name; `.` as either adds nothing."""
    return name if folder == "." else f"{folder}/{name}" if name != "." else folder


def below(folder: str, path: str) -> str | None:
    """Give where a relative path leads from a folder of the repository; None for a place outside of it."""
    found = posixpath.normpath(posixpath.join(folder, path))
    return None if found.startswith(("../", "/")) or found == ".." else found


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
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = map(int, place.groups()) if place else (0, 0)
        message = f"is not TOML: {str(error).partition(' (at')[0]}"
        raise SpecError.at(
            Location(file=path, line=line, column=column), message, "correct it", code="toml-malformed"
        ) from None
    except RecursionError:
        raise SpecError.at(Location(file=path), "is nested too deeply", "correct it", code="toml-malformed") from None
    except ValueError as error:  # a number of thousands of digits
        raise SpecError.at(
            Location(file=path), f"is not usable TOML: {error}", "correct it", code="toml-malformed"
        ) from None


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
        raise SpecError.at(Location(file=path), "is nested too deeply", "correct it", code="json-malformed") from None
    except ValueError as error:  # a number of thousands of digits
        raise SpecError.at(
            Location(file=path), f"is not usable JSON: {error}", "correct it", code="json-malformed"
        ) from None
    if not isinstance(data, dict):
        raise SpecError.at(Location(file=path), "is not a JSON object", "correct it", code="json-malformed")
    return data
