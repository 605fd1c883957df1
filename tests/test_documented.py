"""The specs of README.md and docs/presets.md give what these pages show: files, messages and explanations."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from generator.cli.app import main
from generator.detect.paths.heartbeats import celery_ping
from tests.support import HERE, write_files

ROOT = HERE.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PRESETS = (ROOT / "docs/presets.md").read_text(encoding="utf-8")
RUNNING = (ROOT / "docs/running.md").read_text(encoding="utf-8")
WORKERS = (ROOT / "docs/workers.md").read_text(encoding="utf-8")
FINDINGS = (ROOT / "docs/findings.md").read_text(encoding="utf-8")


def _block(page: str, language: str, start: str) -> str:
    """Return the fenced block of the page that begins with `start`."""
    [block] = [one for one in re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL) if one.startswith(start)]
    return str(block)


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


@pytest.fixture
def orders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Write the spec of README.md and its generated files, whose list is in README.md."""
    (tmp_path / "services.yaml").write_text(_block(README, "yaml", "version: 1"), encoding="utf-8")
    assert main(["-C", str(tmp_path)]) == 0
    assert f"    $ gen-dockerfiles\n{_indented(capsys.readouterr().out)}" in README
    return tmp_path


@pytest.mark.parametrize("start", ["# deps is", "# runtime is"])
def test_the_stages_of_the_readme(orders: Path, start: str) -> None:
    dockerfile = (orders / "services/api/Dockerfile").read_text(encoding="utf-8")
    assert dockerfile.count("\nFROM ") == 8
    for part in _block(README, "dockerfile", start).split("...\n"):
        assert part in dockerfile


def test_a_change_as_the_readme_shows_it(orders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = orders / "services.yaml"
    spec.write_text(
        spec.read_text(encoding="utf-8").replace("--port 8000", "--port 8000 --workers 2"), encoding="utf-8"
    )
    assert main(["-C", str(orders), "--check", "--diff"]) == 1
    output = capsys.readouterr()
    head, first, second = output.out.split("@@ -")
    assert first
    assert _indented(f"{head}@@ -{second}{output.err}") in README


def test_messages_of_the_readme(orders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = orders / "services.yaml"
    right = spec.read_text(encoding="utf-8")
    spec.write_text(right.replace("kind: image", "kind: imgae"), encoding="utf-8")
    assert main(["-C", str(orders)]) == 2
    message = _indented(capsys.readouterr().err)
    assert f"    $ gen-dockerfiles\n{message}" in README
    assert message in FINDINGS

    spec.write_text(right, encoding="utf-8")
    (orders / "services/api/Dockerfile").write_text("FROM scratch\n", encoding="utf-8")
    assert main(["-C", str(orders)]) == 2
    assert f"    $ gen-dockerfiles\n{_indented(capsys.readouterr().err)}" in README


def test_an_explanation_of_the_readme(orders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    preset = "description: x\n\n\n\nkinds:\n  python:\n    healthcheck: {interval: 10s}\n"
    (orders / "presets").mkdir()
    (orders / "presets/team.yaml").write_text(preset, encoding="utf-8")
    spec = orders / "services.yaml"
    text = spec.read_text(encoding="utf-8").replace("[base]", "[base, ./presets/team.yaml]")
    spec.write_text(text, encoding="utf-8")
    assert main(["-C", str(orders), "explain", "api", "healthcheck.interval"]) == 0
    assert _indented(capsys.readouterr().out) in README


@pytest.fixture
def payments(tmp_path: Path) -> Path:
    """Write the spec and the team's preset of docs/presets.md."""
    (tmp_path / "presets").mkdir()
    preset = _block(PRESETS, "yaml", "description: How team payments")
    (tmp_path / "presets/team.yaml").write_text(preset, encoding="utf-8")
    (tmp_path / "services.yaml").write_text(_block(PRESETS, "yaml", "version: 1"), encoding="utf-8")
    return tmp_path


def test_what_the_presets_of_a_team_give(payments: Path) -> None:
    assert main(["-C", str(payments)]) == 0
    image = "registry.example.com/mirror/python:3.12-slim-trixie"
    assert f"`{image}`" in PRESETS
    api, jobs = ((payments / f"services/{name}/Dockerfile").read_text(encoding="utf-8") for name in ("api", "jobs"))
    for text in (api, jobs):
        assert f"FROM {image} AS base" in text
        assert 'LABEL org.opencontainers.image.vendor="Payments"' in text
    assert "id=netrc" in api
    assert "id=netrc" not in jobs
    compose = yaml.safe_load((payments / "compose.yaml").read_text(encoding="utf-8"))["services"]
    given = {name: (one["mem_limit"], one["cpus"]) for name, one in compose.items()}
    assert given == {"api": ("1g", 1.0), "jobs": ("2g", 2.0)}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("built:\n", "bilt:\n"),
        ("\n\nbuilt:", "\nextends: [./presets/common.yaml]\nbuilt:"),
    ],
)
def test_mistakes_in_a_preset(payments: Path, right: str, wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    preset = payments / "presets/team.yaml"
    preset.write_text(preset.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
    assert main(["-C", str(payments)]) == 2
    assert _indented(capsys.readouterr().err) in PRESETS


def test_the_heartbeat_of_celery_is_that_of_the_shop() -> None:
    """The engine tests run the shop's worker: it becomes healthy by this file."""
    shop = HERE / "cases/shop/services/jobs/shop_jobs/heartbeat.py"
    assert _block(WORKERS, "python", '"""A file whose age') == shop.read_text(encoding="utf-8")


def test_the_check_of_celery_is_that_of_the_fix() -> None:
    """The engine tests run it as `generator/detect/paths/heartbeats.py` gives it."""
    check = yaml.safe_load(_block(WORKERS, "yaml", "    healthcheck:\n"))["healthcheck"]
    assert check == celery_ping("shop_jobs.app")


def test_one_image_as_documented(tmp_path: Path) -> None:
    services = yaml.safe_load(_block(RUNNING, "yaml", "services:\n  web:\n    kind: python\n    path: backend"))
    write_files(tmp_path, {"services.yaml": {"version": 1, "project": "shop", **services}})
    assert main(["-C", str(tmp_path)]) == 0
    compose = yaml.safe_load((tmp_path / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert [name for name, service in compose.items() if "build" in service] == ["web"]
    assert {service.get("image") for service in compose.values()} == {None, "${COMPOSE_PROJECT_NAME}-web"}
    assert compose["worker"]["volumes"] == compose["web"]["volumes"] == ["web-media:/app/media"]
