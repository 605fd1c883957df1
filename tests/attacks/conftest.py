"""Fixtures of the tests with arbitrary input."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks.fuzz.running import isolate


@pytest.fixture
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a test away from the user's settings and folders, as `isolate` does."""
    isolate(monkeypatch, tmp_path)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make the folder of a repository."""
    (tmp_path / "shop").mkdir()
    return tmp_path / "shop"
