"""Contract: for every combination of answers, a fresh scaffold is byte for byte what `gen-dockerfiles` writes."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from generator.model.artefacts import ARTEFACTS
from generator.pipeline import plan
from generator.text import assets
from generator.usecases.starters import Answers, data_files, every_answer
from tests.contract.conftest import CopierProcess

ANSWERS = every_answer()
GENERATED = {artefact.name for artefact in ARTEFACTS}


def _name(answers: Answers) -> str:
    return "-".join([*answers["services"], *(str(value) for key, value in answers.items() if key != "services")])


def _holds(copier: CopierProcess, folder: Path, answers: Answers) -> None:
    copier.scaffold(folder, answers)
    planned = plan(folder)
    assert "".join(line for change in planned.changes for line in change.diff()) == ""
    assert planned.warnings == []
    generated = [file for file in folder.rglob("*") if file.name in GENERATED]
    assert len(generated) == 1 + 2 * len(answers["services"])
    text = (folder / "services.yaml").read_text(encoding="utf-8")
    assert "\n\n\n" not in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert len(yaml.safe_load(text)["services"]) == len(answers["services"])


@pytest.mark.parametrize("answers", ANSWERS, ids=_name)
def test_newest_copier(newest: CopierProcess, tmp_path: Path, answers: Answers) -> None:
    _holds(newest, tmp_path / "out", answers)


@pytest.mark.parametrize("answers", ANSWERS, ids=_name)
def test_oldest_copier(oldest: CopierProcess, tmp_path: Path, answers: Answers) -> None:
    _holds(oldest, tmp_path / "out", answers)


def test_the_range_is_the_promised_one(oldest: CopierProcess, newest: CopierProcess) -> None:
    assert oldest.version == "9.15.0"
    assert newest.version.startswith("9.")
    assert newest.version != oldest.version


def test_every_combination_of_answers_is_there() -> None:
    # For each of two presets: api, web, jobs, and what two or three of them have in common.
    assert len(ANSWERS) == 2 * (2 + 1 + 3 + 2 + 4 + 3 + 4)
    assert len({_name(answers) for answers in ANSWERS}) == len(ANSWERS)


def test_the_data_files_are_what_the_spec_resolves_to() -> None:
    folder = assets.ROOT / "templates" / "starters"
    assert {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()} == data_files()


def test_data_files_hold_no_jinja() -> None:
    for name, text in data_files().items():
        assert not any(mark in text for mark in ("{{", "{%", "{#")), name
