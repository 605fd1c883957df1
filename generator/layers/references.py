"""References of a preset to its parameters, and the values that stand in their places.

    tag: {parameter: version, text: "{version}-trixie"}
    volumes: {data: {parameter: version, values: {"18": /var/lib/postgresql, "17": /var/lib/postgresql/data}}}

A reference always stands for a whole value, so that a parameter never becomes a part of something that its preset does
not spell out. The value is validated where it stands, like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from generator.text.documents import Document
from generator.text.errors import Finding, Findings, KeyPath, Location
from generator.text.quote import quoted

_FORMS = ({"parameter"}, {"parameter", "text"}, {"parameter", "values"})
_ANY_FORM = frozenset().union(*_FORMS)


class Value(NamedTuple):
    """The value of a parameter.

    Attributes:
        value: The value.
        given_at: Where a user of the preset gives it; None for the default.
    """

    value: Any
    given_at: Location | None = None


class _Filled(NamedTuple):
    """What is found while references are replaced: the places of what users give, and what is wrong."""

    given: dict[KeyPath, Location]
    findings: Findings


def filled_in(document: Document, values: Mapping[str, Value]) -> Document:
    """Return the preset with each reference replaced by what it stands for.

    Args:
        document: The preset, with its shorthands as they were typed.
        values: The value of each parameter that it declares.

    Raises:
        SpecError: a reference is malformed, names no parameter, or lists no value for the one that is given.
    """
    filled = _Filled({}, Findings())
    data = {
        key: value if key == "parameters" else _replaced(document, value, (key,), values, filled)
        for key, value in document.data.items()
    }
    filled.findings.refuse()
    return replace(document, data=data, given=filled.given)


def _replaced(document: Document, value: Any, path: KeyPath, values: Mapping[str, Value], filled: _Filled) -> Any:
    if isinstance(value, list):
        return [_replaced(document, part, (*path, index), values, filled) for index, part in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if "parameter" not in value or not value.keys() <= _ANY_FORM:
        return {key: _replaced(document, part, (*path, key), values, filled) for key, part in value.items()}
    before = len(filled.findings.all)
    filled.findings.add(_mistakes(document, value, path, values))
    if len(filled.findings.all) > before:
        return None
    given_at = values[value["parameter"]].given_at
    if given_at is not None:
        filled.given[path] = given_at
    found = _stands_for(value, values[value["parameter"]].value)
    if found is None:
        filled.findings.add([_unlisted(document, value, path, values[value["parameter"]])])
    return found


def _stands_for(reference: Mapping[str, Any], value: Any) -> Any:
    """Return what a well-formed reference stands for; None if it lists values, and none for this one."""
    if "text" in reference:
        return reference["text"].replace(_placeholder(reference["parameter"]), _word(value))
    if "values" not in reference:
        return value
    word = _word(value)
    # 17 stands for 17.6 as well: a version is listed by the line that it belongs to.
    lines = [key for key in reference["values"] if word == key or word.startswith(f"{key}.")]
    return reference["values"][max(lines, key=len)] if lines else None


def _placeholder(name: str) -> str:
    return f"{{{name}}}"


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _mistakes(
    document: Document, reference: Mapping[str, Any], path: KeyPath, values: Mapping[str, Value]
) -> Iterator[Finding]:
    """Find what is wrong with a reference, whatever the value of its parameter is."""
    name, place = reference["parameter"], document.locate(path)
    if not isinstance(name, str) or name not in values:
        known = ", ".join(values) or "none is declared"
        message, fix = f"there is no parameter {name!r}", f"use one of: {known}; or declare it under parameters"
        yield Finding(location=place, message=message, fix=fix, code="parameter-unknown")
        return
    text, listed = reference.get("text"), reference.get("values")
    if set(reference) not in _FORMS:
        problem, fix = "has both text and values", "keep one of them"
    elif isinstance(values[name].value, list) and set(reference) != {"parameter"}:
        problem, fix = "makes a text of a list", f"write {{parameter: {name}}}"
    elif "text" in reference and not (isinstance(text, str) and _placeholder(name) in text):
        problem, fix = "has a text without it", f'write its place into the text, as "{_placeholder(name)}"'
    elif "values" in reference and not (isinstance(listed, dict) and listed and None not in listed.values()):
        problem, fix = "lists no values", f"write {{parameter: {name}, values: {{GIVEN: VALUE}}}}"
    else:
        return
    message = f"the reference to the parameter {name} {problem}"
    yield Finding(location=place, message=message, fix=fix, code="parameter-malformed")


def _unlisted(document: Document, reference: Mapping[str, Any], path: KeyPath, value: Value) -> Finding:
    name, place = reference["parameter"], document.locate((*path, "values"))
    message = f"the parameter {name} is {_word(value.value)}, which {place} has no value for"
    fix = f"use one of {', '.join(map(quoted, reference['values']))}"
    return Finding(location=value.given_at or place, message=message, fix=fix, code="value-unknown")
