"""Templates beside a preset: taken in, compared, followed and tried with the preset that names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cli.app import main
from generator.lockfile.pin import LOCK
from tests.presets.repositories import Platform
from tests.support import snapshot, write_files

PRESET = "extends: [../shared/common.yaml]\ntemplates: {python: ./docker/python.jinja}\n"
COMMON = "built: {env: {TZ: UTC}}\n"
TEMPLATE = """\
{% extends 'templates/dockerfile/python.jinja' %}
{% block runtime %}
{{ super() -}}
LABEL acme=1
{% endblock %}
"""
FILES = {"presets/docker/python.jinja": TEMPLATE, "shared/common.yaml": COMMON}


@pytest.fixture
def platform(platform: Platform) -> Platform:
    """Make a repository with a preset that has a template."""
    platform.commit(PRESET, tag="v1", files=FILES)
    return platform


def _presets(root: Path, *arguments: str) -> int:
    return main(["-C", str(root), "presets", *arguments])


def _dockerfile(root: Path) -> str:
    return (root / "services/api/Dockerfile").read_text(encoding="utf-8")


def _vendored(root: Path) -> list[str]:
    """Return the ends of the names of vendored files."""
    return sorted(file.name.rpartition("platform-")[2] for file in (root / ".gen-dockerfiles/presets").iterdir())


def test_a_preset_of_the_repository(root: Path) -> None:
    write_files(root, {"presets/python.yaml": PRESET, **FILES})
    spec = root / "services.yaml"
    spec.write_text(spec.read_text(encoding="utf-8") + "presets: [./presets/python.yaml]\n", encoding="utf-8")
    assert main(["-C", str(root)]) == 0
    assert 'TZ="UTC"' in _dockerfile(root)
    assert _dockerfile(root).endswith("LABEL acme=1\n")
    (root / "presets/docker/python.jinja").write_text(TEMPLATE.replace("acme=1", "acme=2"), encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 1, "what was rendered before is remembered by its templates too"


def test_it_is_taken_in_and_needs_no_network(
    root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _presets(root, "add", "--yes", platform.source()) == 0
    assert "+LABEL acme=1" in capsys.readouterr().out
    assert _vendored(root) == ["presets-docker-python.jinja", "presets-python.yaml", "shared-common.yaml"]
    platform.folder.rename(platform.folder.with_name("gone"))
    assert main(["-C", str(root), "--check"]) == 0
    assert _dockerfile(root).endswith("LABEL acme=1\n")


def test_it_is_compared_on_every_run(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    assert _presets(root, "add", "--yes", platform.source()) == 0
    [file] = (root / ".gen-dockerfiles/presets").glob("*.jinja")
    file.write_text(TEMPLATE.replace("acme=1", "acme=2"), encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 2
    assert "was changed after it was vendored" in capsys.readouterr().err


@pytest.mark.parametrize("change", ["changed", "gone"])
def test_it_is_compared_where_no_service_needs_it(
    root: Path, platform: Platform, capsys: pytest.CaptureFixture[str], change: str
) -> None:
    node = "{% extends 'templates/dockerfile/node.jinja' %}\n"
    platform.commit("templates: {node: ./node.jinja}\n", tag="v1", files={"presets/node.jinja": node})
    assert _presets(root, "add", "--yes", platform.source()) == 0
    [file] = (root / ".gen-dockerfiles/presets").glob("*node.jinja")
    if change == "gone":
        file.unlink()
    else:
        file.write_text(node + "{# harmless #}\n", encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 2
    told = capsys.readouterr().err
    assert f"{file.relative_to(root)}: {'cannot be read' if change == 'gone' else 'was changed after'}" in told
    assert _presets(root, "add", "--yes", platform.source()) == 0, "as the message says"
    assert main(["-C", str(root), "--check"]) == 0


def test_it_is_followed(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    assert _presets(root, "add", "--yes", platform.source()) == 0
    platform.commit(PRESET, tag="v2", files={"presets/docker/python.jinja": TEMPLATE.replace("acme=1", "acme=2")})
    assert _presets(root, "update", "--yes") == 0
    shown = capsys.readouterr().out
    assert "-LABEL acme=1" in shown
    assert "+LABEL acme=2" in shown
    assert "@v1" not in (root / LOCK).read_text(encoding="utf-8")
    platform.commit("description: nothing\n", tag="v3")
    assert _presets(root, "update", "--yes") == 0
    assert _vendored(root) == ["presets-python.yaml"]
    assert "acme" not in _dockerfile(root).replace("acme-platform", "")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"presets/docker/python.jinja": "RUN id\n"}, "stands in no block"),
        ({"presets/docker/python.jinja": TEMPLATE.replace("super", "service.nothing")}, "cannot be rendered for api"),
        ({"presets/docker/python.jinja": TEMPLATE.replace("runtime", "runtme")}, "there is no block 'runtme'"),
        ({"presets/python.yaml": "templates: {python: ./docker}\n"}, "does not end with .jinja"),
        ({"presets/python.yaml": "templates: {python: ./nowhere.jinja}\n"}, "does not exist"),
        ({"presets/python.yaml": "templates: {python: ../../x.jinja}\n"}, "leaves the repository"),
        ({"presets/python.yaml": "templates: {python: ./link.jinja}\n"}, "is a link or a folder"),
        ({"presets/python.yaml": "templates: {python: [x]}\n"}, "is not a file beside the preset"),
        ({"presets/python.yaml": "extends: [./docker/python.jinja]\n"}, "does not end with .yaml"),
    ],
)
def test_what_is_wrong_with_it(
    root: Path, platform: Platform, capsys: pytest.CaptureFixture[str], files: dict[str, str], message: str
) -> None:
    (platform.folder / "presets/link.jinja").symlink_to("docker/python.jinja")
    platform.commit(PRESET, tag="bad", files=files)
    before = snapshot(root)
    assert _presets(root, "add", "--yes", platform.source("bad")) == 2
    assert message in capsys.readouterr().err
    assert snapshot(root) == before


def test_authors_try_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the repository of presets, and in a case that names the preset as ./platform.yaml."""
    folder = tmp_path / "presets-of-acme"
    assert main(["presets", "init", "--defaults", str(folder)]) == 0
    preset = folder / "presets/platform.yaml"
    more = "extends: [../shared/common.yaml]\ntemplates: {python: ./docker/python.jinja}\n"
    preset.write_text(preset.read_text(encoding="utf-8") + more, encoding="utf-8")
    write_files(folder, FILES)
    validate = ["-C", str(folder), "presets", "validate", "presets/platform.yaml"]
    assert main([*validate, "--write"]) == 0
    assert main(validate) == 0
    case = (folder / "cases/minimal/services/api/Dockerfile").read_text(encoding="utf-8")
    assert 'TZ="UTC"' in case
    assert case.endswith("LABEL acme=1\n")
    (folder / "presets/docker/python.jinja").write_text(TEMPLATE.replace("super", "service.x"), encoding="utf-8")
    capsys.readouterr()
    assert main(validate) == 2
    assert capsys.readouterr().err.startswith("presets/docker/python.jinja:3:1: cannot be rendered for ")
