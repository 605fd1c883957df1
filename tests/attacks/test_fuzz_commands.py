"""As test_fuzz.py, for the arguments of every command, and for what a registry answers.

`docker` is a program that prints what was drawn. Where a command refuses something, no file has changed; what it has
accepted, `--check` finds up to date.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml
from hypothesis import strategies as st

from generator.lockfile.pin import LOCK
from tests.attacks.fuzz.commands import ANSWERS, ARGUMENTS, DEFAULT, LAYOUTS, LINES, PRESET, SHARED, Answer
from tests.attacks.fuzz.forms import yaml_text
from tests.attacks.fuzz.nodes import mutated
from tests.attacks.fuzz.running import SECONDS, Tally, isolate, restore, run_for
from tests.attacks.fuzz.specs import LOCK as IMAGES

_SHARE = 0.04 * SECONDS


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch, tmp_path)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make the folder of the repository."""
    (tmp_path / "shop").mkdir()
    return tmp_path / "shop"


class _Docker:
    """A program called docker that prints what the test says."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        program = folder / "docker"
        lines = ("#!/bin/sh", 'cd "${0%/*}"', "cat err >&2", "cat out", 'exit "$(cat code)"')
        program.write_text("\n".join(lines) + "\n", encoding="utf-8")
        program.chmod(0o755)

    def answers(self, answer: Answer) -> None:
        """Answer like this from now on."""
        for name, content in (("out", answer.out), ("err", answer.err), ("code", str(answer.code).encode())):
            (self._folder / name).write_bytes(content)


_IMAGES_SPEC = {
    "version": 1,
    "project": "p",
    "services": {
        "cache": {"kind": "image", "image": {"name": "redis", "tag": "7"}, "user": {"uid": 999, "gid": 999}},
        "web": {"kind": "image", "image": {"name": "nginx", "tag": "1.29"}, "user": {"uid": 101, "gid": 101}},
    },
}


def test_lock(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tally = Tally("lock")
    docker = _Docker(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")

    def check(drawn: tuple[str, str | None, Answer, list[str]]) -> None:
        spec, lock, answer, arguments = drawn
        files = {"services.yaml": spec, **({LOCK: lock} if lock is not None else {})}
        restore(root, {path: text.encode("utf-8", "surrogatepass") for path, text in files.items()})
        docker.answers(answer)
        tally.refuses_or_writes_all(root, "lock", *arguments)

    spec = st.just(yaml_text(_IMAGES_SPEC)) | mutated(_IMAGES_SPEC).map(yaml_text)
    lock = st.none() | mutated(IMAGES["images"]).map(lambda images: yaml_text({"version": 1, "images": images}))
    options = st.sampled_from([[], ["--upgrade"], ["--upgrade", "redis:7"]]) | ARGUMENTS.map(
        lambda text: ["--upgrade", text]
    )
    run_for(_SHARE, st.tuples(spec, lock, ANSWERS, options), check)
    print(tally)


def test_arguments(root: Path) -> None:
    tally = Tally("arguments")
    restore(root, {"services.yaml": LAYOUTS[0].encode(), PRESET: yaml.safe_dump(SHARED).encode()})
    (root / "presets/base.yaml").write_text(DEFAULT, encoding="utf-8")

    def check(line: list[str]) -> None:
        tally.refuses_or_works(root, *line)

    run_for(_SHARE / 2, LINES, check)
    print(tally)


def test_presets_init(tmp_path: Path) -> None:
    """Copier takes half a second for each, so these are few."""
    tally = Tally("presets init")
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "full/services.yaml").parent.mkdir()
    (tmp_path / "full/services.yaml").write_text("x", encoding="utf-8")
    odd = ("file/x", "a/b/c", "é", "\udcff", "{{ 1 }}", "x" * 300, "", " ", "-", "\x1b[31m", "~", "a\nb")
    for folder in ("new", "file", "full", *odd):
        tally.refuses_or_works(tmp_path, "presets", "init", "--defaults", "--", folder, ours=False)
    assert not (tmp_path / "presets").exists(), "a folder without a name is not the one of the caller"
    print(tally)
