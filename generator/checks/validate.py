"""Pydantic's findings, in the words of the spec and with the place that has to change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from generator.layers.merge import SELECTORS
from generator.layers.resolve import Resolved
from generator.model.project import KINDS, RUNTIMES, Project
from generator.model.types import FIXES, Model
from generator.text.documents import KeyPath
from generator.text.errors import Finding, SpecError

_NAMES: dict[type, str] = {
    type(None): "nothing",
    date: "a date",
    datetime: "a date",
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a mapping",
}
_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def validate(resolved: Resolved) -> Project:
    """Check the resolved project against the models; its values stay as they are.

    Raises:
        SpecError: one problem for each value that does not fit, in the order of the file.
    """
    try:
        return Project.model_validate(resolved.values)
    except ValidationError as error:
        details = _telling(error.errors(include_url=False))
        raise SpecError(*sorted({_problem(resolved, detail) for detail in details})) from None


def _telling(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without what only follows: a service's name is its key, and an unknown manager brings no defaults."""
    unknown = {d["loc"][1] for d in details if d["type"] == "literal_error" and d["loc"][-1] in SELECTORS}
    return [
        detail
        for detail in details
        if not (detail["type"] in ("missing", "too_long") and detail["loc"][1:2] and detail["loc"][1] in unknown)
        and not (detail["loc"][:1] == ("services",) and detail["loc"][3:] == ("name",))
    ]


def _problem(resolved: Resolved, detail: ErrorDetails) -> Finding:
    path, rest = _path(resolved.values, detail["loc"])
    dotted = ".".join(str(step) for step in path + rest) or "the spec"
    of_key = detail["loc"][-1:] == ("[key]",)
    message, fix = _words(detail, dotted, None if of_key else resolved.written(path))
    return Finding(location=resolved.locate(path), message=message, fix=fix, code="TODO")


def _path(values: Any, loc: tuple[str | int, ...]) -> tuple[KeyPath, KeyPath]:
    """Split Pydantic's location into what exists in the values and a missing last key; drop its union tags."""
    found: list[str | int] = []
    if loc[:1] == ("services",) and loc[2:3] != ("[key]",):
        loc = (*loc[:2], *loc[3:])  # the tag of the kind, which is also the name of a key: python, node
    for step in loc:
        if step == "[key]":
            break
        if isinstance(values, dict) and step in values:
            values = values[step]
        elif isinstance(values, list) and isinstance(step, int):
            values = values[step]
        elif step is loc[-1] and isinstance(step, str) and step not in ("short", "mapping") and "/" not in step:
            return tuple(found), (step,)
        else:
            continue
        found.append(step)
    return tuple(found), ()


def _words(detail: ErrorDetails, dotted: str, written: str | None) -> tuple[str, str]:
    kind, value = detail["type"], detail["input"]
    context: Mapping[str, Any] = detail.get("ctx", {})
    said = written if written is not None and not isinstance(value, str) else repr(value)
    match kind:
        case "missing":
            return f"{dotted} is missing", f"add {dotted.rsplit('.', 1)[-1]}: the reference is docs/spec.md"
        case "extra_forbidden":
            near = get_close_matches(dotted.rsplit(".", 1)[-1], _keys(), n=1, cutoff=0.75)
            known = near and near[0] != dotted.rsplit(".", 1)[-1]
            hint = f"write {near[0]}" if known else "look up its name in docs/spec.md"
            return f"{dotted} is not a known key here", f"remove it, or {hint}"
        case "union_tag_invalid" | "union_tag_not_found":
            return _unknown_variant(dotted, value)
        case "literal_error":
            return f"{dotted}: {said} is not one of {context['expected']}", f"use {context['expected']}"
        case "string_pattern_mismatch":
            return f"{dotted}: {said} does not fit", FIXES.get(context["pattern"], f"match {context['pattern']}")
        case "value_error":
            error = str(context["error"])
            return f"{dotted}: {error}", "remove it" if error.endswith("not allowed") else "correct this value"
        case "too_short":
            return f"{dotted} is empty", "give at least one"
        case "too_long" if context.get("max_length") == 0:
            return f"{dotted} has to be empty here", "remove it"
        case "greater_than" | "greater_than_equal" | "less_than_equal":
            return f"{dotted}: {said} {str(detail['msg']).removeprefix('Input ')}", "write a number in that range"
        case _ if kind in _WANTED:
            return _wrong_type(dotted, value, written, _WANTED[kind])
        case _:
            text = str(detail["msg"]).removeprefix("Input ")
            return f"{dotted}: {text}", "correct this value"


@cache
def _keys() -> list[str]:
    """Every key that some model of a spec has."""
    models, found = [Model], set()
    while models:
        models += (model := models.pop()).__subclasses__()
        if model.__module__ != "generator.model.policy":  # a policy has models too, which may or may not be loaded
            found |= {field.alias or name for name, field in model.model_fields.items()}
    return sorted(found)


def _unknown_variant(dotted: str, value: Any) -> tuple[str, str]:
    kind = value.get("kind") if isinstance(value, dict) else None
    if kind == "worker":
        runtime = value.get("runtime")
        said = "is missing" if runtime is None else f"{runtime!r} is not known"
        return f"{dotted}.runtime {said}", f"use one of {', '.join(RUNTIMES)}"
    said = "is missing" if kind is None else f"{kind!r} is not known"
    return f"{dotted}.kind {said}", f"use one of {', '.join(KINDS)}"


def _wrong_type(dotted: str, value: Any, written: str | None, wanted: str) -> tuple[str, str]:
    got = _NAMES.get(type(value), type(value).__name__)
    if wanted == "text" and value is None:
        return f"{dotted} has no value", "give a text, or remove the key"
    if wanted == "text" and written is not None:
        key = dotted.rsplit(".", 1)[-1]
        note = f", and YAML reads it as {value!r}" if isinstance(value, float) and str(value) != written else ""
        quoted = f'"{written}"' if key.isdigit() else f'{key}: "{written}"'
        return f"{dotted}: {written} is {got}{note}; text is needed", f"put it in quotes: {quoted}"
    said = repr(value) if isinstance(value, str) else written or got
    return f"{dotted}: {said} is not {wanted}", f"write {wanted}"
