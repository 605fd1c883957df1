"""Expressions of a team's own policy: Jinja in a sandbox, over the values of a service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment


@cache
def _compiled(text: str) -> Callable[..., Any]:
    return ImmutableSandboxedEnvironment().compile_expression(text)


def mistake(text: str) -> str:
    """Return what is wrong with the text of an expression; empty for a valid one."""
    try:
        _compiled(text)
    except TemplateError as error:
        return str(error)
    return ""


def decide(text: str, service: Mapping[str, Any]) -> tuple[bool, str]:
    """Return whether an expression holds for the values of a service, and an error if it cannot be evaluated."""
    try:
        return bool(_compiled(text)(service=service)), ""
    except (TemplateError, ArithmeticError, TypeError, ValueError) as error:
        return False, f"{text} cannot be decided: {error}"
