"""Two services in one folder by a link are found where the folder is read; paths that are alike are for a rule."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.layers.library import Library
from generator.layers.resolve import resolve
from generator.text.documents import parse
from generator.text.errors import Finding
from generator.text.files import Repository
from tests.support import errors_of


def _errors(root: Path, *folders: str) -> list[Finding]:
    lines = [
        f"  {name}: {{kind: python, path: {folder}, command: [serve], ports: [{8000 + index}]}}"
        for index, (name, folder) in enumerate(zip("abcd", folders, strict=False))
    ]
    spec = parse("\n".join(["version: 1", "project: p", "services:", *lines]) + "\n", "services.yaml")
    return errors_of(resolve(spec, Library(root), Repository(root)))


@pytest.mark.parametrize("link", ["srv/other", "link/api"])
def test_a_folder_behind_a_link_is_that_of_the_other_service(tmp_path: Path, link: str) -> None:
    (tmp_path / "srv" / "api").mkdir(parents=True)
    (tmp_path / "srv" / "other").symlink_to("api")
    (tmp_path / "link").symlink_to("srv")
    (found,) = _errors(tmp_path, "srv/api", link)
    assert found.code == "path-taken"
    assert str(found.location) == "services.yaml:5:27"
    assert f"{link!r}, which is on the disk the folder 'srv/api' of a" in found.message


def test_folders_of_their_own_and_those_that_do_not_exist_are_let_through(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    assert _errors(tmp_path, "one", "two", "three", "four") == []


def test_one_path_twice_is_told_once_by_the_rule(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    assert _errors(tmp_path, "one", "one") == []


def test_a_disk_that_has_one_folder_for_two_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "long-name").mkdir()
    (tmp_path / "longn-1").mkdir()
    monkeypatch.setattr(Repository, "identity", lambda _self, _path: (1, 7))
    (found,) = _errors(tmp_path, "long-name", "longn-1")
    assert "which is on the disk the folder 'long-name' of a" in found.message


def test_a_disk_without_numbers_of_files_has_no_shared_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stat = Path.stat
    monkeypatch.setattr(Path, "stat", lambda path, **_: os.stat_result((stat(path)[0], 0, *stat(path)[2:])))
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert _errors(tmp_path, "one", "two") == []
