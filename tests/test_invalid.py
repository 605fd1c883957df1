"""Every folder of tests/invalid is a repository with one mistake, and `error.txt` is the whole output of the command.

`pytest --regenerate` rewrites the texts; read each as the user who gets it.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from generator.cli.app import main
from tests.support import INVALID, snapshot

NAMES = sorted(folder.name for folder in INVALID.iterdir() if folder.is_dir())


@pytest.mark.parametrize("name", NAMES)
def test_the_mistake_is_explained_and_nothing_is_written(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], regenerate: bool
) -> None:
    repository = tmp_path / name
    shutil.copytree(INVALID / name, repository, ignore=shutil.ignore_patterns("error.txt"))
    before = snapshot(repository)

    code = main(["-C", str(repository)])

    out, err = capsys.readouterr()
    if regenerate:
        (INVALID / name / "error.txt").write_text(err, encoding="utf-8")
    assert code == 2
    assert out == ""
    assert err == (INVALID / name / "error.txt").read_text(encoding="utf-8")
    assert snapshot(repository) == before


@pytest.mark.parametrize("name", NAMES)
def test_the_message_has_a_place_and_a_fix(name: str) -> None:
    lines = (INVALID / name / "error.txt").read_text(encoding="utf-8").splitlines()
    assert lines
    assert len(lines) % 2 == 0
    for problem, fix in zip(lines[::2], lines[1::2], strict=True):
        assert re.match(r"[\w./ -]*(Dockerfile|Pipfile|rc|version|\.\w+)(:[1-9]\d*:[1-9]\d*)?: ", problem), problem
        assert fix.startswith("  fix: ")
        assert len(problem) < 300
