"""Variables in Compose's forms: a list of `NAME=value`, numbers, and `${NAME}` as a whole value.

https://docs.docker.com/reference/compose-file/services/#environment and
https://docs.docker.com/reference/compose-file/interpolation/
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from generator.layers.shorthand.forms import Form, Given, wanted
from generator.text.errors import KeyPath

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_REFERENCE = re.compile(rf"\$\{{(?P<name>{_NAME})(?:(?P<sign>:[-?])(?P<word>[^{{}}$]*))?\}}")


# Of a variable, and of a label as well; a list with another name stays as it is, and has a fix as a whole.
_NAMES = {True: _NAME, False: r"[A-Za-z0-9_][A-Za-z0-9._-]*"}


def reference(text: str) -> dict[str, Any] | None:
    """Read `${NAME}`, `${NAME:-default}` or `${NAME:?message}` as a variable of the shell; None for any other text.

    What the text does not give is None, so that it removes what a lower layer has.
    """
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return None
    word = found["word"]
    default = word if found["sign"] == ":-" else None
    message = (word or None) if found["sign"] == ":?" else None
    return {"variable": found["name"], "default": default, "message": message}


def from_shell(given: Given) -> Form | None:
    """Read the variables of a container or of a build script, which may come from the shell that runs Compose."""
    return _variables(given, from_shell=True)


def of_build(given: Given) -> Form | None:
    """Read the variables of a build: a mapping without a name takes the variable of the shell by its own."""
    form = from_shell(given)
    values = form.value if form else given.value
    if not isinstance(values, dict):
        return form
    named = {name: _named(str(name), value) for name, value in values.items()}
    return Form(named, form.moves if form else {}) if form or named != values else None


def _named(name: str, value: Any) -> Any:
    without = isinstance(value, dict) and not {"variable", "literal"} & value.keys()
    return {"variable": name, **value} if without else value


def literals(given: Given) -> Form | None:
    """Read variables or labels of an image, whose values are literal."""
    return _variables(given, from_shell=False)


def _variables(given: Given, *, from_shell: bool) -> Form | None:
    if isinstance(given.value, dict):
        read = {name: _value(value, given.typed((name,)), from_shell) for name, value in given.value.items()}
        changed = any(type(read[name]) is not type(value) for name, value in given.value.items())
        return Form(read) if changed else None
    if not isinstance(given.value, list):
        return None
    return _of_list(given.value, from_shell=from_shell)


def _of_list(entries: list[Any], *, from_shell: bool) -> Form | None:
    """Read a list of `NAME=value`. Without a value, the name is that of a variable of the shell as well."""
    found: dict[str, Any] = {}
    moves: dict[KeyPath, KeyPath] = {}
    for index, entry in enumerate(entries):
        if not isinstance(entry, str):
            return None
        name, given, text = entry.partition("=")
        if name in found or not (re.fullmatch(_NAMES[from_shell], name) and (given or from_shell)):
            return None
        found[name] = _value(text if given else f"${{{name}}}", None, from_shell)
        moves[(name,)] = (index,)
    return Form(found, moves) if found else None


def _value(value: Any, typed: str | None, from_shell: bool) -> Any:
    if isinstance(value, str):
        return (reference(value) if from_shell else None) or value
    if isinstance(value, (bool, int, float, date)):
        text = wanted(typed)
        return value if text is None else text
    return value
