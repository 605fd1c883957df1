"""Keys of which a mapping has one: a higher layer's choice replaces a lower one, in values, histories and policies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.cli.app import main
from generator.layers.fold import merged
from generator.layers.layer import Values
from tests.support import folded

HTTP = {"http": "/healthz", "headers": {"Host": "a.example.com"}}
RUN = {"run": [["true"]], "network": "none", "mounts": []}


@pytest.mark.parametrize(
    ("place", "lower", "upper", "expected"),
    [
        (("healthcheck",), HTTP, {"command": ["check"]}, {"command": ["check"]}),
        (("healthcheck",), {"command": ["check"]}, {"heartbeat": {"file": "/a"}}, {"heartbeat": {"file": "/a"}}),
        (("healthcheck",), HTTP, {"http": "/ready"}, {**HTTP, "http": "/ready"}),
        (("healthcheck",), HTTP, {"interval": "5s"}, {**HTTP, "interval": "5s"}),
        (("healthcheck",), {"http": "/a"}, {"http": "/b", "command": ["c"]}, {"http": "/b", "command": ["c"]}),
        (("healthcheck",), {"http": "/a"}, {"command": None}, {"http": "/a"}),
        (("secrets", "netrc"), {"target": "/a", "variable": "A"}, {"env": "B"}, {"env": "B", "variable": "A"}),
        (("secrets", "netrc"), {"target": "/a", "variable": "A"}, {"file": "b"}, {"target": "/a", "file": "b"}),
        (("steps", "after_build", "s"), RUN, {"env": {"A": "b"}}, {"env": {"A": "b"}}),
        (("steps", "after_build", "s"), RUN, {"copy": "a", "to": "/a"}, {"copy": "a", "to": "/a"}),
        (("steps", "after_build", "s"), {"copy": "a", "to": "/a"}, RUN, RUN),
        (("env",), {"http": "a"}, {"command": "b"}, {"http": "a", "command": "b"}),
    ],
)
def test_what_is_chosen_last_stands(place: tuple[str, ...], lower: Values, upper: Values, expected: Values) -> None:
    def at(value: Any) -> Any:
        for step in reversed(place):
            value = {step: value}
        return value

    before = at(dict(lower))
    assert merged(before, at(upper)) == at(expected)
    assert before == at(lower), "the lower layer stays as it is"


def test_presets_choose_in_their_order() -> None:
    team = {"kinds": {"python": {"healthcheck": {"command": ["check"]}}}}
    base = {"kinds": {"python": {"healthcheck": HTTP}}}
    assert folded({"kind": "python"}, base, team)["healthcheck"] == {"command": ["check"]}
    own = {"kind": "python", "healthcheck": {"http": "/own"}}
    assert folded(own, base, team)["healthcheck"] == {"http": "/own"}


def _write(root: Path, healthcheck: str, policy: str = "") -> None:
    (root / "team.yaml").write_text(f"description: x\n{policy}", encoding="utf-8")
    spec = "version: 1\nproject: p\npresets: [./team.yaml]\nservices:\n"
    spec += f"  web: {{kind: python, command: [serve], ports: [8000], healthcheck: {healthcheck}}}\n"
    (root / "services.yaml").write_text(spec, encoding="utf-8")


def test_the_choice_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(tmp_path, "{command: [check]}")
    assert main(["-C", str(tmp_path), "explain", "web", "healthcheck.command"]) == 0
    line = capsys.readouterr().out
    assert line.startswith('healthcheck.command: ["check"]  # services.yaml:5:')
    assert "; over another choice of presets/base.yaml:" in line
    assert main(["-C", str(tmp_path), "explain", "web", "healthcheck.http"]) == 2


@pytest.mark.parametrize(("healthcheck", "code"), [("{command: [check]}", 2), ("{interval: 10s}", 0)])
def test_a_locked_choice_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str], healthcheck: str, code: int) -> None:
    _write(tmp_path, healthcheck, "policy: {locked: [healthcheck.http]}\n")
    assert main(["-C", str(tmp_path)]) == code
    assert ("web changes healthcheck.http" in capsys.readouterr().err) == (code == 2)


def test_a_locked_network_of_builds_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(tmp_path, "null", "policy: {locked: [build_network]}\n")
    spec = tmp_path / "services.yaml"
    node = "  site: {kind: node, command: [x], ports: [3000], build: build, build_network: default}\n"
    spec.write_text(spec.read_text("utf-8") + node, encoding="utf-8")
    assert main(["-C", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("services.yaml:6:80: site changes build_network, which team.yaml:2:19")


def test_null_switches_the_check_of_an_existing_image_off(tmp_path: Path) -> None:
    """Without a word about it, the image's own stays; a mapping above a null is a check again."""
    spec = "version: 1\nproject: p\nservices:\n"
    for name, said in {"a": "", "b": ", healthcheck: null", "c": ", presets: [redis], healthcheck: null"}.items():
        spec += f"  {name}: {{kind: image, image: {{name: nginx, tag: stable}}{said}}}\n"
    (tmp_path / "services.yaml").write_text(spec, encoding="utf-8")
    assert main(["-C", str(tmp_path)]) == 0
    a, b, c = (tmp_path / "compose.yaml").read_text("utf-8").split("    image: ")[1:]
    assert "healthcheck" not in a
    for switched_off in (b, c):
        assert "healthcheck:\n      disable: true\n" in switched_off
