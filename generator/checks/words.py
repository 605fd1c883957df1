"""Pydantic's errors, in the words of the spec and with the place that has to change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from generator.checks import compose_words
from generator.checks.service_words import NO_IMAGE, of_another, of_probes
from generator.layers.sections import SELECTORS
from generator.model.names import is_folder
from generator.model.types import FIXES, RELATIVE_PATH, SERVICE_PATH, SOURCE_PATH, Model
from generator.text.errors import Finding, KeyPath, Location
from generator.text.files import dig
from generator.text.quote import fits, quoted

# In one service. Each takes a millisecond, and nobody reads more.
_MAX_TOLD = 100

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


_TRUTH = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
_CODES = {
    "missing": "key-missing",
    "extra_forbidden": "key-unknown",
    "literal_error": "value-unknown",
    "string_pattern_mismatch": "value-malformed",
    "too_short": "value-empty",
    "too_long": "value-not-allowed",
    "none_required": "value-not-allowed",
    "string_too_long": "value-malformed",
    "finite_number": "value-out-of-range",
    "greater_than": "value-out-of-range",
    "greater_than_equal": "value-out-of-range",
    "less_than_equal": "value-out-of-range",
    **dict.fromkeys(_WANTED, "type-wrong"),
}
# Of a key that its author chooses, as the name of a network or of a variable.
_KEY_CODES = {
    "literal_error": "key-unknown",
    "string_pattern_mismatch": "name-malformed",
    "string_too_long": "name-malformed",
}


# How Pydantic tells the forms of one value apart; no key has such a name.
_TAGS = ("short", "mapping", "literal-text")
# Where a value that Compose takes can fail.
_OF_COMPOSE = {"extra_forbidden", "literal_error", "string_pattern_mismatch", *_WANTED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """The values that were checked against a model.

    Attributes:
        values: The values.
        place: Where they are in the resolved project.
        locate: Returns the place of a value of the project by its path.
        written: Returns a scalar of the project as its author typed it, by its path.
    """

    values: Mapping[str, Any]
    place: KeyPath
    locate: Callable[[KeyPath], Location]
    written: Callable[[KeyPath], str | None]


def findings_of(error: ValidationError, checked: Checked) -> Iterator[Finding]:
    """Give one finding for each value that does not fit; after the first _MAX_TOLD, one that counts the rest."""
    details = [*_without_consequences(error.errors(include_url=False), checked)]
    if (more := len(details) - _MAX_TOLD) > 0:
        message = f"has {more} more values that do not fit" if more > 1 else "has one more value that does not fit"
        location = checked.locate(checked.place)
        yield Finding(location=location, message=message, fix="correct the others first", code="value-wrong")
    for detail in details[:_MAX_TOLD]:
        inside, missing = _path(checked.values, detail["loc"])
        path = (*checked.place, *inside)
        dotted = ".".join(map(str, (*path, *missing))) or "the spec"
        of_key = detail["loc"][-1:] == ("[key]",)
        message, fix = _words(
            detail,
            dotted,
            str((*path, *missing)[-1]) if path or missing else "",
            None if of_key else checked.written(path),
        )
        service = str(checked.place[1]) if checked.place else ""
        if missing == ("image",) and not inside:
            fix = NO_IMAGE
        elif detail["type"] == "extra_forbidden" and (said := of_another(service, checked.values, inside)):
            message, fix = said
        elif missing:
            fix = compose_words.fix_of_missing(service, checked.values, (*inside, *missing)) or fix
        elif inside and detail["type"] in _OF_COMPOSE:
            value = dig(checked.values, *inside) if of_key else detail["input"]
            fix = compose_words.fix_of(compose_words.Typed(service, inside, value, checked.values)) or fix
        elif detail["type"] == "value_error" and inside == ("healthcheck",):
            fix = of_probes(checked.values["healthcheck"]) or fix
            if "framework_probe" in checked.values and "here: none" in message:
                yield _without_app(service, checked)
                continue
        code = (_KEY_CODES if of_key else _CODES).get(detail["type"], "value-wrong")
        yield Finding(location=checked.locate(path), message=message, fix=fix, code=code)


def _without_app(service: str, checked: Checked) -> Finding:
    """Return the finding of a framework's own probe that lacks the name of what it asks."""
    framework = checked.values.get("framework")
    return Finding(
        location=checked.locate(checked.place),
        message=f"services.{service}.app is missing: the health check of {framework} asks for it by its name",
        fix=f"add app, as {framework} names it (shop.tasks.WorkerSettings), or a healthcheck",
        code="key-missing",
    )


def of_name(error: ValidationError, path: KeyPath, location: Location) -> Finding:
    """Give the finding about a key that names something, as a service."""
    (detail,) = error.errors(include_url=False)
    message, fix = _words(detail, ".".join(map(str, path)), str(path[-1]), None)
    return Finding(location=location, message=message, fix=fix, code="name-malformed")


def _without_consequences(details: list[ErrorDetails], checked: Checked) -> list[ErrorDetails]:
    """Leave out what only follows: a service's name is its key, and what has a malformed name is not judged."""
    malformed = {detail["loc"][:-1] for detail in details if detail["loc"][-1:] == ("[key]",)}
    unknown = any(detail["type"] == "literal_error" and detail["loc"][-1] in SELECTORS for detail in details)
    return [
        detail
        for detail in details
        if not (unknown and detail["type"] in ("missing", "too_long"))
        and (detail["loc"] != ("name",) or not checked.place)
        and not any(detail["loc"][: len(key)] == key and detail["loc"][len(key) :] != ("[key]",) for key in malformed)
        and not (detail["type"] == "missing" and compose_words.follows(checked.values, detail["loc"]))
    ]


def _path(values: Any, loc: tuple[str | int, ...]) -> tuple[KeyPath, KeyPath]:
    """Split Pydantic's location into what exists in the values and a missing last key; drop its union tags."""
    found: list[str | int] = []
    for step in loc:
        if step == "[key]":
            break
        if isinstance(values, dict) and step in values:
            values = values[step]
        elif isinstance(values, list) and isinstance(step, int):
            values = values[step]
        elif step is loc[-1] and isinstance(step, str) and step not in _TAGS:
            return tuple(found), (step,)
        else:
            continue
        found.append(step)
    return tuple(found), ()


def _words(detail: ErrorDetails, dotted: str, key: str, written: str | None) -> tuple[str, str]:
    kind, value = detail["type"], detail["input"]
    context: Mapping[str, Any] = detail.get("ctx", {})
    said = written if written is not None and not isinstance(value, str) else repr(value)
    match kind:
        case "missing":
            return f"{dotted} is missing", f"add {key}: the reference is docs/spec.md"
        case "none_required":
            return f"{dotted} cannot be given: a job ends, and is not probed", f"remove {key}"
        case "extra_forbidden":
            near = get_close_matches(key, _keys(), n=1, cutoff=0.75)
            known = near and near[0] != key
            hint = f"write {near[0]}" if known else "look up its name in docs/spec.md"
            return f"{dotted} is not a known key here", f"remove it, or {hint}"
        case "literal_error":
            return f"{dotted}: {said} is not one of {context['expected']}", f"use {context['expected']}"
        case "string_pattern_mismatch":
            return f"{dotted}: {said} does not fit", _fitting(context["pattern"], value, key)
        case "value_error":
            error = str(context["error"])
            return f"{dotted}: {error}", "remove it" if error.endswith("not allowed") else "correct this value"
        case "string_too_long":
            return f"{dotted} is longer than {context['max_length']} characters", "shorten it"
        case "too_short":
            return f"{dotted} is empty", "give at least one"
        case "too_long" if context.get("max_length") == 0:
            return f"{dotted} has to be empty here", "remove it"
        case "greater_than" | "greater_than_equal" | "less_than_equal":
            return f"{dotted}: {said} {str(detail['msg']).removeprefix('Input ')}", "write a number in that range"
        case _ if kind in _WANTED:
            return _wrong_type(dotted, key, value, written, _WANTED[kind])
        case _:
            text = str(detail["msg"]).removeprefix("Input ")
            return f"{dotted}: {text}", "correct this value"


def _fitting(pattern: str, value: str, key: str) -> str:
    """Return the fix of a text that does not fit: itself, where Compose writes such a path with dots and slashes."""
    plain = re.sub(r"^(?:\./)+|/+$", "", value)
    if pattern in (RELATIVE_PATH, SERVICE_PATH, SOURCE_PATH) and plain != "." and is_folder(plain):
        return f"write {'' if key.isdigit() else f'{key}: '}{quoted(plain)}"
    return FIXES.get(pattern, f"match {pattern}")


@cache
def _keys() -> list[str]:
    """Return every key that a model of a spec has."""
    models, found = [Model], {"services", "presets", "waivers", "fragments"}
    while models:
        models += (model := models.pop()).__subclasses__()
        if model.__module__ != "generator.model.policy":  # a policy has models too, which may or may not be loaded
            found |= {field.alias or name for name, field in model.model_fields.items()}
    return sorted(found)


def _wrong_type(dotted: str, key: str, value: Any, written: str | None, wanted: str) -> tuple[str, str]:
    got = _NAMES.get(type(value), type(value).__name__)
    if wanted == "text" and value is None:
        return f"{dotted} has no value", "give a text, or remove the key"
    if wanted == "text" and written is not None:
        note = f", and YAML reads it as {value!r}" if isinstance(value, float) and str(value) != written else ""
        quoted = f'"{written}"' if key.isdigit() else f'{key}: "{written}"'
        return f"{dotted}: {written} is {got}{note}; text is needed", f"put it in quotes: {quoted}"
    said = repr(value) if isinstance(value, str) else written or got
    meant = _meant(value, wanted)
    fix = f"write {wanted}" if meant is None else f"write {'' if key.isdigit() else f'{key}: '}{meant}"
    return f"{dotted}: {said} is not {wanted}", fix


def _meant(value: Any, wanted: str) -> str | None:
    """Return the number or the truth value that a text holds, or the list that it is the one entry of."""
    if not isinstance(value, str):
        return None
    text = value.strip().lower()
    if wanted == "true or false" and text in _TRUTH:
        return _TRUTH[text]
    if wanted in ("a whole number", "a number") and re.fullmatch(r"[0-9]{1,9}", text):
        return str(int(text))
    if wanted == "a list" and text and fits(quoted([value])):
        return quoted([value])
    return None
