"""A package manager is its record, its template and its section of the base preset, and nothing else names it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from generator.detect import managers
from generator.detect.managers import MANAGERS, managers_of
from generator.model.install import Install
from generator.model.names import RUNTIMES
from generator.text.assets import PRESETS

PACKAGE = Path(managers.__file__).parents[2]
BASE = yaml.safe_load((PRESETS / "base.yaml").read_text(encoding="utf-8"))["managers"]

# A runtime as well, and everything may ask for that.
_RUNTIMES = {"bun"}


def test_every_runtime_has_managers() -> None:
    assert {runtime for record in MANAGERS.values() for runtime in record.runtimes} == set(RUNTIMES)
    assert managers_of("python") == ("uv", "pip", "poetry", "pdm", "pipenv")
    assert managers_of("bun") == ("bun",)
    assert managers_of("ruby") == ()


@pytest.mark.parametrize("name", MANAGERS)
def test_a_manager_has_a_template_and_its_facts(name: str) -> None:
    assert (PRESETS.parent / f"templates/dockerfile/managers/{name}.jinja").is_file()
    install = BASE[name]["install"]
    assert set(MANAGERS[name].required_facts) <= install.keys() <= Install.model_fields.keys()


def test_managers_with_one_lock_file_have_markers() -> None:
    names = [facts["install"]["lock"] for facts in BASE.values()]
    for name, facts in BASE.items():
        assert bool(MANAGERS[name].lock_marker) == (names.count(facts["install"]["lock"]) > 1), name


@pytest.mark.parametrize(
    "file",
    [file for file in sorted(PACKAGE.rglob("*.py")) if not file.is_relative_to(Path(managers.__file__).parent)],
    ids=lambda file: file.relative_to(PACKAGE).as_posix(),
)
def test_nothing_else_names_a_manager(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    named = texts & (MANAGERS.keys() - _RUNTIMES)
    assert not named


def test_detection_does_not_load_what_few_runs_need() -> None:
    heavy = {"pydantic", "packaging", "semantic_version", "jinja2"}
    code = f"import sys, generator.detect.detect; print(*({heavy} & sys.modules.keys()))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert run.stdout.split() == []
