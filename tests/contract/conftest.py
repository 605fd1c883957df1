"""Copier at both ends of the supported range, each in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.text import assets

WORKER = Path(__file__).with_name("copier_worker.py")


class CopierProcess:
    """A running `copier_worker.py`. Starting Copier takes half a second; a project then takes a tenth."""

    def __init__(self, python: str, template: Path) -> None:
        self._process = subprocess.Popen(
            [python, str(WORKER), str(template)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.version: str = self._read()

    def scaffold(self, folder: Path, answers: Mapping[str, Any]) -> None:
        """Make a project in `folder` with these answers, and the defaults for what they leave out."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"folder": str(folder), "answers": answers}) + "\n")
        self._process.stdin.flush()
        assert self._read() == "done"

    def close(self) -> None:
        """End the process by ending its input."""
        self._process.communicate(timeout=30)

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the Copier process ended; its error is above"
        return json.loads(line)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the template tree to a plain folder: Copier would clone a git root for every project."""
    folder = tmp_path_factory.mktemp("template")
    shutil.copy(assets.ROOT / "copier.yml", folder)
    for name in ("templates", "presets"):
        shutil.copytree(assets.ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def newest(template: Path) -> Iterator[CopierProcess]:
    """Return the newest supported Copier: the one of the development environment."""
    process = CopierProcess(sys.executable, template)
    yield process
    process.close()


@pytest.fixture(scope="session")
def oldest(template: Path) -> Iterator[CopierProcess]:
    """Return the oldest supported Copier. `make test` installs it and names its interpreter."""
    python = os.environ.get("GEN_DOCKERFILES_OLDEST_COPIER", "")
    if not python:
        reason = "GEN_DOCKERFILES_OLDEST_COPIER names no interpreter; run make test"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    process = CopierProcess(python, template)
    yield process
    process.close()
