"""Expressions of a team's own policy: Jinja in a sandbox, over the values of a service.

This happens in a process of its own (`generator.text.confined`), and `generator.checks.decisions` asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment

from generator.text.errors import SHOWN


@cache
def _compiled(text: str) -> Callable[..., Any]:
    # What is constant is not computed here either, so that an expression of constants is judged like any other.
    return ImmutableSandboxedEnvironment(optimized=False).compile_expression(text)


def judge(asked: tuple[str, Sequence[Mapping[str, Any]]]) -> str | list[tuple[bool, str]]:
    """Return what is wrong with the text of an expression, or what `decide` says of it for each of the services."""
    text, services = asked
    return mistake(text) or [decide(text, service) for service in services]


def mistake(text: str) -> str:
    """Return what is wrong with the text of an expression; empty for a valid one."""
    try:
        _compiled(text)
    except Exception as error:  # whatever Jinja and Python say to it: too many parentheses, a constant that fails
        return _words(error)
    return ""


def decide(text: str, service: Mapping[str, Any]) -> tuple[bool, str]:
    """Return whether an expression holds for the values of a service, and an error if it cannot be evaluated.

    Raises:
        MemoryError: it needs more than there is.
    """
    try:
        return bool(_compiled(text)(service=service)), ""
    except MemoryError:
        raise
    except Exception as error:  # an expression can call methods of texts, which fail in ways of their own
        return False, f"{text[:SHOWN]} cannot be decided: {_words(error)}"


def _words(error: Exception) -> str:
    # The parser of Python has no other error for it than that it lacks memory.
    return "it is nested too deeply" if isinstance(error, (RecursionError, MemoryError)) else str(error)[:SHOWN]
