"""What Compose would take from the shell, and is literal in `environment`, or has no value: a warning, no rule.

A project that comes from the cache is not validated, and a warning has to be told on every run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.layers.fold import Folded
from generator.text.errors import Finding
from generator.text.quote import quoted

_BRACES = r"\$\{(?P<name>[A-Za-z_]\w*)(?P<more>(?P<sign>:?[-?+])(?P<word>[^}]*))?\}"
# Without braces only in upper case and alone: a password may well have a dollar sign.
_ALONE = r"\$(?P<name>[A-Z_][A-Z0-9_]*)"


def literal_variables(name: str, service: Folded) -> Iterator[Finding]:
    """Find values that look like a variable of the shell, with the form that takes one."""
    yield from _without_value(name, service)
    environment = service.values.get("environment")
    for key, value in environment.items() if isinstance(environment, dict) else ():
        if not isinstance(value, str) or "$" not in value:
            continue
        whole = re.fullmatch(_BRACES, value) or re.fullmatch(_ALONE, value)
        if found := whole or re.search(_BRACES, value):
            yield Finding(
                location=service.locate(("environment", key)),
                message=f"services.{name}.environment.{key}: {found[0]} stays as it is, and no variable is filled in",
                fix=_fix(str(key), found, whole is not None),
                code="variable-literal",
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
                fix=f"to take it from the shell: {key}: {{variable: {key}}}",
                code="variable-without-value",
                level="warn",
            )


def _fix(key: str, found: re.Match[str], whole: bool) -> str:
    groups = found.groupdict()
    default = groups["word"] if whole and (groups.get("sign") or "").endswith("-") else None
    if not whole:
        return f"put the whole text into a variable of the shell: {key}: {{variable: {key}}}"
    more = "" if default is None else f", default: {quoted(default)}"
    return f"to take it from the shell: {key}: {{variable: {found['name']}{more}}}"
