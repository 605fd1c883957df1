"""What Compose would fill in, and what is literal here: `$` in the values of `environment` and `variables`.

`${NAME}` alone has been read as a variable. In a longer text it is an error: whoever writes it means a variable, and
literally it would arrive at the container unseen. Every other `$` is literal, so that a password needs no escape; what
Compose would have made of it is a warning. `{literal: …}` is neither. No rule, since a project that comes from the
cache is not validated, and a warning has to be told on every run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.layers.fold import Folded
from generator.text.errors import Finding, KeyPath
from generator.text.masking import masked
from generator.text.quote import fits, quoted

_BRACES = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<more>(?P<sign>:?[-?+])(?P<word>[^}]*))?\}")
# Without braces only in upper case and alone: a password may well have a dollar sign.
_ALONE = re.compile(r"\$(?P<name>[A-Z_][A-Z0-9_]*)")
_KEYS = ("environment", "variables")


def literal_variables(name: str, service: Folded) -> Iterator[Finding]:
    """Find values that look like a variable of the shell, with the form that takes one."""
    yield from _without_value(name, service)
    yield from empty_values(f"services.{name}.", service.own.values.get("compose"), service)
    for key in _KEYS:
        values = service.values.get(key)
        for variable, value in values.items() if isinstance(values, dict) else ():
            if isinstance(value, str) and "$" in value:
                yield from _of_text(name, service, (key, str(variable)), value)


def _of_text(name: str, service: Folded, path: KeyPath, value: str) -> Iterator[Finding]:
    said, location = f"services.{name}.{'.'.join(map(str, path))}", service.locate(path)
    if found := _BRACES.search(value.replace("$$", "  ")):
        yield Finding(
            location=location,
            message=f"{said}: {found[0]} is filled in only where it is the whole value",
            fix=_in_text(str(path[-1]), value),
            code="variable-in-text",
        )
    elif found := _ALONE.fullmatch(value):
        yield Finding(
            location=location,
            message=f"{said}: {value} stays as it is, and no variable is filled in",
            fix=f"to take it from the shell: {path[-1]}: ${{{found['name']}}}; or {_literal(str(path[-1]), value)}",
            code="variable-literal",
            level="warn",
        )
    elif "$$" in value:
        plain = value.replace("$$", "$")
        shown = quoted({path[-1]: {"literal": plain} if "${" in plain else plain})[1:-1]
        yield Finding(
            location=location,
            message=f"{said}: $$ stays two dollar signs, of which Compose would make one",
            fix=f"{f'for one write {shown}; or ' if fits(shown) else ''}{_literal(str(path[-1]), value)}",
            code="variable-literal",
            level="warn",
        )


def _in_text(key: str, value: str) -> str:
    """Return the fix of a text with a variable in it, or of one with a form that has no place here."""
    whole = _BRACES.fullmatch(value)
    if whole and whole["sign"] in ("-", "?"):  # of a variable that is not set; an empty one would do
        return f'write {key}: "${{{whole["name"]}:{whole["more"]}}}", for which an empty variable is none'
    return f"put the whole text into a variable of the shell: {key}: {{variable: {key}}}; or {_literal(key, value)}"


def _literal(key: str, value: str) -> str:
    shown = f"as it stands: {quoted({key: {'literal': value}})[1:-1]}"
    return shown if fits(shown) and masked(shown) == shown else "as it stands, as {literal: …}"


def empty_values(said: str, values: object, folded: Folded, path: KeyPath = ("compose",)) -> Iterator[Finding]:
    """Find values that pass through to Compose, are null and remove nothing: they would be left out without a word.

    Args:
        said: How a message calls what holds them.
        values: The values at `path` of the layer that the spec itself is.
        folded: That layer, and those below.
        path: Where they are.
    """
    for key, value in values.items() if isinstance(values, dict) else ():
        at = (*path, str(key))
        if isinstance(value, dict):
            yield from empty_values(said, value, folded, at)
        elif value is None and len(folded.history(at)[0]) == 1:
            yield Finding(
                location=folded.own.locate(at),
                message=f"{said}{'.'.join(map(str, at))} has no value, and there is none of a preset to remove",
                fix=f"write what Compose takes for nothing, as {key}: {{}}",
                code="variable-without-value",
                level="warn",
            )


def _without_value(name: str, service: Folded) -> Iterator[Finding]:
    """Find variables without a value that remove nothing: Compose would take them from the shell."""
    environment = service.own.values.get("environment")
    for key, value in environment.items() if isinstance(environment, dict) else ():
        if value is None and len(service.history(("environment", key))[0]) == 1:
            yield Finding(
                location=service.own.locate(("environment", key)),
                message=f"services.{name}.environment.{key} has no value, and there is none of a preset to remove",
                fix=f"to take it from the shell: {key}: ${{{key}}}",
                code="variable-without-value",
                level="warn",
            )
