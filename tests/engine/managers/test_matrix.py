"""Every package manager and layout: its image builds and runs, and a rebuild fetches only what is new.

``pytest tests/engine/managers --publish FOLDER`` keeps the measurements for the table in docs/managers.md.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from ..harness import BuildResult, Engine
from ..harness.index import package_index
from .case_project import CaseProject
from .cases import Case
from .matrix import CASES
from .table import Row, publish

# Package managers and compilers, which must not be in a shipped image.
TOOLS = frozenset(
    [
        "pip",
        "pip3",
        "uv",
        "poetry",
        "pdm",
        "pipenv",
        "npm",
        "npx",
        "pnpm",
        "yarn",
        "corepack",
        "gcc",
        "cc",
        "g++",
        "make",
    ]
)


PARAMETERS = [pytest.param(case, marks=pytest.mark.xdist_group(case.name), id=case.name) for case in CASES]


@pytest.mark.parametrize("case", PARAMETERS)
def test_a_manager(
    engine: Engine, tmp_path: Path, tag: Callable[[str], str], case: Case, pytestconfig: pytest.Config
) -> None:
    """Build, run, change and rebuild the application. The checks depend on each other and run in this order."""
    with package_index(engine) as index:
        project = CaseProject(engine, index, case, tmp_path / "repository", tag)
        row = Row(case.name, case.note)
        _check_first_build(project, row)
        _check_source_change(project, row)
        _check_version_bump(project, row)
        _check_patch_change(project)
        _check_unrelated_changes(project)
        _check_stale_lock(project, row)
        _check_new_dependency(project, row)
        _check_empty_cache_mounts(project, tmp_path / "scratch")
        _check_reproducible(project, row)
    publish(row, pytestconfig)


def _check_first_build(project: CaseProject, row: Row) -> None:
    build = project.build("first")
    assert project.fetched, "nothing was fetched from the index"
    row.first = project.fetched
    response = project.response(build.tag)
    assert project.case.response in response
    assert project.case.binary in response
    config = project.engine.inspect(build.tag, "image")["Config"]
    assert config["User"].split(":")[0] not in ("", "0", "root")
    files = project.engine.files_of_image(build.tag)
    interpreter = "bun" if "/usr/local/bin/bun" in files else ""
    tools = {path for path in files if Path(path).name in TOOLS - {interpreter} and "/bin/" in path}
    assert tools == set()
    assert [path for path in files for part in project.case.absent_paths if part in path] == []
    if name := project.case.native_file:
        assert [path for path in files if name in path], f"no {name} in the image"
        assert len(build.matching(" rebuild ")) <= 1, "what takes minutes to compile is compiled once"


def _executed_install_steps(build: BuildResult) -> list[str]:
    """Return the steps that were not cached in the stages that install third-party packages."""
    steps = [step for stage in ("[deps ", "[prod-deps ", "[builder ") for step in build.matching(stage)]
    assert steps, "the build has no step that installs packages"
    return [step.name for step in steps if not step.cached]


def _check_source_change(project: CaseProject, row: Row) -> None:
    project.edit(project.case.source_change)
    build = project.build("changed")
    assert _executed_install_steps(build) == []
    assert [step.name for step in build.matching("[lock ") if not step.cached] == []
    assert build.executed
    row.source = project.fetched
    assert project.case.source_change.new in project.response(build.tag)


def _check_version_bump(project: CaseProject, row: Row) -> None:
    if project.case.version_bump is None:
        return
    project.edit(project.case.version_bump)
    project.lock()
    build = project.build()
    assert _executed_install_steps(build) == []
    row.bump = project.fetched


def _check_patch_change(project: CaseProject) -> None:
    """Check that a changed patch installs the packages again without fetching them."""
    if project.case.patch_change is None:
        return
    project.edit(project.case.patch_change)
    project.lock()
    build = project.build("patched")
    assert [step for step in _executed_install_steps(build) if step.startswith("[deps ")]
    assert project.fetched == []
    assert project.case.patch_change.new in project.response(build.tag)


def _check_unrelated_changes(project: CaseProject) -> None:
    if not project.case.unrelated_changes:
        return
    project.build()
    project.edit(*project.case.unrelated_changes)
    project.lock()
    build = project.build()
    stages = ("[deps ", "[prod-deps ", "[builder ", "[build ", "[runtime ")
    assert [step.name for step in build.executed if step.name.startswith(stages)] == [], build.log
    assert project.fetched == []


def _check_stale_lock(project: CaseProject, row: Row) -> None:
    project.edit(project.case.new_dependency)
    if not (project.case.has_lock and project.case.build_checks_lock):
        return
    build = project.build(check=False)
    assert not build.ok, "the build accepted a stale lock file"
    assert project.refresh_command in build.log, build.log
    row.stale = True
    row.added = project.fetched  # Bun fetches before it compares


def _check_new_dependency(project: CaseProject, row: Row) -> None:
    project.lock()
    build = project.build()
    assert _executed_install_steps(build)
    row.added = [*row.added, *project.fetched]
    assert row.added
    assert [name for name, _ in row.added if not name.startswith(project.case.new_file_prefix)] == []


def _check_empty_cache_mounts(project: CaseProject, scratch: Path) -> None:
    project.empty_cache_mounts(scratch)
    project.invalidate_installation()
    build = project.build()
    assert _executed_install_steps(build)
    assert project.fetched


def _check_reproducible(project: CaseProject, row: Row) -> None:
    """Compare the files of the incremental build with those of a build without any cache."""
    first, second = (
        project.engine.files_of_image(project.build(name, no_cache=no_cache).tag)
        for name, no_cache in (("one", False), ("two", True))
    )
    different = {path for path in first | second if first.get(path) != second.get(path)}
    assert different - project.case.random_files == set()
    row.identical = len(first) - len(different)
