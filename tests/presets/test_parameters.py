"""One preset for many teams: typed parameters, with defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.cli.app import main
from generator.layers.library import Library
from generator.layers.resolve import resolve
from generator.text.documents import parse
from generator.text.errors import SpecError
from tests.support import resolved_spec

PRESET = """\
parameters:
  python: {type: text, default: "3.12", description: Version that the team is on}
  uid: {type: integer}
  networks: {type: list, default: [edge]}
runtimes:
  python: {python: {parameter: python}, user: {uid: {parameter: uid}}}
defaults: {networks: {parameter: networks}}
"""


def _service(root: Path, *presets: Any, text: str = PRESET, **files: str) -> dict[str, Any]:
    (root / "team.yaml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        (root / f"{name}.yaml").write_text(content, encoding="utf-8")
    spec = {"presets": list(presets), "services": {"api": {"kind": "python"}}}
    return resolved_spec(spec, root).services["api"].values


def test_defaults_and_given_values(tmp_path: Path) -> None:
    service = _service(tmp_path, {"preset": "./team.yaml", "with": {"uid": 20001}})
    assert (service["python"], service["user"]["uid"], service["networks"]) == ("3.12", 20001, ["edge"])
    service = _service(tmp_path, {"preset": "./team.yaml", "with": {"uid": 1, "python": "3.11", "networks": []}})
    assert (service["python"], service["user"]["uid"], service["networks"]) == ("3.11", 1, [])


def test_a_preset_hands_parameters_on(tmp_path: Path) -> None:
    own = "parameters: {v: {type: text}}\nextends: [{preset: ./team.yaml, with: {uid: 5, python: {parameter: v}}}]\n"
    service = _service(tmp_path, {"preset": "./own.yaml", "with": {"v": "3.9"}}, own=own)
    assert (service["python"], service["user"]["uid"]) == ("3.9", 5)


def test_the_place_of_a_parameter_is_where_the_preset_uses_it(tmp_path: Path) -> None:
    (tmp_path / "team.yaml").write_text(PRESET, encoding="utf-8")
    spec = "presets: [{preset: ./team.yaml, with: {uid: 7}}]\nservices: {api: {kind: python}}\n"
    resolved = resolve(parse(spec, "services.yaml"), Library(tmp_path))
    assert str(resolved.locate(("services", "api", "python"))) == "team.yaml:6:20"


@pytest.mark.parametrize(
    ("entry", "text", "message"),
    [
        ("./team.yaml", PRESET, "the preset needs its parameter uid"),
        ({"preset": "./team.yaml", "with": {"uid": "1"}}, PRESET, "the parameter uid is '1', not an integer"),
        ({"preset": "./team.yaml", "with": {"uid": True}}, PRESET, "the parameter uid is True, not an integer"),
        ({"preset": "./team.yaml", "with": {"uid": 1, "x": 1}}, PRESET, "team.yaml has no parameter 'x'"),
        ({"preset": "./team.yaml", "wiht": {}}, PRESET, "does not name a preset"),
        ({"preset": "./team.yaml", "with": []}, PRESET, "does not name a preset"),
        (7, PRESET, "7 does not name a preset"),
        ("hardened", "", ""),
        ("./team.yaml", "defaults: {replicas: {parameter: n}}\n", "team.yaml:1:22: there is no parameter 'n'"),
        ("./team.yaml", "parameters: {n: {type: number}}\n", "team.yaml:1:17: the parameter n is not described"),
        ("./team.yaml", "parameters: {n: {type: text, default: 1}}\n", "the default of n is not a text"),
        ("./team.yaml", "parameters: [n]\n", "parameters is not a mapping"),
    ],
)
def test_mistakes(tmp_path: Path, entry: Any, text: str, message: str) -> None:
    if not message:
        assert _service(tmp_path, entry, text="defaults: {}\n")
        return
    with pytest.raises(SpecError) as caught:
        _service(tmp_path, entry, text=text)
    assert message in str(caught.value)
    assert caught.value.findings[0].fix


def test_authors_try_a_preset_with_examples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    preset = tmp_path / "team.yaml"
    preset.write_text(PRESET, encoding="utf-8")
    validate = ["-C", str(tmp_path), "presets", "validate", "team.yaml"]
    assert main(validate) == 2
    assert "team.yaml:3:8: without a value for it" in (told := capsys.readouterr().err)
    assert "fix: add example: … to uid, or a default" in told
    preset.write_text(PRESET.replace("uid: {type: integer", "uid: {type: integer, example: 20001"), encoding="utf-8")
    assert main(validate) == 0
    preset.write_text(PRESET.replace("uid: {type: integer", "uid: {type: integer, example: x"), encoding="utf-8")
    assert main(validate) == 2
    assert "the example of uid is not an integer" in capsys.readouterr().err
