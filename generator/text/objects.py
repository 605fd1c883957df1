"""Texts of TOML and JSON, as the objects that they have to be; what would be slow or deep to read is refused."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from generator.text.documents import MAX_BITS
from generator.text.errors import Location, SpecError

# A manifest of ours or of theirs has some kB. Reading a key of many parts takes time by the square of their number.
MAX_TOML = 1_000_000
MAX_PARTS = 100
# Of values in JSON and TOML. Lock files have less than half of it; what reads them may call itself for each level.
MAX_DEPTH = 100


def toml_object(path: str, text: str) -> dict[str, Any]:
    """Parse text of the file `path` as TOML. Raises SpecError for anything else, and for what nests too deeply."""
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
                raise SpecError.at(place_of(path, text, key), message, "put it in quotes if it is a text", code=code)
            inside = (
                node.values() if isinstance(node, dict) else node for node in level if isinstance(node, (dict, list))
            )
            level = [part for parts in inside for part in parts if isinstance(part, (dict, list, int))]
            if not level:
                break
        else:
            raise _too_deep(place_of(path, text, key), code=code)


def _too_deep(place: Location, *, code: str) -> SpecError:
    return SpecError.at(place, f"is nested deeper than {MAX_DEPTH} levels", "nest less deeply", code=code)


def place_of(path: str, text: str, *words: str) -> Location:
    """Find `words` in the text of a file, each after the one before; the file as a whole where one is missing."""
    at = 0
    for word in words:
        at = text.find(word, at)
        if at < 0:
            return Location(file=path)
    return Location.in_text(path, text, at)
