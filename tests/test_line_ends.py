"""A checkout with the line ends of Windows gives the same files, and the same messages at the same places."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.cli.app import main
from generator.model.artefacts import ARTEFACTS
from tests.support import CASES, HERE, INVALID, snapshot

APPS = HERE / "engine/apps"
GENERATED = tuple(artefact.name for artefact in ARTEFACTS)
REPOSITORIES = sorted(
    str(folder.relative_to(HERE))
    for parent in (CASES, INVALID, APPS)
    for folder in parent.iterdir()
    # One message counts the bytes of a file.
    if (folder / "services.yaml").is_file() and folder.name != "not-utf8"
)


def _told(source: Path, repository: Path, capsys: pytest.CaptureFixture[str], end: bytes) -> tuple[object, ...]:
    """Run the command on a copy with one kind of line ends; give its exit code, its output and what it writes."""
    shutil.copytree(source, repository, ignore=shutil.ignore_patterns("error.txt"))
    for file in repository.rglob("*"):
        if file.is_file() and b"\0" not in (content := file.read_bytes()):
            file.write_bytes(content.replace(b"\r\n", b"\n").replace(b"\n", end))
        if file.name.endswith(GENERATED) and source.parent != INVALID and file.is_file():
            file.unlink()
    before = snapshot(repository)
    code = main(["-C", str(repository)])
    out, err = capsys.readouterr()
    after = snapshot(repository)
    return code, out, err, {path: after[path] for path in after.keys() - before.keys()}


@pytest.mark.parametrize("name", REPOSITORIES)
def test_line_ends_make_no_difference(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unix = _told(HERE / name, tmp_path / "unix/repository", capsys, b"\n")
    windows = _told(HERE / name, tmp_path / "windows/repository", capsys, b"\r\n")
    assert windows == unix
