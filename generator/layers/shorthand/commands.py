"""A command as one text: split as Compose splits it, where no shell would do more than that.

https://docs.docker.com/reference/compose-file/services/#command
"""

from __future__ import annotations

import re
import shlex

from generator.layers.shorthand.forms import Form, Given

_SINGLE = r"'[^']*'"
_DOUBLE = r'"(?:[^"\\]|\\.)*"'
_QUOTED = re.compile(rf"\\.|{_SINGLE}|{_DOUBLE}", re.DOTALL)
# Compose's own splitting ends at an operator, and a parenthesis is an error of it.
_OPERATORS = re.compile(r"[|&;<>()`\n]")
_LONGEST = 10_000  # characters; splitting takes a microsecond for each
_SHELLS = re.compile(r"(?:/(?:usr/)?bin/)?(?:sh|bash|dash|ash|zsh)")


def words(text: str) -> list[str] | None:
    """Split the text of a command into its words; None where only a shell reads it as it was meant.

    A `$` is one of these also in single quotes: Compose fills variables in before it splits.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    bare = _QUOTED.sub(lambda found: "`" if found[0][0] == '"' and "`" in found[0] else "", text)
    if not text or "$" in text or _OPERATORS.search(bare):
        return None
    try:
        return shlex.split(text) or None
    except ValueError:  # a quote that is not closed
        return None


def for_a_shell(text: str) -> list[str]:
    """Return the words of a text that needs a shell: those of the shell that it names itself, or of `sh`."""
    try:
        split = shlex.split(text) if len(text) <= _LONGEST else []
    except ValueError:
        split = []
    if len(split) == 3 and _SHELLS.fullmatch(split[0]) and re.fullmatch(r"-[a-z]*c", split[1]):
        return split
    return ["sh", "-c", text.strip()]


def command(given: Given) -> Form | None:
    """Read a command that is one text."""
    split = words(given.value) if isinstance(given.value, str) else None
    return Form(split) if split else None
