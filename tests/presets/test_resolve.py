"""Resolving a spec with its presets, and telling where each value came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.layers.library import Library, built_in
from generator.layers.resolve import Resolved, resolve
from generator.text.documents import parse
from generator.text.errors import Location, SpecError

SPEC = """\
version: 1
project: shop
presets: [./first.yaml, ./second.yaml]
networks:
  edge: null
services:
  api:
    kind: python
    presets: [./own.yaml]
    env: {OWN: "1"}
  web: {kind: node}
"""
FIRST = "networks: {extra: {internal: true}}\ndefaults: {x: first, y: first}\nruntimes: {python: {env: {HOME: /h}}}\n"
SECOND = "defaults: {y: second}\nkinds:\n  node: {y: kind}\n"
OWN = "built: {z: own}\n"


@pytest.fixture
def resolved(tmp_path: Path) -> Resolved:
    for name, text in (("first", FIRST), ("second", SECOND), ("own", OWN)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return resolve(parse(SPEC, "services.yaml"), Library(tmp_path))


def test_precedence(resolved: Resolved) -> None:
    api, web = resolved.services["api"].values, resolved.services["web"].values
    assert (api["x"], api["y"], api["z"]) == ("first", "second", "own")
    assert (web["x"], web["y"]) == ("first", "kind")
    assert "z" not in web
    assert api["env"]["OWN"] == "1"
    assert api["env"]["HOME"] == "/h"
    assert api["env"]["PYTHONUNBUFFERED"] == "1", "base stays below"
    assert "presets" not in api


def test_networks_are_merged_and_removed(resolved: Resolved) -> None:
    assert resolved.project.values["networks"] == {"backend": {"internal": True}, "extra": {"internal": True}}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("services", "api", "kind"), "services.yaml:8:11"),
        (("services", "api", "env", "OWN"), "services.yaml:10:16"),
        (("services", "api", "env", "HOME"), "first.yaml:3:33"),
        (("services", "api", "x"), "first.yaml:2:15"),
        (("services", "api", "y"), "second.yaml:1:15"),
        (("services", "web", "y"), "second.yaml:3:13"),
        (("services", "api", "z"), "own.yaml:1:12"),
        (("networks", "extra", "internal"), "first.yaml:1:30"),
        (("services", "api", "nowhere"), "services.yaml:8:5"),
        (("services", "other"), "services.yaml:7:3"),
    ],
)
def test_origin_of_a_value(resolved: Resolved, path: tuple[str, ...], place: str) -> None:
    assert str(resolved.locate(path)) == place


def test_a_value_of_base_is_located_in_base(resolved: Resolved) -> None:
    location = resolved.locate(("services", "api", "stop_grace_period"))
    lines = (Path(__file__).parents[2] / location.file).read_text(encoding="utf-8").splitlines()
    assert location.file == "presets/base.yaml"
    assert lines[location.line - 1].startswith("  stop_grace_period: 30s")


def test_base_is_always_there_and_only_once() -> None:
    spec = parse("presets: [base, hardened]\nservices: {a: {kind: python}}\n", "f")
    names = [document.name for document in resolve(spec, Library(Path())).services["a"].presets]
    assert names == ["presets/base.yaml", "presets/hardened.yaml"]


def test_what_ships() -> None:
    images = ["caddy", "mailpit", "mariadb", "mongo", "nginx", "postgres", "rabbitmq", "redis", "valkey"]
    assert built_in() == sorted(["base", "hardened", "hardened-images", *images])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nope", "unknown preset 'nope'"),
        ("../base", "unknown preset '../base'"),
        ("./nope.yaml", "there is no preset file './nope.yaml'"),
        ("./../x.yaml", "is outside the repository"),
        ("./link.yaml", "is outside the repository"),
        ("./folder", "there is no preset file './folder'"),
    ],
)
def test_presets_that_cannot_be_loaded(tmp_path: Path, name: str, message: str) -> None:
    root = tmp_path / "repository"
    (root / "folder").mkdir(parents=True)
    (tmp_path / "x.yaml").write_text("defaults: {}\n", encoding="utf-8")
    (root / "link.yaml").symlink_to(tmp_path / "x.yaml")
    with pytest.raises(SpecError) as caught:
        Library(root).load(name, Location(file="services.yaml", line=3, column=4))
    assert message in str(caught.value)
    assert str(caught.value).startswith("services.yaml:3:4: ")


def test_a_preset_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "team.yaml"
    file.write_text("defaults: {}\n", encoding="utf-8")
    library = Library(tmp_path)
    first = library.load("./team.yaml", Location(file="f"))
    file.unlink()
    assert library.load("./team.yaml", Location(file="f")) is first
