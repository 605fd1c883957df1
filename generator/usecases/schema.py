"""JSON Schemas of services.yaml and of presets, for editors: what the models say, loosened by what presets supply.

A mapping of a service is laid over those of the presets. So none of its keys is required, and null removes any of them.
What stands in a list replaces the presets' list as a whole, so there the models hold as they are.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from generator.detect.managers import managers_of
from generator.layers.fold import merged
from generator.layers.fragments import REFUSED
from generator.layers.layer import Values
from generator.layers.library import Library
from generator.layers.sections import choose, sections
from generator.model import install, parts
from generator.model.images import SharedImage
from generator.model.names import ASSETS, BY_RUNTIME
from generator.model.policy import Policy, Waiver
from generator.model.project import ROLES, RUNTIMES, RUNTIMES_OF, Spec, service_model
from generator.model.services import Service
from generator.model.types import Model
from generator.model.values import FromBuild, HostVariable, LiteralText
from generator.text.documents import parse
from generator.usecases.schema_constants import FRAGMENTS, NETWORKS, PARAMETERS, PRESETS, REFERENCE
from generator.usecases.schema_models import Schema, by_name, described, inlined, loosened, nullable, parametrised
from generator.usecases.schema_shorthands import OF_MODEL, OF_SERVICE, shortened

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SERVICES: tuple[type[Service], ...] = (
    *(
        service_model(kind, runtime, managers_of(runtime)) if runtime else service_model(kind)
        for kind, runtimes in RUNTIMES_OF.items()
        for runtime in runtimes or ("",)
    ),
    *(service_model(kind, shared=True) for kind in RUNTIMES_OF if kind != ASSETS),
)
# Values that are replaced and never merged: they stand in lists, or beside another form of the same value.
_WHOLE = (
    parts.PortMapping,
    HostVariable,
    FromBuild,
    LiteralText,
    install.WorkspacePackage,
    install.LocalDependency,
)
_SECTIONS = {
    "runtimes": ("runtime", "by runtime"),
    "managers": ("manager", "by package manager"),
    "frameworks": ("framework", "by the framework of a worker"),
    "schedulers": ("framework", "by the framework of a scheduler"),
    "kinds": ("kind", "by kind"),
    "outputs": ("output", "by what a service in JavaScript ships"),
}


def spec_schema() -> Schema:
    """Build the schema of services.yaml."""
    definitions = _definitions()
    variants = [_variant(model) for model in _SERVICES]
    kinds = list(ROLES)
    service = {
        "type": "object",
        "properties": {"kind": {"enum": kinds, "description": "What the service is."}},
        "allOf": variants,
    }
    return {
        "$schema": _DIALECT,
        "title": "services.yaml of gen-dockerfiles",
        "type": "object",
        "required": ["version", "project", "services"],
        "additionalProperties": False,
        "properties": {
            "version": {"const": 1, "description": "Version of this format."},
            "project": {**_property("project", Spec), "description": "Name of the Compose project."},
            "compose_file": {**_property("compose_file", Spec), "description": "Name of the Compose file."},
            "dev": {"type": "boolean", "description": "Write compose.dev.yaml as well, for docker compose watch."},
            "presets": PRESETS,
            "networks": NETWORKS,
            "volumes": {
                "type": "object",
                "additionalProperties": {"anyOf": [{"type": "null"}, {"type": "object", "maxProperties": 0}]},
                "description": "Volumes that services share, by name.",
            },
            "compose": {"type": "object", "description": "Other keys of Compose beside the services, as they are."},
            "waivers": _described_list(Waiver),
            "services": {"type": "object", "minProperties": 1, "additionalProperties": service},
        },
        "$defs": definitions,
    }


def preset_schema() -> Schema:
    """Build the schema of a preset."""
    definitions = {**_definitions(), "part": _part()}
    definitions = {name: parametrised(schema) for name, schema in definitions.items()}
    definitions["reference"] = REFERENCE
    part = {"$ref": "#/$defs/part"}
    return {
        "$schema": _DIALECT,
        "title": "A preset of gen-dockerfiles",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "description": "What the preset is for."},
            "extends": {**PRESETS, "description": "Presets that apply before this one."},
            "parameters": PARAMETERS,
            "networks": NETWORKS,
            "defaults": {**part, "description": "Values of every service."},
            "built": {**part, "description": "Values of every service with a Dockerfile."},
            **{name: _section(selector, when) for name, (selector, when) in _SECTIONS.items()},
            "fragments": {
                "type": "object",
                "description": "Named sets of values, for services that take them by name.",
                "additionalProperties": {**part, "properties": dict.fromkeys(REFUSED, False)},
            },
            "templates": {
                "type": "object",
                "description": "Templates beside the preset that replace blocks of ours, by runtime.",
                "additionalProperties": False,
                "properties": {name: {"type": "string", "pattern": r"^\.{1,2}/"} for name in RUNTIMES},
            },
            "policy": _policy_schema(),
        },
        "$defs": definitions,
    }


def _part() -> Schema:
    """Build the schema of values for services of any kind: of each key, every form that one of them takes."""
    anything: Schema = {}
    for model in _SERVICES:
        for name, schema in _properties(model).items():
            known = anything.setdefault(name, {"anyOf": []})
            if schema not in known["anyOf"]:
                known["anyOf"].append(schema)
    anything["fragments"] = FRAGMENTS
    return {"type": "object", "additionalProperties": False, "properties": anything}


def _section(selector: str, when: str) -> Schema:
    return {
        "type": "object",
        "description": f"Values that apply {when}.",
        "additionalProperties": False,
        "properties": {value: {"$ref": "#/$defs/part"} for value in _names(selector)},
    }


def _definitions() -> Schema:
    """Build the loosened schemas of the models of parts, with descriptions."""
    whole: Schema = {}
    roots: tuple[type[Model], ...] = (Spec, *_SERVICES)
    for root in roots:
        whole |= root.model_json_schema().get("$defs", {})
    models = by_name()
    found: Schema = {}
    for name, schema in whole.items():
        model = models[name]
        found[name] = described(schema, model)
        if model not in _WHOLE:
            found[name] = loosened(found[name])
        if name in OF_MODEL:
            found[name]["properties"] = shortened(found[name]["properties"], OF_MODEL[name])
    return found


def _properties(model: type[Model]) -> Schema:
    schema = described(model.model_json_schema(), model)
    defaults = _defaults(model)
    found = {name: nullable(part) for name, part in schema["properties"].items() if name not in ("name", "kind")}
    for name, value in defaults.items():
        if name in found:
            found[name]["default"] = value
    return {"kind": schema["properties"]["kind"], **shortened(found, OF_SERVICE)}


def _property(name: str, model: type[Model]) -> Schema:
    schema: Schema = model.model_json_schema()["properties"][name]
    return {key: value for key, value in schema.items() if key != "title"}


def _defaults(model: type[Model]) -> Values:
    """Return what the built-in presets give to a service of this model that sets nothing itself."""
    own: Values = {name: _first(model, name) for name in ("kind", "runtime") if name in model.model_fields}
    if issubclass(model, SharedImage):
        own["image_of"] = "web"
    base = Library(Path()).load("base", parse("version: 1", "spec").locate(()))
    values: Values = {}
    for _, part in sections(base.data, choose(own, [base.data])):
        values = merged(values, part)
    return {name: value for name, value in values.items() if name not in ("name", "path", *own)}


def _first(model: type[Model], name: str) -> str:
    value: str = get_args(model.model_fields[name].annotation)[0]
    return value


def _variant(model: type[Model]) -> Schema:
    """Build the condition for services of this model: `if` a service is one, `then` its keys."""
    kind, runtime = _first(model, "kind"), model.model_fields.get("runtime")
    condition: Schema = {"properties": {"kind": {"const": kind}}, "required": ["kind"]}
    if issubclass(model, SharedImage):
        condition["required"] = ["kind", "image_of"]
    else:
        condition["not"] = {"required": ["image_of"]}
    if runtime is not None:
        value = get_args(runtime.annotation)[0]
        condition["properties"]["runtime"] = {"const": value}
        if kind in BY_RUNTIME or value == "bun":
            condition["required"] = ["kind", "runtime"]
    properties = {**_properties(model), "presets": PRESETS, "fragments": FRAGMENTS}
    return {"if": condition, "then": {"additionalProperties": False, "properties": properties}}


def _names(selector: str) -> list[str]:
    """Return the values that a selector can have, over all models."""
    found: dict[str, None] = {}
    for model in _SERVICES:
        field = model.model_fields.get(selector)
        if field is not None:
            found |= dict.fromkeys(get_args(field.annotation))
    return list(found)


def _described_list(model: type[Model]) -> Schema:
    """Build the schema of a list of whole models, with their parts in place."""
    return {"type": "array", "items": inlined(model), "description": model.__doc__}


def _policy_schema() -> Schema:
    return {**inlined(Policy), "description": Policy.__doc__}
