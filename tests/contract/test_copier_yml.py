"""Contract: `copier copy` needs no trust, asks little, and leaves nothing stale."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import copier
import yaml

from generator import __version__
from generator.cli import app as cli
from generator.model.artefacts import ARTEFACTS
from generator.render.environment import make_environment
from generator.text import assets

ROOT = assets.ROOT
CONFIG = yaml.safe_load((ROOT / "copier.yml").read_text())
UNSAFE = {"_tasks", "_migrations", "_jinja_extensions", "_external_data"}


def copy(destination: Path, template: Path, **data: object) -> None:
    """Run the real command, in which a template that needs trust is an error."""
    options = [f"--data={key}={v if isinstance(v, str) else json.dumps(v)}" for key, v in data.items()]
    command = [
        sys.executable,
        "-m",
        "copier",
        "copy",
        "--defaults",
        "--quiet",
        *options,
        str(template),
        str(destination),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "rust" not in result.stderr


def test_nothing_needs_trust() -> None:
    assert not UNSAFE & CONFIG.keys()


def test_the_release_is_this_one() -> None:
    assert CONFIG["release"]["default"] == f"v{__version__}"


def test_generated_files_have_one_writer() -> None:
    for artefact in ARTEFACTS:
        assert any(f"{artefact.name}{{% endif %}}" in pattern for pattern in CONFIG["_exclude"]), artefact.name


def test_the_environment_is_copiers(template: Path, tmp_path: Path) -> None:
    worker = copier.run_copy(str(template), tmp_path / "out", defaults=True, quiet=True, pretend=True)
    ours, theirs = make_environment(), worker.jinja_env
    for option in (
        *("block_start_string", "block_end_string", "variable_start_string", "variable_end_string"),
        *("comment_start_string", "comment_end_string", "line_statement_prefix", "line_comment_prefix"),
        *("trim_blocks", "lstrip_blocks", "newline_sequence", "keep_trailing_newline", "undefined", "autoescape"),
    ):
        assert getattr(ours, option) == getattr(theirs, option), option
    assert set(ours.filters) <= set(theirs.filters)


def test_the_command_line_needs_no_trust(template: Path, tmp_path: Path) -> None:
    copy(tmp_path / "out", template, project_name="a-b", services=["python"])
    assert yaml.safe_load((tmp_path / "out/services.yaml").read_text())["project"] == "a-b"


def test_a_second_copy_keeps_the_spec_and_what_is_generated(template: Path, tmp_path: Path) -> None:
    copy(tmp_path, template)
    spec = tmp_path / "services.yaml"
    spec.write_text(spec.read_text().replace("8000", "8080"))
    assert cli.main(["-C", str(tmp_path)]) == 0
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and "answers" not in file.name}
    copy(tmp_path, template)
    assert {file: file.read_bytes() for file in before} == before
    assert cli.main(["-C", str(tmp_path), "--check"]) == 0
