"""What Compose itself says of keys that pass through: its own schema, and the words of what breaks it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.text.errors import KeyPath
from generator.text.quote import quoted

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_SCHEMA = "builtin_schemas/vendor/compose-spec.json"
_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}


class Mistake(NamedTuple):
    """A value that Compose would refuse.

    Attributes:
        path: Where it is in the Compose file.
        message: What is wrong, as it stands behind the place.
        fix: What to do.
    """

    path: KeyPath
    message: str
    fix: str


def mistakes(compose: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield what is wrong with a part of a Compose file.

    The schema is that of https://github.com/compose-spec/compose-spec, in the release that check-jsonschema carries.
    """
    for error in sorted(_validator().iter_errors(compose), key=lambda error: [*map(str, error.absolute_path)]):
        if error.validator == "unevaluatedProperties":
            yield from _unknown_keys_of_a_service(error)
        else:
            for nearest in _nearest(error):
                yield from (
                    _unknown_keys(nearest) if nearest.validator == "additionalProperties" else [_mistake(nearest)]
                )


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # noqa: PLC0415  # 80 ms, which only those pay who pass keys through

    # The package is not imported: it loads a client of HTTP.
    spec = find_spec("check_jsonschema")
    assert spec is not None
    assert spec.origin is not None
    schema = json.loads((Path(spec.origin).parent / _SCHEMA).read_text(encoding="utf-8"))
    return Draft202012Validator(schema)


def _nearest(error: ValidationError) -> Iterator[ValidationError]:
    """Yield the mistakes inside the form that comes closest, where a value has several forms."""
    inner = [one for one in error.context or [] if one.validator != "type" or len(one.path) > 0]
    if not inner:
        yield error
        return
    form = max(inner, key=lambda one: len(one.absolute_path)).relative_schema_path[0]
    for one in inner:
        if one.relative_schema_path[0] == form:
            yield from _nearest(one)


def _mistake(error: ValidationError) -> Mistake:
    path, value = tuple(error.absolute_path), error.instance
    if error.validator in ("oneOf", "anyOf"):
        wanted = " or ".join(
            dict.fromkeys(_type(one.schema) for one in error.context or [] if isinstance(one.schema, dict))
        )
        return Mistake(path, f": {quoted(value)} is not {wanted}", f"write {wanted}")
    if error.validator == "type":
        wanted = _type({"type": error.validator_value})
        return Mistake(path, f": {quoted(value)} is not {wanted}", f"write {wanted}")
    if error.validator == "enum":
        known = ", ".join(map(quoted, error.validator_value))
        return Mistake(path, f": {quoted(value)} is not one of {known}", f"use one of {known}")
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in value]
        return Mistake(path, f": {' and '.join(missing)} is missing", f"add {' and '.join(missing)}")
    return Mistake(path, f": {error.message}", "write it as https://docs.docker.com/reference/compose-file/ says")


def _unknown_keys_of_a_service(error: ValidationError) -> Iterator[Mistake]:
    """Yield the keys that a service does not have; one with a wrong value is told for itself."""
    known: dict[str, Any] = {}
    for part in ("service", "container_spec", "workload_spec"):
        known |= _validator().schema["$defs"][part].get("properties", {})
    for name in error.instance:
        if name not in known and not str(name).startswith("x-"):
            yield _unknown(error, str(name), list(known), "remove it")


def _unknown_keys(error: ValidationError) -> Iterator[Mistake]:
    """Yield the keys that an object does not have."""
    schema: Any = error.schema
    known = list(schema.get("properties", {}))
    patterns = [*schema.get("patternProperties", {})]
    for name in map(str, error.instance):
        if name not in known and not any(re.search(pattern, name) for pattern in patterns):
            yield _unknown(error, name, known, f"remove it; Compose has {', '.join(known) or 'none'} here")


def _unknown(error: ValidationError, name: str, known: list[str], otherwise: str) -> Mistake:
    """Return the mistake of a key that is not known, with a known one that is like it, or with another fix."""
    near = get_close_matches(name, known, n=1)
    fix = f"remove it, or write {near[0]}" if near else otherwise
    return Mistake((*error.absolute_path, name), " is not a key of Compose here", fix)


def _type(schema: Mapping[str, Any]) -> str:
    said = schema.get("type", [])
    return " or ".join(_TYPES.get(one, str(one)) for one in ([said] if isinstance(said, str) else said))
