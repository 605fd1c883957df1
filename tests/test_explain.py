"""Each value of a service with its place and what it overrode."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.cli.app import main
from generator.model.artefacts import ARTEFACTS, DOCKERFILE, in_folder
from generator.pipeline import load, resolve_spec
from generator.render.marking import Place
from generator.render.trace import trace
from generator.render.tree import render
from generator.text import assets
from generator.usecases.explain import explain
from tests.support import CASES, case_names, project_of

SPEC = """\
version: 1
project: shop
presets: [./team.yaml]
services:
  api:
    kind: python
    command: [serve]
    ports: [8000]
    labels: {com.example.team: search}
    healthcheck: {interval: 5s}
    container: null
"""
TEAM = """\
defaults: {stop_grace_period: 1m}
kinds:
  python: {healthcheck: {interval: 10s}, env: {HOME: null}}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a repository with a spec, a preset and a value that is detected."""
    (tmp_path / "services.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "team.yaml").write_text(TEAM, encoding="utf-8")
    (tmp_path / "services/api").mkdir(parents=True)
    (tmp_path / "services/api/.python-version").write_text("3.12\n", encoding="utf-8")
    return tmp_path


def _lines(root: Path, key: str) -> list[str]:
    return list(explain(resolve_spec(root, "services.yaml"), "api", key))


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("kind", 'kind: "python"  # services.yaml:6:11'),
        ("stop_grace_period", 'stop_grace_period: "1m"  # team.yaml:1:31; over "30s" of presets/base.yaml:'),
        ("healthcheck.interval", 'healthcheck.interval: "5s"  # services.yaml:10:29; over "10s" of team.yaml:3:36;'),
        ("python", 'python: "3.12"  # services/api/.python-version:1:1; over "3.13" of presets/base.yaml:'),
        ("labels.com.example.team", 'labels.com.example.team: "search"  # services.yaml:9:32'),
        ("path", 'path: "services/api"  # computed: services/<name>'),
    ],
)  # fmt: skip
def test_a_value_and_its_history(root: Path, key: str, line: str) -> None:
    (found,) = _lines(root, key)
    assert found.startswith(line)


def test_a_mapping_is_told_value_by_value(root: Path) -> None:
    assert [line.partition(":")[0] for line in _lines(root, "user")] == [
        f"user.{key}" for key in ("name", "uid", "gid", "create")
    ]


def test_what_null_has_removed_is_not_there(root: Path) -> None:
    assert [line for line in _lines(root, "") if line.startswith(("container", "env.HOME"))] == []


@pytest.mark.parametrize("name", case_names())
def test_every_value_of_every_case_has_an_origin(name: str) -> None:
    resolved = resolve_spec(CASES / name, "services.yaml")
    for service in resolved.services:
        for line in explain(resolved, service):
            value, _, origin = line.rpartition("  # ")
            assert value
            assert ".yaml:" in origin or "computed" in origin or "/" in origin, line


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["apu"], "services.yaml: there is no service 'apu'  [name-unknown]\n  fix: use one of api\n"),
        (
            ["api", "helthcheck"],
            "services.yaml: api has no value 'helthcheck'  [name-unknown]\n  fix: use one of healthcheck.",
        ),
    ],
)  # fmt: skip
def test_an_unknown_name(root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert main(["explain", *arguments, "-C", str(root)]) == 2
    assert capsys.readouterr().err.startswith(message)


@pytest.mark.parametrize("name", case_names())
def test_traced_lines_are_the_generated_ones(name: str) -> None:
    resolved, project = project_of(name)
    files = render(project, resolved.overrides)
    for service in project.with_dockerfiles():
        for artefact in (one for one in ARTEFACTS if one.of_service):
            overrides = resolved.overrides.get(service.name, ())
            traced = list(trace(project, service.name, artefact, overrides))
            path = in_folder(service.path, artefact.named(service.dockerfile))
            assert "".join(f"{line}\n" for line, _ in traced) == files[path]
            for line, places in traced:
                assert not line or places
                for place in places:
                    shipped = CASES / name if place.template in [one.file for one in overrides] else assets.ROOT
                    source = (shipped / place.template).read_text(encoding="utf-8").splitlines()
                    assert 1 <= place.line <= len(source)


@pytest.mark.parametrize("name", case_names())
def test_a_line_is_traced_to_the_words_that_made_it(name: str) -> None:
    """One of the places of each line has the words of it; a program's line is the very line of its file."""
    resolved, project = project_of(name)
    for service in project.with_dockerfiles():
        for artefact in (one for one in ARTEFACTS if one.of_service):
            overrides = resolved.overrides.get(service.name, ())
            for line, places in trace(project, service.name, artefact, overrides):
                sources = [_source(place, CASES / name) for place in places]
                if any("/scripts/" in place.template for place in places):
                    assert sources == [line], places
                elif line:
                    assert any(_made(source, line) for source in sources), (line, places)


def _source(place: Place, case: Path) -> str:
    file = assets.ROOT / place.template
    return (file if file.is_file() else case / place.template).read_text(encoding="utf-8").splitlines()[place.line - 1]


def _made(source: str, line: str) -> bool:
    """Tell whether a template line could have made a generated line: it shares a word, or is only a value."""
    words = [text.strip() for text in re.split(r"\{\{.*?\}\}|\{%.*?%\}|\{\{.*|^.*?\}\}", source)]
    if any(text and text in line for text in words):
        return True
    return (not any(words) and "{{" in source) or "join(' \\\\\\n" in source


def test_the_probe_is_traced_to_its_program() -> None:
    _, project = project_of("shop")
    found = dict(trace(project, "api", DOCKERFILE))
    for line, template in (
        (
            'connection.request("GET", path, headers=dict(header.split(": ", 1) for header in headers))',
            "templates/dockerfile/scripts/probe_http.py",
        ),
        ('  CMD ["python", "-IS", "/opt/healthcheck/http.py", "8000", "/healthz"]', "templates/dockerfile/parts.jinja"),
    ):
        assert [place.template for place in found[line]] == [template]


def test_a_line_of_a_dockerfile(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = root / "services.yaml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("    container: null\n", ""), encoding="utf-8")
    dockerfile = render(load(root, "services.yaml")[1])["services/api/Dockerfile"].splitlines()
    number = dockerfile.index("USER 10001:10001") + 1
    assert main(["-C", str(root), "explain", "api", "--dockerfile", str(number)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "USER 10001:10001"
    template, _, line = out[1].strip().rpartition(":")
    source = (assets.ROOT / template).read_text(encoding="utf-8").splitlines()
    assert source[int(line) - 1] == "USER {{ service.user.uid }}:{{ service.user.gid }}"
    assert out[2].startswith("  user.uid: 10001  # presets/base.yaml:")
    assert [text.partition(":")[0].strip() for text in out[2:]] == ["user.uid", "user.gid"]
    for arguments in (["api", "--dockerfile", "9999"], ["nobody", "--dockerfile", "1"]):
        assert main(["-C", str(root), "explain", *arguments]) == 2


def test_the_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(root), "explain", "api", "kind"]) == 0
    assert capsys.readouterr().out == 'kind: "python"  # services.yaml:6:11\n'
