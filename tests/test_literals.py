"""A `$` in `environment` is literal but for `${NAME}` alone; what Compose would have read is an error or a warning."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from generator.text.errors import SpecError
from tests.support import rendered, resolved_spec, warnings_of, write_files

SHELL = "put the whole text into a variable of the shell: A: {variable: A}"


def _fixes(value: str) -> list[str]:
    service = {"kind": "image", "image": {"name": "nginx", "tag": "1"}, "environment": {"A": value}}
    found = warnings_of(resolved_spec({"version": 1, "project": "p", "services": {"a": service}}))
    assert all(finding.code == "variable-literal" and finding.location.line for finding in found)
    return [finding.fix for finding in found]


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("$A", 'to take it from the shell: A: ${A}; or as it stands: A: {literal: "$A"}'),
        ("pa$$word", 'for one write A: "pa$word"; or as it stands: A: {literal: "pa$$word"}'),
        ("$${A}", 'for one write A: {literal: "${A}"}; or as it stands: A: {literal: "$${A}"}'),
    ],
)
def test_a_dollar_sign_that_compose_would_read_is_told(value: str, form: str) -> None:
    assert _fixes(value) == [form]


@pytest.mark.parametrize(
    ("value", "fix"),
    [
        ("${B-8000}", 'write A: "${B:-8000}", for which an empty variable is none'),
        ("${B?set}", 'write A: "${B:?set}", for which an empty variable is none'),
        ("x${B}", f'{SHELL}; or as it stands: A: {{literal: "x${{B}}"}}'),
        ("${B:+x}", f'{SHELL}; or as it stands: A: {{literal: "${{B:+x}}"}}'),
        ("db://u:${P}@db", f"{SHELL}; or as it stands, as {{literal: …}}"),
    ],
)
def test_a_variable_in_a_text_is_an_error(value: str, fix: str) -> None:
    with pytest.raises(SpecError) as caught:
        _fixes(value)
    assert [(finding.code, finding.fix) for finding in caught.value.findings] == [("variable-in-text", fix)]


@pytest.mark.parametrize("value", ["${A}", "$A", "$$", "x${B:-y}", "pa$word"])
def test_a_literal_text_is_neither_read_nor_told(value: str) -> None:
    service = {"kind": "image", "image": "nginx:1", "environment": {"A": {"literal": value}}}
    spec = {"version": 1, "project": "p", "services": {"a": service}}
    assert warnings_of(resolved_spec(spec)) == []
    environment = yaml.safe_load(rendered(spec)["compose.yaml"])["services"]["a"]["environment"]
    assert environment == {"A": value.replace("$", "$$")}


@pytest.mark.parametrize("value", ["a", "pa$word", "$ecret", "US$5", "{A}", "${}", "$(date)"])
def test_a_text_with_a_dollar_sign_is_a_text(value: str) -> None:
    assert _fixes(value) == []


@pytest.mark.parametrize(("preset", "warned"), [({}, ["to take it from the shell: A: ${A}"]), ({"A": "x"}, [])])
def test_a_variable_without_a_value_removes_that_of_a_preset_or_nothing(
    tmp_path: Path, preset: dict[str, str], warned: list[str]
) -> None:
    write_files(tmp_path, {"team.yaml": json.dumps({"defaults": {"environment": preset}})})
    service = {"kind": "image", "image": {"name": "nginx", "tag": "1"}, "environment": {"A": None}}
    spec = {"version": 1, "project": "p", "presets": ["./team.yaml"], "services": {"a": service}}
    found = warnings_of(resolved_spec(spec, tmp_path))
    assert [one.fix for one in found if one.code == "variable-without-value"] == warned
