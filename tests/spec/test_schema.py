"""The JSON Schemas accept what the models accept, and refuse the mistakes that an editor can see."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from jsonschema import Draft202012Validator

from generator.cli.app import main
from generator.text import assets
from generator.usecases.schema import preset_schema, spec_schema
from tests.strategies import specs
from tests.support import CASES, Values, case_names

SPEC = Draft202012Validator(spec_schema())
PRESET = Draft202012Validator(preset_schema())


def _read(file: Any) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def test_both_are_schemas() -> None:
    for validator in (SPEC, PRESET):
        Draft202012Validator.check_schema(validator.schema)


@given(specs())
def test_a_valid_spec_is_valid(spec: Values) -> None:
    assert list(SPEC.iter_errors(spec)) == []


@pytest.mark.parametrize("name", case_names())
def test_the_cases_are_valid(name: str) -> None:
    assert list(SPEC.iter_errors(_read(CASES / name / "services.yaml"))) == []


def test_presets_are_valid() -> None:
    for file in [*assets.PRESETS.glob("*.yaml"), *CASES.glob("*/presets/*.yaml")]:
        assert list(PRESET.iter_errors(_read(file))) == [], file


@pytest.mark.parametrize(
    "service",
    [
        {"kind": "pyton"},
        {"kind": "python", "comand": ["x"]},
        {"kind": "python", "python": 3.13},
        {"kind": "python", "manager": "npm"},
        {"kind": "python", "node": "24"},
        {"kind": "node", "healthcheck": {"interval": "soon"}},
        {"kind": "node", "ports": [{"target": 80}]},
        {"kind": "worker", "runtime": "python", "ports": [80]},
        {"kind": "image", "manager": "uv"},
    ],
)
def test_a_mistake_is_seen(service: Values) -> None:
    assert list(SPEC.iter_errors({"version": 1, "project": "p", "services": {"a": service}}))


@pytest.mark.parametrize("preset", [{"default": {}}, {"defaults": {"comand": []}}, {"kinds": {"ruby": {}}}])
def test_a_mistake_in_a_preset_is_seen(preset: Values) -> None:
    assert list(PRESET.iter_errors(preset))


def test_null_removes_and_parts_may_be_partial() -> None:
    service = {"kind": "python", "env": {"HOME": None}, "container": {"init": None}, "healthcheck": None}
    assert list(SPEC.iter_errors({"version": 1, "project": "p", "services": {"a": service}})) == []


def test_presets_may_have_parameters() -> None:
    preset = {
        "extends": ["hardened", {"preset": "./a.yaml", "with": {"x": 1}}],
        "parameters": {"python": {"type": "text"}, "uid": {"type": "integer", "default": 1}},
        "runtimes": {"python": {"python": {"parameter": "python"}, "user": {"uid": {"parameter": "uid"}}}},
        "built": {"env": {"A": {"parameter": "python"}, "B": None}},
    }
    assert list(PRESET.iter_errors(preset)) == []
    spec = {"version": 1, "project": "p", "presets": [{"preset": "./a.yaml", "with": {}}], "services": {}}
    assert [error.json_path for error in SPEC.iter_errors(spec)] == ["$.services"]


def test_an_editor_sees_descriptions_and_defaults() -> None:
    python = spec_schema()["properties"]["services"]["additionalProperties"]["allOf"][0]["then"]["properties"]
    assert python["python"]["default"] == "3.13"
    assert all("description" in schema for schema in python.values())


@pytest.mark.parametrize(("name", "schema"), [("services", spec_schema()), ("preset", preset_schema())])
def test_the_published_schemas_are_these(name: str, schema: Values) -> None:
    """`make docs` writes them; editors find them under the address that the scaffold's spec names."""
    assert json.loads((assets.ROOT / f"schemas/{name}.json").read_text(encoding="utf-8")) == schema


@pytest.mark.parametrize(("arguments", "schema"), [([], spec_schema()), (["preset"], preset_schema())])
def test_the_command(arguments: list[str], schema: Values, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", *arguments]) == 0
    assert json.loads(capsys.readouterr().out) == schema
