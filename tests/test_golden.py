"""Every case renders to the files that are committed beside its spec. `pytest --regenerate` rewrites them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.layers.library import built_in
from generator.model.artefacts import ARTEFACTS, MARK
from generator.output.compare import changes
from generator.output.write import write
from generator.pipeline import plan
from generator.render.tree import render
from tests.support import CASES, case_names, project_of

GENERATED = tuple(artefact.name for artefact in ARTEFACTS)


def _is_generated(name: str) -> bool:
    return name.endswith(GENERATED)


_HEREDOC = re.compile(r'(?<=<<")(SCRIPT|PROBE)".*?^\1$', re.DOTALL | re.MULTILINE)


def _rendered(name: str) -> dict[str, str]:
    resolved, project = project_of(name)
    return render(project, resolved.overrides)


def _on_disk(root: Path) -> list[str]:
    return sorted(str(file.relative_to(root)) for file in root.rglob("*") if _is_generated(file.name))


@pytest.mark.parametrize("name", case_names())
def test_case_renders_to_its_committed_tree(name: str, regenerate: bool) -> None:
    root = CASES / name
    files = _rendered(name)
    if regenerate:
        write(root, changes(root, files, force=True))
        for stray in set(_on_disk(root)) - set(files):
            (root / stray).unlink()
    stale = "".join(line for change in changes(root, files, force=False) for line in change.diff())
    assert not stale, f"run pytest --regenerate if this is meant:\n{stale}"
    assert _on_disk(root) == sorted(files), "a generated file that nothing generates any more"


@pytest.mark.parametrize("name", case_names())
def test_rendered_text_is_tidy(name: str) -> None:
    for path, text in _rendered(name).items():
        lines = text.split("\n")
        assert MARK in text[:200], path
        assert lines[-1] == "", f"{path} has no final newline"
        assert lines[-2] != "", f"{path} ends with an empty line"
        assert not [line for line in lines if line != line.rstrip()], f"{path} has trailing blanks"
        # Programs in heredocs are formatted by the rules of their own languages.
        assert "\n\n\n" not in _HEREDOC.sub("", text), f"{path} has two empty lines in a row"
        assert "\t" not in text, f"{path} has a tab"
        assert "\r" not in text, f"{path} has a carriage return"


# What cannot be split, and is as long as the spec says: a user's own words, and a reference with its digest.
_UNSPLITTABLE = re.compile(r"^(?:CMD |  CMD |LABEL |ENV |FROM \S+@sha256:)")


@pytest.mark.parametrize("name", case_names())
def test_lines_fit_on_a_screen(name: str) -> None:
    for path, text in _rendered(name).items():
        if path.endswith("compose.yaml"):
            continue
        long = [line for line in text.splitlines() if len(line) > 120 and not _UNSPLITTABLE.match(line)]
        assert not long, f"{path} has lines over 120 characters"


def test_a_stale_golden_fails(tmp_path: Path) -> None:
    (tmp_path / "services.yaml").write_bytes((CASES / "npm-plain" / "services.yaml").read_bytes())
    write(tmp_path, plan(tmp_path).changes)
    assert plan(tmp_path).changes == []
    compose = tmp_path / "compose.yaml"
    compose.write_text(compose.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert [change.path for change in plan(tmp_path).changes] == ["compose.yaml"]


def test_the_cases_use_every_preset_that_ships() -> None:
    texts = "".join((CASES / name / "services.yaml").read_text(encoding="utf-8") for name in case_names())
    assert [preset for preset in built_in() if preset not in texts] == []
