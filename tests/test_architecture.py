"""The packages of the generator import in one direction; the contracts are in pyproject.toml."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _broken(root: Path) -> str:
    """Return the report on the package below `root`; empty if every contract is kept."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    # Wide enough that no name of a module is broken.
    environment = {**os.environ, "COLUMNS": "200"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def test_every_package_imports_only_those_below_it() -> None:
    report = _broken(ROOT)
    assert not report, report


def test_the_contracts_can_fail(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "generator", tmp_path / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    upward = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from generator.cli import app\n"
    (tmp_path / "generator" / "text" / "upward.py").write_text(upward, encoding="utf-8")
    (tmp_path / "generator" / "unplaced").mkdir()
    (tmp_path / "generator" / "unplaced" / "__init__.py").write_text("", encoding="utf-8")
    report = _broken(tmp_path)
    assert "generator.text.upward -> generator.cli.app" in report
    assert "unplaced" in report
