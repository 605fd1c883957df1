"""What holds for every program that a Dockerfile may get."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.scripts.run import SCRIPTS
from tests.support import CASES

NAMES = sorted(file.name for file in SCRIPTS.iterdir() if file.is_file())


def _golden() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(CASES.rglob("*Dockerfile")))


@pytest.mark.parametrize("name", NAMES)
def test_a_program_fits_into_a_heredoc(name: str) -> None:
    text = (SCRIPTS / name).read_text(encoding="utf-8")
    assert not [mark for mark in ("{{", "{%", "{#") if mark in text], "it would be taken for Jinja"
    assert not re.search(r"^(?:SCRIPT|PROBE)$", text, re.MULTILINE), "it would end the heredoc"
    assert not re.search(r"^from\s", text, re.MULTILINE | re.IGNORECASE), "linters by line would take it for FROM"
    assert not [line for line in text.splitlines() if len(line) > 120]
    assert text.endswith("\n")


@pytest.mark.parametrize("name", NAMES)
def test_a_program_is_inserted_whole(name: str) -> None:
    assert f'\n{(SCRIPTS / name).read_text(encoding="utf-8")}' in _golden(), f"no case has {name}"


def test_a_project_and_a_workspace_keep_the_same_keys() -> None:
    kept = {re.search(r"const kept = `.*?`", _text(name), re.DOTALL) for name in ("manifest", "workspace")}
    assert len({found and found[0] for found in kept}) == 1


def _text(name: str) -> str:
    return Path(SCRIPTS / f"reduce_{name}.cjs").read_text(encoding="utf-8")
