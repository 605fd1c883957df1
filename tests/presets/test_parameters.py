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
from generator.usecases.explain import explain
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
    spec = {"presets": list(presets), "services": {"api": {"kind": "image" if text == REFERENCES else "python"}}}
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


def test_a_value_is_where_it_is_given_and_a_default_where_the_preset_uses_it(tmp_path: Path) -> None:
    (tmp_path / "team.yaml").write_text(PRESET, encoding="utf-8")
    spec = "presets: [{preset: ./team.yaml, with: {uid: 7}}]\nservices: {api: {kind: python}}\n"
    resolved = resolve(parse(spec, "services.yaml"), Library(tmp_path))
    assert str(resolved.locate(("services", "api", "python"))) == "team.yaml:6:20"
    assert str(resolved.locate(("services", "api", "user", "uid"))) == "services.yaml:1:45"
    assert [*explain(resolved, "api", "user.uid")] == [
        "user.uid: 7  # services.yaml:1:45, for team.yaml:6:53; over 10001 of presets/base.yaml:42:26"
    ]


def test_a_value_that_is_handed_on_is_where_the_spec_gives_it(tmp_path: Path) -> None:
    (tmp_path / "team.yaml").write_text(PRESET, encoding="utf-8")
    own = "parameters: {v: {type: text}}\nextends: [{preset: ./team.yaml, with: {uid: 5, python: {parameter: v}}}]\n"
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    spec = "presets: [{preset: ./own.yaml, with: {v: '3.9'}}]\nservices: {api: {kind: python}}\n"
    resolved = resolve(parse(spec, "services.yaml"), Library(tmp_path))
    assert str(resolved.locate(("services", "api", "python"))) == "services.yaml:1:42"
    assert str(resolved.locate(("services", "api", "user", "uid"))) == "own.yaml:2:45"


REFERENCES = """\
parameters:
  version: {type: text, default: "18"}
  port: {type: integer, default: 80}
  quick: {type: boolean, default: false}
kinds:
  image:
    image: {name: db, tag: {parameter: version, text: "{version}-slim-{version}-{port}"}}
    volumes: {data: {parameter: version, values: {"18": /new, "17": /old, "17.6": /patched}}}
    environment:
      PORT: {parameter: port, text: ":{port}"}
      LEVEL: {parameter: quick, values: {"true": fast, "false": safe}}
      parameter: of the application
      other: variable
"""


@pytest.mark.parametrize(
    ("version", "folder"), [("18", "/new"), ("18.1", "/new"), ("17", "/old"), ("17.5", "/old"), ("17.6.2", "/patched")]
)
def test_a_reference_has_a_text_or_lists_values(tmp_path: Path, version: str, folder: str) -> None:
    given = {"preset": "./team.yaml", "with": {"version": version, "port": 8080, "quick": True}}
    service = _service(tmp_path, given, text=REFERENCES)
    assert service["image"]["tag"] == f"{version}-slim-{version}-{{port}}"
    assert service["volumes"] == {"data": folder}
    assert service["environment"] == {
        "PORT": ":8080", "LEVEL": "fast", "parameter": "of the application", "other": "variable"
    }  # fmt: skip


@pytest.mark.parametrize("version", ["1", "180", "17x", "", "18-"])
def test_a_value_that_is_not_listed_is_refused(tmp_path: Path, version: str) -> None:
    with pytest.raises(SpecError) as caught:
        _service(tmp_path, {"preset": "./team.yaml", "with": {"version": version}}, text=REFERENCES)
    [finding] = caught.value.findings
    assert finding.message == f"the parameter version is {version}, which team.yaml:8:50 has no value for"
    assert finding.fix == 'use one of "18", "17", "17.6"'


def test_every_mistake_is_told_in_one_run(tmp_path: Path) -> None:
    given = {"uid": "x", "pyton": "3.12", "networks": "edge"}
    with pytest.raises(SpecError) as caught:
        _service(tmp_path, {"preset": "./team.yaml", "with": given})
    assert {finding.fix for finding in caught.value.findings} == {
        "write an integer", 'write python: "3.12"', "write networks: [edge]"
    }  # fmt: skip


def test_the_example_of_an_author_is_checked_where_it_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PRESET.replace("uid: {type: integer", "uid: {type: integer, example: -5")
    (tmp_path / "team.yaml").write_text(text, encoding="utf-8")
    assert main(["-C", str(tmp_path), "presets", "validate", "team.yaml"]) == 2
    assert "team.yaml:3:33: user.uid: -5 should be greater" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("entry", "text", "message"),
    [
        ("./team.yaml", PRESET, "the preset needs its parameter uid"),
        ({"preset": "./team.yaml", "with": {"uid": "1"}}, PRESET, "the parameter uid is '1', not an integer"),
        ({"preset": "./team.yaml", "with": {"uid": True}}, PRESET, "the parameter uid is true, not an integer"),
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
