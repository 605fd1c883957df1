"""Parameters of a preset: one preset serves many teams, each with values of its own.

    parameters:
      python: {type: text, default: "3.13", description: Version that the team is on}
    runtimes:
      python: {python: {parameter: python}}

A reference stands for a whole value, so a parameter can never become a part of something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generator.text.documents import Document
from generator.text.errors import Finding, KeyPath, Location, SpecError

TYPES: dict[str, type] = {"text": str, "integer": int, "boolean": bool, "list": list}
_NAMES = {str: "a text", int: "an integer", bool: "true or false", list: "a list"}
_KEYS = frozenset({"type", "default", "example", "description"})


def is_parametrised(document: Document) -> bool:
    """Tell whether a preset declares parameters or may refer to one, so that its values are not known before use."""
    return bool(document.data.get("parameters")) or "parameter" in repr(document.data)


def apply(document: Document, given: Mapping[str, Any], asked_at: Location) -> Document:
    """Return the preset with its parameters replaced by the values in `given`, or by their defaults.

    Raises:
        SpecError: a parameter is unknown, missing or of another type, or the preset's own list of them is malformed.
    """
    declared = _declared(document)
    for name in given:
        if name not in declared:
            known = ", ".join(declared) or "it has none"
            raise SpecError.at(
                asked_at, f"{document.name} has no parameter {name!r}", f"use one of: {known}", code="parameter-unknown"
            )
    missing = [name for name, parameter in declared.items() if name not in given and "default" not in parameter]
    if missing:
        named = ", ".join(f"{name}: …" for name in missing)
        fix = f"name it in the spec as {{preset: {document.source or document.name}, with: {{{named}}}}}"
        raise SpecError.at(
            asked_at, f"the preset needs its parameter {', '.join(missing)}", fix, code="parameter-missing"
        )
    values = {name: _value(name, parameter, given, asked_at) for name, parameter in declared.items()}
    if not is_parametrised(document):
        return document
    problems: list[Finding] = []
    data = {
        key: value if key == "parameters" else _replaced(document, value, (key,), values, problems)
        for key, value in document.data.items()
    }
    if problems:
        raise SpecError(*problems)
    return replace(document, data=data)


def examples(document: Document) -> dict[str, Any]:
    """Return an example of each parameter without a default, to try the preset with.

    Raises:
        SpecError: one of them has no example, or the preset's list of parameters is malformed.
    """
    needed = {name: parameter for name, parameter in _declared(document).items() if "default" not in parameter}
    for name, parameter in needed.items():
        if "example" not in parameter:
            place, fix = document.locate(("parameters", name)), f"add example: … to {name}, or a default"
            raise SpecError.at(
                place, "without a value for it, the preset cannot be tried", fix, code="parameter-without-example"
            )
    return {name: parameter["example"] for name, parameter in needed.items()}


def _declared(document: Document) -> dict[str, dict[str, Any]]:
    declared = document.data.get("parameters", {})
    if not isinstance(declared, dict):
        raise SpecError.at(
            document.locate(("parameters",)),
            "parameters is not a mapping",
            "name each parameter",
            code="parameter-malformed",
        )
    for name, parameter in declared.items():
        place = document.locate(("parameters", name))
        if not isinstance(parameter, dict) or parameter.keys() - _KEYS or not _is_type(parameter.get("type")):
            fix = f"write {name}: {{type: text, default: …}}; types are {', '.join(TYPES)}"
            raise SpecError.at(place, f"the parameter {name} is not described", fix, code="parameter-malformed")
        for key in ("default", "example"):
            if key in parameter and not _fits(parameter[key], parameter["type"]):
                wanted = _NAMES[TYPES[parameter["type"]]]
                raise SpecError.at(
                    place, f"the {key} of {name} is not {wanted}", "correct it, or its type", code="parameter-malformed"
                )
    return declared


def _is_type(name: Any) -> bool:
    return isinstance(name, str) and name in TYPES


def _value(name: str, parameter: Mapping[str, Any], given: Mapping[str, Any], asked_at: Location) -> Any:
    if name not in given:
        return parameter["default"]
    if not _fits(given[name], parameter["type"]):
        wanted = _NAMES[TYPES[parameter["type"]]]
        raise SpecError.at(
            asked_at, f"the parameter {name} is {given[name]!r}, not {wanted}", f"write {wanted}", code="type-wrong"
        )
    return given[name]


def _fits(value: Any, kind: str) -> bool:
    return type(value) is TYPES[kind]


def _replaced(document: Document, value: Any, path: KeyPath, values: Mapping[str, Any], problems: list[Finding]) -> Any:
    if isinstance(value, list):
        return [_replaced(document, part, (*path, index), values, problems) for index, part in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if value.keys() != {"parameter"}:
        return {key: _replaced(document, part, (*path, key), values, problems) for key, part in value.items()}
    name = value["parameter"]
    if not isinstance(name, str) or name not in values:
        known = ", ".join(values) or "none is declared"
        message, fix = f"there is no parameter {name!r}", f"use one of: {known}; or declare it under parameters"
        problems.append(Finding(location=document.locate(path), message=message, fix=fix, code="parameter-unknown"))
        return None
    return values[name]
