"""What the schemas accept besides the forms of the models: the shorthands that `generator.layers.shorthand` reads."""

from __future__ import annotations

from typing import Any

from generator.usecases.schema_models import Schema

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"}
_SCALAR: Schema = {"type": ["number", "boolean"]}
_NAMES: Schema = {"type": "array", "items": _TEXT}
_DURATION: Schema = {"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)?(ms|us|[hms]))+$"}
_SIZE: Schema = {
    "anyOf": [{"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? ?[kKmMgGtT]?[iI]?[bB]?$"}, {"type": "integer"}]
}
_TRUTH: Schema = {"enum": ["true", "false"]}
_PORT: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["target", "published"],
    "properties": {
        "target": {"type": ["integer", "string"]},
        "published": {"type": ["integer", "string"]},
        "protocol": {"const": "tcp"},
        "host_ip": {"const": "127.0.0.1"},
    },
}
_CONDITION: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["condition"],
    "properties": {
        "condition": {"enum": ["service_started", "service_healthy", "service_completed_successfully"]},
        "restart": {"const": False},
        "required": {"const": True},
    },
}
_VOLUME: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["type", "source", "target"],
    "properties": {"type": {"const": "volume"}, "source": _TEXT, "target": _TEXT},
}

# A variable of the shell by the name that the build has for it.
_BY_ITS_OWN_NAME: Schema = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"default": _TEXT, "message": _TEXT},
}

OF_SERVICE: dict[str, list[Schema]] = {
    "image": [_TEXT],
    "command": [_TEXT],
    "entrypoint": [_TEXT],
    "dev_command": [_TEXT],
    "environment": [_NAMES],
    "variables": [_NAMES],
    "env": [_NAMES],
    "labels": [_NAMES],
    "volumes": [{"type": "array", "items": {"anyOf": [_TEXT, _VOLUME]}}],
    "depends_on": [_NAMES],
    "networks": [{"type": "object", "additionalProperties": {"enum": [None, {}]}}],
    "user": [{"type": "string", "pattern": "^[1-9][0-9]*:[1-9][0-9]*$"}],
    "replicas": [_NUMBER],
    "stop_grace_period": [_DURATION],
    "healthcheck": [{"type": "string", "pattern": "^/"}],
}
"""The shorthands of each key of a service, beside what its models take."""

OF_MODEL: dict[str, dict[str, list[Schema]]] = {
    "Healthcheck": {
        "command": [_TEXT],
        **{key: [_DURATION] for key in ("interval", "timeout", "start_period", "start_interval")},
        "retries": [_NUMBER],
    },
    "Container": {
        **{key: [_TRUTH] for key in ("init", "read_only")},
        **{key: [_NUMBER] for key in ("cpus", "pids_limit")},
        **{key: [_SIZE] for key in ("mem_limit", "shm_size")},
        "tmpfs": [_TEXT],
        "restart": [{"const": False}],
    },
}
"""The same for the parts of a service, by the name of their model."""

# What a mapping or a list of the models has besides as values or entries.
_INSIDE: dict[str, list[Schema]] = {
    **{key: [_SCALAR] for key in ("environment", "env", "labels")},
    "variables": [_SCALAR, _BY_ITS_OWN_NAME],
    "depends_on": [_CONDITION],
    "ports": [{"type": "string", "pattern": "^[0-9.:-]+(/tcp)?$"}, _PORT],
}


def shortened(schema: Schema, shorthands: dict[str, list[Schema]]) -> Schema:
    """Return the schemas of properties with their shorthands allowed."""
    return {
        name: _either(_inside(part, _INSIDE.get(name, [])), shorthands.get(name, [])) for name, part in schema.items()
    }


def _either(schema: Schema, more: list[Schema]) -> Schema:
    if not more:
        return schema
    outer: Schema = {key: schema[key] for key in ("description", "default") if key in schema}
    inner = {key: part for key, part in schema.items() if key not in outer}
    return {**outer, "anyOf": [*(inner["anyOf"] if set(inner) == {"anyOf"} else [inner]), *more]}


def _inside(schema: Any, more: list[Schema]) -> Any:
    """Return the schema of a mapping or a list with more forms of what is in it."""
    if not more:
        return schema
    found = dict(schema)
    if "anyOf" in found:
        found["anyOf"] = [_inside(part, more) for part in found["anyOf"]]
    if isinstance(found.get("items"), dict):
        found["items"] = _either(found["items"], more)
    if isinstance(found.get("additionalProperties"), dict):
        found["additionalProperties"] = _either(found["additionalProperties"], more)
    if "patternProperties" in found:
        found["patternProperties"] = {key: _either(part, more) for key, part in found["patternProperties"].items()}
    return found
