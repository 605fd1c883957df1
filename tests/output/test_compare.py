"""What counts as stale, what is in the way, and that a diff can be applied."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from generator.model.artefacts import MARK
from generator.output.compare import Change, changes
from generator.text.errors import SpecError

TEXT = f"# W{MARK}\nFROM x\n"


def _put(root: Path, path: str, content: bytes) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(content)


def test_missing_stale_and_equal(tmp_path: Path) -> None:
    _put(tmp_path, "same", TEXT.encode())
    _put(tmp_path, "stale", (TEXT + "\n").encode())
    found = changes(tmp_path, {"stale": TEXT, "same": TEXT, "new/file": TEXT}, force=False)
    assert found == [
        Change(path="new/file", old=None, new=TEXT),
        Change(path="stale", old=TEXT + "\n", new=TEXT),
    ]


@pytest.mark.parametrize(
    "content",
    [
        TEXT.replace("\n", "\r\n").encode(),
        TEXT[:-1].encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode() + b"\xff\xfe",
    ],
    ids=["line ends", "no final newline", "byte order mark", "not UTF-8"],
)
def test_every_byte_counts(tmp_path: Path, content: bytes) -> None:
    _put(tmp_path, "f", content)
    assert [change.path for change in changes(tmp_path, {"f": TEXT}, force=False)] == ["f"]


def test_a_file_without_the_mark_belongs_to_somebody(tmp_path: Path) -> None:
    _put(tmp_path, "mine", b"FROM y\n")
    with pytest.raises(SpecError, match="was not written by gen-dockerfiles"):
        changes(tmp_path, {"mine": TEXT}, force=False)
    assert [change.old for change in changes(tmp_path, {"mine": TEXT}, force=True)] == ["FROM y\n"]


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "services").symlink_to(outside)
    for force in (False, True):
        with pytest.raises(SpecError, match="services/Dockerfile: is a link out of the repository"):
            changes(root, {"services/Dockerfile": TEXT}, force=force)
    assert list(outside.iterdir()) == []


def test_a_link_within_the_repository_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert [change.path for change in changes(tmp_path, {"link/f": TEXT}, force=False)] == ["link/f"]


def test_all_problems_at_once(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    _put(tmp_path, "mine", b"x")
    with pytest.raises(SpecError) as caught:
        changes(tmp_path, {"folder": TEXT, "mine": TEXT, "mine/below": TEXT}, force=False)
    assert [problem.location.file for problem in caught.value.findings] == ["folder", "mine", "mine/below"]


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize(
    "old",
    [None, TEXT + "more\n", TEXT[:-1], TEXT.replace("FROM x", "FROM y"), TEXT + "a\x0cb\x85c\u2028d\n"],
    ids=["new file", "line removed", "no final newline", "line changed", "odd line ends"],
)
def test_the_diff_is_a_patch(tmp_path: Path, old: str | None) -> None:
    if old is not None:
        _put(tmp_path, "a b/Dockerfile", old.encode())
    (change,) = changes(tmp_path, {"a b/Dockerfile": TEXT}, force=True)
    patch = "".join(change.diff())
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "apply", "-"], input=patch.encode(), cwd=tmp_path, check=True)
    assert (tmp_path / "a b/Dockerfile").read_bytes() == TEXT.encode()
