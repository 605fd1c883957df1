"""Contract: `copier copy` and the command render one tree to the same bytes, for any valid spec."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from generator.checks.validate import validate
from generator.pipeline import load
from generator.render.tree import render
from tests.contract.conftest import CopierProcess
from tests.strategies import specs

RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def in_memory(folder: Path, spec: dict[str, Any]) -> dict[str, str]:
    (folder / "services.yaml").write_text(json.dumps(spec, ensure_ascii=False), encoding="utf-8")
    return render(validate(load(folder, "services.yaml")))


@RELAXED
@given(spec=specs())
def test_newest_copier(newest: CopierProcess, tmp_path_factory: pytest.TempPathFactory, spec: dict[str, Any]) -> None:
    assert newest.render(spec) == in_memory(tmp_path_factory.mktemp("spec"), spec)


@RELAXED
@given(spec=specs())
def test_oldest_copier(oldest: CopierProcess, tmp_path_factory: pytest.TempPathFactory, spec: dict[str, Any]) -> None:
    assert oldest.render(spec) == in_memory(tmp_path_factory.mktemp("spec"), spec)


def test_the_range_is_the_promised_one(oldest: CopierProcess, newest: CopierProcess) -> None:
    assert oldest.version == "9.15.0"
    assert newest.version.startswith("9.")
    assert newest.version != oldest.version


CASES = sorted(Path(__file__).parents[1].glob("cases/*/services.yaml"))


@pytest.mark.parametrize("case", [case for case in CASES if "./" not in case.read_text()], ids=lambda c: c.parent.name)
def test_every_case(newest: CopierProcess, case: Path) -> None:
    spec = yaml.safe_load(case.read_text())
    expected = {path: (case.parent / path).read_text() for path in newest.render(spec)}
    assert newest.render(spec) == expected
