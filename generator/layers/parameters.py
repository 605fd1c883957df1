"""Parameters of a preset: one preset serves many teams, each with values of its own.

    parameters:
      python: {type: text, default: "3.13", description: Version that the team is on}
    runtimes:
      python: {python: {parameter: python}}

What refers to them is in `references`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from generator.layers.preset_entry import PresetEntry
from generator.layers.references import Value, filled_in
from generator.text.documents import Document
from generator.text.errors import Finding, Findings, SpecError
from generator.text.quote import quoted

TYPES: dict[str, type] = {"text": str, "integer": int, "boolean": bool, "list": list}
_NAMES = {str: "a text", int: "an integer", bool: "true or false", list: "a list"}
_KEYS = frozenset({"type", "default", "example", "description"})
_TRUTH = {"true": True, "false": False}


def is_parametrised(document: Document) -> bool:
    """Tell whether a preset declares parameters or may refer to one, so that its values are not known before use."""
    return bool(document.data.get("parameters")) or "parameter" in repr(document.data)


def apply(document: Document, entry: PresetEntry) -> Document:
    """Return the preset with its parameters replaced by the values that an entry gives, or by their defaults.

    Raises:
        SpecError: parameters are unknown, missing or of another type, or the preset's own list of them is malformed.
    """
    declared = _declared(document)
    findings = Findings()
    findings.add(_unknown(document, declared, entry))
    findings.add(_missing(document, declared, entry))
    findings.add(_unfitting(declared, entry))
    findings.refuse()
    if not is_parametrised(document):
        return document
    values = {
        name: Value(entry.given[name], entry.locate(name)) if name in entry.given else Value(parameter["default"])
        for name, parameter in declared.items()
    }
    return filled_in(document, values)


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
    """Return the parameters of a preset by name. Raises SpecError with all that is wrong with their descriptions."""
    declared = document.data.get("parameters", {})
    if not isinstance(declared, dict):
        raise SpecError.at(
            document.locate(("parameters",)),
            "parameters is not a mapping",
            "name each parameter",
            code="parameter-malformed",
        )
    findings = Findings()
    findings.add(finding for name, parameter in declared.items() for finding in _malformed(document, name, parameter))
    findings.refuse()
    return declared


def _malformed(document: Document, name: str, parameter: Any) -> Iterator[Finding]:
    place = document.locate(("parameters", name))
    if not isinstance(parameter, dict) or parameter.keys() - _KEYS or not _is_type(parameter.get("type")):
        fix = f"write {name}: {{type: text, default: …}}; types are {', '.join(TYPES)}"
        yield Finding(
            location=place, message=f"the parameter {name} is not described", fix=fix, code="parameter-malformed"
        )
        return
    for key in ("default", "example"):
        if key in parameter and not _fits(parameter[key], parameter["type"]):
            message = f"the {key} of {name} is not {_NAMES[TYPES[parameter['type']]]}"
            fix = "correct it, or its type"
            yield Finding(location=place, message=message, fix=fix, code="parameter-malformed")


def _is_type(name: Any) -> bool:
    return isinstance(name, str) and name in TYPES


def _fits(value: Any, kind: str) -> bool:
    return type(value) is TYPES[kind]


def _unknown(document: Document, declared: Mapping[str, Any], entry: PresetEntry) -> Iterator[Finding]:
    for name in entry.given:
        if name not in declared:
            near = get_close_matches(name, declared, n=1)
            known = ", ".join(declared) or "it has none"
            yield Finding(
                location=entry.locate(name),
                message=f"{document.name} has no parameter {name!r}",
                fix=f"write {near[0]}: {quoted(entry.given[name])}" if near else f"use one of: {known}",
                code="parameter-unknown",
            )


def _missing(document: Document, declared: Mapping[str, Any], entry: PresetEntry) -> Iterator[Finding]:
    missing = [name for name, parameter in declared.items() if name not in entry.given and "default" not in parameter]
    if missing:
        named = ", ".join([*(f"{name}: {quoted(value)}" for name, value in entry.given.items() if name in declared)])
        asked = ", ".join(f"{name}: …" for name in missing)
        values = f"{named}, {asked}" if named else asked
        yield Finding(
            location=entry.origin.locate(()),
            message=f"the preset needs its parameter {', '.join(missing)}",
            fix=f"name it in the spec as {{preset: {document.source or document.name}, with: {{{values}}}}}",
            code="parameter-missing",
        )


def _unfitting(declared: Mapping[str, Any], entry: PresetEntry) -> Iterator[Finding]:
    for name, parameter in declared.items():
        if name in entry.given and not _fits(entry.given[name], parameter["type"]):
            kind, value = TYPES[parameter["type"]], entry.given[name]
            written = entry.written(name)
            right = _converted(value, kind, written)
            yield Finding(
                location=entry.locate(name),
                message=f"the parameter {name} is {_shown(value, written)}, not {_NAMES[kind]}",
                fix=f"write {_NAMES[kind]}" if right is None else f"write {name}: {quoted(right)}",
                code="type-wrong",
            )


def _shown(value: Any, written: str | None) -> str:
    return repr(value) if written is None or isinstance(value, str) else written


def _converted(value: Any, kind: type, written: str | None) -> Any:
    """Return a value in the type that its parameter has, as it was typed: 3.10 is no 3.1; None without a clear one."""
    if kind is str:
        return written
    if kind is list:
        return [value] if isinstance(value, str) else None
    if kind is int:
        return int(value) if isinstance(value, str) and value.isdecimal() else None
    return _TRUTH.get(value.lower()) if isinstance(value, str) else None
