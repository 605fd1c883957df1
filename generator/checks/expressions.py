"""Expressions of a team's own policy: Jinja in a sandbox, over the values of a service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment


@cache
def _compiled(text: str) -> Callable[..., Any]:
    return ImmutableSandboxedEnvironment().compile_expression(text)


def mistake(text: str) -> str:
    """Return what is wrong with the text of an expression; empty for a valid one."""
    try:
        _compiled(text)
    except Exception as error:  # whatever Jinja and Python say to it: too many parentheses, a constant that fails
        return _words(error)
    return ""


def decide(text: str, service: Mapping[str, Any]) -> tuple[bool, str]:
    """Return whether an expression holds for the values of a service, and an error if it cannot be evaluated."""
    try:
        return bool(_compiled(text)(service=service)), ""
    except Exception as error:  # an expression can call methods of texts, which fail in ways of their own
        return False, f"{text} cannot be decided: {_words(error)}"


def _words(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, (RecursionError, MemoryError)) else str(error)
