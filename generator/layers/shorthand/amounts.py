"""Times, sizes and numbers as Compose takes them.

https://docs.docker.com/reference/compose-file/extension/#specifying-durations and #specifying-byte-values.
"""

from __future__ import annotations

import re
from decimal import Decimal

from generator.layers.shorthand.forms import Form, Given

_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|us|[hms])")
_MILLISECONDS = {
    "h": Decimal(3_600_000),
    "m": Decimal(60_000),
    "s": Decimal(1000),
    "ms": Decimal(1),
    "us": Decimal(1) / 1000,
}
_PLAIN_DURATION = re.compile(r"[1-9][0-9]*(?:ms|[smh])")
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([kmgt]?)(?:i?b)?", re.IGNORECASE)
_PLAIN_SIZE = re.compile(r"[1-9][0-9]*[kmg]")
_BYTES = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_LONGEST = 40
_DIGITS = 6  # of a duration in the models


def duration(given: Given) -> Form | None:
    """Read a time of several parts, as 1m30s, or with a fraction, as 1.5s: in whole seconds or milliseconds."""
    text = given.value
    if not isinstance(text, str) or len(text) > _LONGEST or _PLAIN_DURATION.fullmatch(text):
        return None
    parts = _PART.findall(text)
    if not parts or "".join(map("".join, parts)) != text:
        return None
    total = sum((Decimal(number) * _MILLISECONDS[unit] for number, unit in parts), Decimal(0))
    if not total or total % 1:
        return None
    amount, unit = divmod(int(total), 1000)
    text = f"{int(total)}ms" if unit else f"{amount}s"
    return Form(text) if len(text.rstrip("ms")) <= _DIGITS else None


def size(given: Given) -> Form | None:
    """Read a size with any unit of Compose, or in bytes."""
    text = str(given.value)
    found = _SIZE.fullmatch(text) if isinstance(given.value, (str, int)) and len(text) <= _LONGEST else None
    if not found or isinstance(given.value, bool) or _PLAIN_SIZE.fullmatch(text):
        return None
    total, unit = Decimal(found[1]) * _BYTES[found[2].lower()], found[2].lower()
    units = [one for one in dict.fromkeys((unit, "g", "m", "k")) if one in ("k", "m", "g")]
    for one in units:
        if total and not total % _BYTES[one]:
            return Form(f"{int(total) // _BYTES[one]}{one}")
    return None


def number(given: Given) -> Form | None:
    """Read a number that is a text."""
    text = given.value
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", text):
        return None
    return Form(float(text) if "." in text else int(text))


def truth(given: Given) -> Form | None:
    """Read a truth value that is a text."""
    return Form(given.value == "true") if given.value in ("true", "false") else None


def one_entry(given: Given) -> Form | None:
    """Read a list of one entry that is a text."""
    return Form([given.value], {(0,): ()}) if isinstance(given.value, str) and given.value else None


def restart(given: Given) -> Form | None:
    """Read a `no` without quotes, which YAML 1.1 takes for false, and Compose for a text."""
    return Form("no") if given.value is False and given.typed(()) == "no" else None


def user(given: Given) -> Form | None:
    """Read the numbers of a user and a group, as 1000:1000. A number alone would have the group of root."""
    text = given.value if isinstance(given.value, str) else given.typed(()) or ""  # a number to the base of 60
    found = re.fullmatch(r"([1-9][0-9]{0,9}):([1-9][0-9]{0,9})", text)
    return Form({"uid": int(found[1]), "gid": int(found[2])}) if found else None


def probe(given: Given) -> Form | None:
    """Read a health check that is the path of an endpoint."""
    return Form({"http": given.value}) if isinstance(given.value, str) and given.value.startswith("/") else None
