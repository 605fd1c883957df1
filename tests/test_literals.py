"""A value of `environment` that Compose would fill in is literal here, and a warning shows the form that was meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import resolved_spec, warnings_of, write_files


def _fixes(value: str) -> list[str]:
    service = {"kind": "image", "image": {"name": "nginx", "tag": "1"}, "environment": {"A": value}}
    found = warnings_of(resolved_spec({"version": 1, "project": "p", "services": {"a": service}}))
    assert all(finding.code == "variable-literal" and finding.location.line for finding in found)
    return [finding.fix for finding in found]


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("${A}", "to take it from the shell: A: {variable: A}"),
        ("$A", "to take it from the shell: A: {variable: A}"),
        ("${B:-x y}", "to take it from the shell: A: {variable: B, default: x y}"),
        ("${B-8000}", 'to take it from the shell: A: {variable: B, default: "8000"}'),
        ("${B:?set it}", "to take it from the shell: A: {variable: B}"),
        ("db://${U}:x@db", "put the whole text into a variable of the shell: A: {variable: A}"),
    ],
)
def test_a_variable_is_shown_in_its_form(value: str, form: str) -> None:
    assert _fixes(value) == [form]


@pytest.mark.parametrize("value", ["a", "pa$word", "$ecret", "US$5", "$$A", "{A}", "${}", "$(date)"])
def test_a_text_with_a_dollar_sign_is_a_text(value: str) -> None:
    assert _fixes(value) == []


@pytest.mark.parametrize(
    ("preset", "warned"), [({}, ["to take it from the shell: A: {variable: A}"]), ({"A": "x"}, [])]
)
def test_a_variable_without_a_value_removes_that_of_a_preset_or_nothing(
    tmp_path: Path, preset: dict[str, str], warned: list[str]
) -> None:
    write_files(tmp_path, {"team.yaml": json.dumps({"defaults": {"environment": preset}})})
    service = {"kind": "image", "image": {"name": "nginx", "tag": "1"}, "environment": {"A": None}}
    spec = {"version": 1, "project": "p", "presets": ["./team.yaml"], "services": {"a": service}}
    found = warnings_of(resolved_spec(spec, tmp_path))
    assert [one.fix for one in found if one.code == "variable-without-value"] == warned
