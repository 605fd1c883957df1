"""What is printed, and came from a file, a server or another program: it cannot steer a terminal or the log of a CI."""

from __future__ import annotations

import re

# Controls that change the direction of text, so that it reads as something else than it is.
BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# GitHub reads a line that begins with `::`, after blanks, as a command. `##[` and `##vso[` may stand anywhere.
_COMMAND = re.compile(r"^(\s*):(?=:)")
_OLD_COMMAND = re.compile(r"#(?=#[A-Za-z]*\[)")


def visible(text: str) -> str:
    r"""Give one line of text as a reader can see it: `\x1b`, `\u202e` and `\n` for what a terminal would act on."""
    if not text.isprintable():
        text = "".join(one if one.isprintable() or one == "\t" else _escaped(one) for one in text)
    if "::" in text:
        text = _COMMAND.sub(r"\1\\x3a", text, count=1)
    return _OLD_COMMAND.sub(r"\\x23", text) if "##" in text else text


def is_command(line: str) -> bool:
    """Tell whether a CI would read a line as a command because of its beginning."""
    return line.lstrip().startswith("::")


def has_command(line: str) -> bool:
    """Tell whether a CI would find a command inside of a line: behind a carriage return, or in the older form."""
    return _OLD_COMMAND.search(line) is not None or any(map(is_command, line.split("\r")[1:]))


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
