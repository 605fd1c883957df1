"""Schemas of single models: with their docstrings, loosened for merging, and with references to parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.model.types import Model
from generator.usecases.docstrings import inherited

Schema = dict[str, Any]


def by_name() -> dict[str, type[Model]]:
    """Return every model of a spec and of a policy, by its name."""
    return {model.__name__: model for model in _below(Model)}


def _below(above: type[Model]) -> Iterator[type[Model]]:
    for model in above.__subclasses__():
        yield model
        yield from _below(model)


def described(schema: Schema, model: type[Model]) -> Schema:
    """Build the schema of `model`, without titles; each property is described by its docstring."""
    texts = inherited(model)
    properties = {
        name: {
            **{key: value for key, value in part.items() if key != "title"},
            "description": texts[name if name in texts else f"{name}_"],
        }
        for name, part in schema.get("properties", {}).items()
    }
    return {**{key: value for key, value in schema.items() if key != "title"}, "properties": properties}


def loosened(schema: Schema) -> Schema:
    """Return the schema with no property required, and null allowed for each."""
    properties = {name: nullable(part) for name, part in schema["properties"].items()}
    return {**{key: value for key, value in schema.items() if key != "required"}, "properties": properties}


def nullable(schema: Schema) -> Schema:
    """Return the schema with null allowed, also for values of a mapping: null removes the value of a preset."""
    outer: Schema = {key: schema[key] for key in ("description", "default") if key in schema}
    inner = {key: value for key, value in schema.items() if key not in ("description", "default")}
    null = {"type": "null"}
    if isinstance(values := inner.get("additionalProperties"), dict):
        inner["additionalProperties"] = {"anyOf": [values, {"type": "null"}]}
    if "patternProperties" in inner:
        patterns = inner["patternProperties"].items()
        inner["patternProperties"] = {key: {"anyOf": [values, {"type": "null"}]} for key, values in patterns}
    options = inner["anyOf"] if set(inner) == {"anyOf"} else [inner]
    return {**outer, "anyOf": [*options, *([null] if null not in options else [])]}


def inlined(model: type[Model]) -> Schema:
    """Build the full schema of a model, with every reference replaced by what it refers to."""
    models = by_name()
    whole = model.model_json_schema()
    definitions = {name: described(part, models[name]) for name, part in whole.pop("$defs", {}).items()}

    def resolve(value: Any) -> Any:
        if isinstance(value, dict) and "$ref" in value:
            rest = {key: part for key, part in value.items() if key not in ("$ref", "default")}
            return {**resolve(definitions[value["$ref"].rsplit("/", 1)[-1]]), **rest}
        if isinstance(value, dict):
            return {key: resolve(part) for key, part in value.items()}
        return [resolve(part) for part in value] if isinstance(value, list) else value

    found: Schema = resolve(described(whole, model))
    return found


def parametrised(schema: Schema) -> Schema:
    """Return the schema with references to parameters allowed as values of mappings and entries of lists."""

    def either(value: Schema) -> Schema:
        outer: Schema = {key: value[key] for key in ("description", "default") if key in value}
        inner = parametrised({key: part for key, part in value.items() if key not in outer})
        return {**outer, "anyOf": [inner, {"$ref": "#/$defs/reference"}]}

    result = dict(schema)
    for key in ("properties", "patternProperties"):
        if key in result:
            result[key] = {name: either(part) for name, part in result[key].items()}
    for key in ("additionalProperties", "items"):
        if isinstance(result.get(key), dict):
            result[key] = either(result[key])
    if "anyOf" in result:
        result["anyOf"] = [parametrised(part) for part in result["anyOf"]]
    return result
