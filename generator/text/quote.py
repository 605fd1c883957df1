"""Values as a fix shows them: in flow style, so that they can be pasted into YAML on one line."""

from __future__ import annotations

import json
import re
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_./][A-Za-z0-9_./+=@-]*(?: [A-Za-z0-9_./+=@-]+)*")
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
_LIMIT = 240


def quoted(value: Any) -> str:
    """Return the value as YAML in flow style; a text is bare where every reader takes it for that text."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)}: {quoted(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(quoted(one) for one in value) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS and value.strip("._"):
        return value
    if isinstance(value, (str, bool, int, float)) or value is None:
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(str(value), ensure_ascii=False)


def fits(text: str) -> bool:
    """Tell whether the text is short enough for the one line that a fix has."""
    return len(text) <= _LIMIT and text.isprintable()
