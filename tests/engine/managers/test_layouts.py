"""Layouts beside those of the matrix: they build and run, a code change installs nothing, a stale lock file fails."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ..harness import Engine
from ..harness.index import package_index
from .case_project import CaseProject
from .cases import Case
from .layout_cases import LAYOUTS

PARAMETERS = [pytest.param(case, marks=pytest.mark.xdist_group(case.name), id=case.name) for case in LAYOUTS]


@pytest.mark.parametrize("case", PARAMETERS)
def test_a_layout(engine: Engine, tmp_path: Path, tag: Callable[[str], str], case: Case) -> None:
    with package_index(engine) as index:
        project = CaseProject(engine, index, case, tmp_path / "repository", tag)
        first = project.build("first")
        response = project.response(first.tag)
        assert case.response in response
        assert case.binary in response
        shipped = engine.files_of_image(first.tag)
        assert [path for path in shipped for part in case.absent_paths if part in path] == []

        project.edit(case.source_change)
        changed = project.build("changed")
        assert project.fetched == []
        steps = [step for stage in ("[lock ", "[deps ", "[prod-deps ") for step in changed.matching(stage)]
        assert [step.name for step in steps if not step.cached] == []
        assert steps
        assert case.source_change.new in project.response(changed.tag)

        project.edit(case.new_dependency)
        stale = project.build(check=False)
        assert not stale.ok
        assert project.refresh_command in stale.log
