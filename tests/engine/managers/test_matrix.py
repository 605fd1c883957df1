"""Every package manager and layout: builds, runs, and keeps what it can between builds.

``pytest tests/engine/managers --publish`` writes what was measured to docs/managers.md.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from ..harness import BuildResult, Engine
from ..harness.index import package_index
from .cases import Case
from .matrix import CASES
from .table import Row, publish
from .work import Work

# Nothing that installs or compiles may be in a shipped image.
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
    """From the first build to the second identical one; the steps depend on each other, in this order."""
    with package_index(engine) as index:
        work = Work(engine, index, case, tmp_path / "repository", tag)
        row = Row(case.name, case.note)
        _first(work, row)
        _source_change(work, row)
        _version_bump(work, row)
        _changed_patch(work)
        _unrelated_changes(work)
        _stale_lock(work, row)
        _new_dependency(work, row)
        _emptied_cache(work, tmp_path / "scratch")
        _identical(work, row)
    publish(row, pytestconfig)


def _first(work: Work, row: Row) -> None:
    build = work.build("first")
    assert work.fetched, "nothing was fetched from the index"
    row.first = work.fetched
    assert work.case.answer in work.answer(build.tag)
    config = work.engine.inspect(build.tag, "image")["Config"]
    assert config["User"].split(":")[0] not in ("", "0", "root")
    files = work.engine.files_of_image(build.tag)
    interpreter = "bun" if "/usr/local/bin/bun" in files else ""
    found = {path for path in files if Path(path).name in TOOLS - {interpreter} and "/bin/" in path}
    assert found == set()
    assert [path for path in files for part in work.case.absent if part in path] == []
    if work.case.native:
        assert [path for path in files if work.case.native in path], f"no {work.case.native} in the image"


def _dependency_steps(build: BuildResult) -> list[str]:
    """The steps of the stages that install third-party packages, which were not cached."""
    steps = [step for stage in ("[deps ", "[prod-deps ", "[builder ") for step in build.matching(stage)]
    assert steps, "the build has no step that installs packages"
    return [step.name for step in steps if not step.cached]


def _source_change(work: Work, row: Row) -> None:
    work.edit(work.case.source)
    build = work.build("changed")
    assert _dependency_steps(build) == []
    assert [step.name for step in build.matching("[lock ") if not step.cached] == []
    assert build.executed
    row.source = work.fetched
    assert work.case.source.new in work.answer(build.tag)


def _version_bump(work: Work, row: Row) -> None:
    if work.case.bump is None:
        return
    work.edit(work.case.bump)
    work.lock()
    build = work.build()
    assert _dependency_steps(build) == []
    row.bump = work.fetched


def _changed_patch(work: Work) -> None:
    """A patch is part of what gets installed, and fetches nothing."""
    if work.case.patch is None:
        return
    work.edit(work.case.patch)
    work.lock()
    build = work.build("patched")
    assert [step for step in _dependency_steps(build) if step.startswith("[deps ")]
    assert work.fetched == []
    assert work.case.patch.new in work.answer(build.tag)


def _unrelated_changes(work: Work) -> None:
    if not work.case.unrelated:
        return
    work.build()
    work.edit(*work.case.unrelated)
    work.lock()
    build = work.build()
    # Not the runtime stage: it starts with a step that all images share, and that a test beside this one may run anew.
    stages = ("[deps ", "[prod-deps ", "[builder ", "[build ")
    assert [step.name for step in build.executed if step.name.startswith(stages)] == [], build.log
    assert work.fetched == []


def _stale_lock(work: Work, row: Row) -> None:
    work.edit(work.case.added)
    if not (work.case.locked and work.case.checked):
        return
    build = work.build(check=False)
    assert not build.ok, "the build took a stale lock file"
    assert work.refresh in build.log, build.log
    row.stale = True
    row.added = work.fetched  # Bun fetches first and compares then


def _new_dependency(work: Work, row: Row) -> None:
    work.lock()
    build = work.build()
    assert _dependency_steps(build)
    row.added = [*row.added, *work.fetched]
    assert row.added
    assert [name for name, _ in row.added if not name.startswith(work.case.addition)] == []


def _emptied_cache(work: Work, scratch: Path) -> None:
    work.empty_cache(scratch)
    work.install_again()
    build = work.build()
    assert _dependency_steps(build)
    assert work.fetched


def _identical(work: Work, row: Row) -> None:
    """What was built step by step before, and then at once from nothing."""
    first, second = (
        work.engine.files_of_image(work.build(name, no_cache=no_cache).tag)
        for name, no_cache in (("one", False), ("two", True))
    )
    different = {path for path in first | second if first.get(path) != second.get(path)}
    assert different - work.case.random == set()
    row.identical = len(first) - len(different)
