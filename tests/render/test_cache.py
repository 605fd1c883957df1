"""What the cache may answer, and when it has to ask again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from generator.render import cache
from generator.render.entries import Kept
from generator.text import assets

REPOSITORY = Path(__file__).parent
VALUES: list[Any] = [{"services": {"api": {"name": "api"}}}]


class Maker:
    """Counts how often it is asked."""

    calls = 0

    def __call__(self) -> dict[str, str]:
        self.calls += 1
        return {"compose.yaml": f"made {self.calls}\n"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cache.FOLDER, str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_the_second_answer_is_the_first(folder: Path) -> None:
    make = Maker()
    assert (
        cache.remembered(VALUES, make, REPOSITORY)
        == cache.remembered(VALUES, make, REPOSITORY)
        == {"compose.yaml": "made 1\n"}
    )
    assert make.calls == 1
    assert len(list(folder.iterdir())) == 1


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({8: "x"}, {"8": "x"}),
        ({"v": 1}, {"v": True}),
        ({"v": 1}, {"v": 1.0}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"v": None}, {"v": "None"}),
    ],
)
def test_alike_is_not_the_same(left: dict[Any, Any], right: dict[Any, Any]) -> None:
    make = Maker()
    cache.remembered([left], make, REPOSITORY)
    cache.remembered([right], make, REPOSITORY)
    assert make.calls == 2


@pytest.mark.parametrize("damage", ["", "{", "{}", "[]", '"text"', '{"sha256": "0", "files": {}}', '{"files": {}}'])
def test_a_damaged_entry_is_made_again(folder: Path, damage: str) -> None:
    make = Maker()
    cache.remembered(VALUES, make, REPOSITORY)
    next(folder.iterdir()).write_text(damage)
    assert cache.remembered(VALUES, make, REPOSITORY) == {"compose.yaml": "made 2\n"}


def test_a_failure_is_not_remembered(folder: Path) -> None:
    def fail() -> dict[str, str]:
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            cache.remembered(VALUES, fail, REPOSITORY)
    assert not folder.exists()


def test_an_unwritable_folder_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kept").write_text("in the way")
    monkeypatch.setenv(cache.FOLDER, str(tmp_path / "kept"))
    assert cache.remembered(VALUES, Maker(), REPOSITORY) == {"compose.yaml": "made 1\n"}


def test_old_entries_make_room(folder: Path) -> None:
    for number in range(cache.KEPT + 3):
        cache.remembered([number], Maker(), REPOSITORY)
    assert len(list(folder.iterdir())) == cache.KEPT


def test_it_can_be_switched_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.DISABLE, "1")
    cache.remembered(VALUES, Maker(), REPOSITORY)
    assert not folder.exists()


@pytest.mark.usefixtures("folder")
def test_a_changed_template_is_another_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    template = tmp_path / "templates" / "a.jinja"
    template.parent.mkdir()
    template.write_text("one")
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    make = Maker()
    cache.remembered(VALUES, make, REPOSITORY)
    template.write_text("three")
    cache.remembered(VALUES, make, REPOSITORY)
    assert make.calls == 2


@pytest.mark.usefixtures("folder")
def test_a_known_project_needs_neither_pydantic_nor_jinja() -> None:
    case = Path(__file__).parents[1] / "cases" / "npm-plain"
    program = (
        "import sys; from generator.cli.app import main; code = main(['-C', sys.argv[1], '--check']);"
        "print(code, 'pydantic' in sys.modules, 'jinja2' in sys.modules)"
    )
    command = [sys.executable, "-c", program, str(case)]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2))
    assert first.split() == ["0", "True", "True"]
    assert second.split() == ["0", "False", "False"]


@pytest.mark.parametrize("damaged", [b"", b"MADE 1\n"])
def test_a_damaged_text_is_made_again(folder: Path, damaged: bytes) -> None:
    make = Maker()
    cache.remembered(VALUES, make, REPOSITORY)
    entry = next(folder.iterdir())
    entry.write_bytes(entry.read_bytes().replace(b"made 1\n", damaged))
    files = cache.remembered(VALUES, make, REPOSITORY)
    assert make.calls == 1, "no text has been asked for"
    assert files["compose.yaml"] == "made 2\n"


def test_what_is_on_disk_is_compared_without_its_text(folder: Path) -> None:
    cache.remembered(VALUES, Maker(), REPOSITORY)
    entry = next(folder.iterdir())
    files = cache.remembered(VALUES, Maker(), REPOSITORY)
    entry.unlink()
    assert isinstance(files, Kept)
    assert files.has("compose.yaml", b"made 1\n")
    assert not files.has("compose.yaml", b"made 1\r\n")
    assert not files.has("other.yaml", b"made 1\n")
