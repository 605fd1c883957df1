"""Writing replaces every file or none, and leaves nothing beside them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from generator.output.compare import Change
from generator.output.write import write
from generator.text.errors import SpecError


def _change(path: str, new: str = "new\n", old: str | None = None) -> Change:
    return Change(path=path, old=old, new=new)


def test_folders_are_made(tmp_path: Path) -> None:
    write(tmp_path, [_change("a/b/c", "日本語\n")])
    assert (tmp_path / "a/b/c").read_bytes() == "日本語\n".encode()


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_modes(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text("old", encoding="utf-8")
    old.chmod(0o600)
    mask = os.umask(0o077)
    try:
        write(tmp_path, [_change("old", old="old"), _change("fresh")])
    finally:
        os.umask(mask)
    assert old.stat().st_mode & 0o777 == 0o600, "an existing file keeps its mode"
    assert (tmp_path / "fresh").stat().st_mode & 0o777 == 0o644


def test_line_ends_are_written_as_they_are(tmp_path: Path) -> None:
    write(tmp_path, [_change("f", "a\nb\n")])
    assert (tmp_path / "f").read_bytes() == b"a\nb\n"


@pytest.mark.parametrize("broken", ["replace", "chmod"])
def test_a_failure_in_the_middle_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    (tmp_path / "f").write_text("old\n", encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, broken, fail)
    with pytest.raises(SpecError, match="f: cannot be written: No space left on device"):
        write(tmp_path, [_change("f", old="old\n")])
    assert {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()} == {"f": "old\n"}


def test_an_interrupt_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "f").write_text("old\n", encoding="utf-8")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, [_change("f", old="old\n")])
    assert {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()} == {"f": "old\n"}


def test_those_before_a_failure_are_put_back(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("a file, where a folder is needed", encoding="utf-8")
    with pytest.raises(SpecError, match="b/c: cannot be written: File exists; nothing has been changed"):
        write(tmp_path, [_change("a"), _change("b/c"), _change("d")])
    assert [file.name for file in tmp_path.iterdir()] == ["b"]
