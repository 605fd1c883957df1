"""Which paths an ignore file lets through, by the rules of the program that reads it (moby/patternmatcher).

A pattern matches a path, or a folder above it; the last pattern that matches counts.
"""

from __future__ import annotations

import re


def is_sent(text: str, path: str) -> bool:
    """Say whether a builder is sent the file `path` of its context."""
    sent = True
    for line in text.splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        allows = pattern.startswith("!")
        expression = _expression(pattern.removeprefix("!").strip("/"))
        parts = path.split("/")
        if any(expression.fullmatch("/".join(parts[: depth + 1])) for depth in range(len(parts))):
            sent = allows
    return sent


def _expression(pattern: str) -> re.Pattern[str]:
    """Translate as its `compile` does: `**/` is any number of folders, `*` and `?` stay in one."""
    result, rest = "", pattern
    while rest:
        if rest.startswith("**"):
            rest = rest[2:].removeprefix("/")
            result += "(?:.*/)?" if rest else ".*"
        elif rest[0] == "*":
            result, rest = result + "[^/]*", rest[1:]
        elif rest[0] == "?":
            result, rest = result + "[^/]", rest[1:]
        elif rest[0] in "[]":
            result, rest = result + rest[0], rest[1:]
        else:
            result, rest = result + re.escape(rest[0]), rest[1:]
    return re.compile(result)
