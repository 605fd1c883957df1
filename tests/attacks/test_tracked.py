"""What a repository can do to the step that asks git and `.gitignore` which files belong to it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from generator.text.files import Repository
from generator.text.tracked import Entries, entries, files_below
from tests.support import write_files


def _git(root: Path, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, env=environment)


def test_no_program_of_its_settings_is_run(tmp_path: Path) -> None:
    program, mark = tmp_path / "program", tmp_path / "ran"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n", encoding="utf-8")
    program.chmod(0o755)
    root = write_files(tmp_path / "repository", {"a.txt": ""})
    _git(root, "init", "-q")
    _git(root, "add", ".")
    for key in ("core.fsmonitor", "core.pager", "core.editor", "core.askPass", "diff.external"):
        _git(root, "config", key, str(program))
    assert entries(Repository(root), ".").names == {".git/", "a.txt"}
    assert not mark.exists()


@pytest.mark.parametrize(
    "pattern",
    ["*a" * 200, "**/" * 200 + "b", "[" * 400, "a" * 100_000, "\\", "!", "[z-a]", "\x00", "(a+)+$"],
    ids=["stars", "folders", "brackets", "long", "escape", "negation", "range", "nul", "expression"],
)
def test_a_pattern_that_is_hostile_matches_nothing_and_ends(tmp_path: Path, pattern: str) -> None:
    name = "a" * 200
    root = write_files(tmp_path, {name: "", ".gitignore": f"{pattern}\nkept-out\n", "kept-out": ""})
    found = entries(Repository(root), ".")
    assert name in found.names
    assert found.ignored == {"kept-out"}


def test_a_broken_repository_of_git_counts_as_none(tmp_path: Path) -> None:
    root = write_files(tmp_path, {".git": "gitdir: /nowhere\n", "a.txt": "", "b.txt": "", ".gitignore": "b.txt\n"})
    found = entries(Repository(root), ".")
    assert found == Entries(
        names=frozenset({".git", ".gitignore", "a.txt"}), new=frozenset(), ignored=frozenset({"b.txt"})
    )


def test_a_circle_of_links_ends(tmp_path: Path) -> None:
    write_files(tmp_path, {"a/b/file": ""})
    (tmp_path / "a/b/again").symlink_to("..")
    assert [*files_below(Repository(tmp_path), "a", 100)] == ["a/b/file"]
