"""A repository that shares presets, and one that takes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cli.app import main
from tests.presets.repositories import SPEC, Platform


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path / "platform")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a repository with a spec and its generated files."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "services.yaml").write_text(SPEC, encoding="utf-8")
    assert main(["-C", str(folder)]) == 0
    return folder
