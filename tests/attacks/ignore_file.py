"""Which paths an ignore file lets through, by the rules of the program that reads it (moby/patternmatcher).

A pattern matches a path, or a folder above it; the last pattern that matches counts.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache


def is_sent(text: str, path: str) -> bool:
    """Say whether a builder is sent the file `path` of its context: it looks at each folder, then at what is inside."""
    patterns = _patterns(text)
    above, left_out = [False] * len(patterns), False
    parts = path.split("/")
    for depth in range(len(parts)):
        name, left_out, matched = "/".join(parts[: depth + 1]), False, list[bool]()
        for (allows, expression), parent in zip(patterns, above, strict=True):
            # What would change nothing is not even tried, so that it does not hold for what is inside either.
            matched.append(parent or (allows == left_out and expression.fullmatch(name) is not None))
            if matched[-1]:
                left_out = not allows
        above = matched
    return not left_out


@lru_cache(maxsize=64)
def _patterns(text: str) -> list[tuple[bool, re.Pattern[str]]]:
    """List whether each pattern allows paths, and which."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.startswith("!"), _expression(line.removeprefix("!").strip("/"))) for line in lines]


@cache
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
