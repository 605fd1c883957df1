"""Fixtures of the engine tests. Without an engine the tests are skipped, or fail if an engine is required."""

import functools
import os
import re
import shlex
import shutil
import subprocess
import uuid
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from .harness import Compose, Engine
from .harness.repository import copy_shop

HERE = Path(__file__).parent
MINIMUM_ENGINE = 28

_projects = pytest.StashKey[list[Compose]]()


class ComposeFactory(Protocol):
    """The type of the fixture ``compose``: creates projects that are removed after the test."""

    def __call__(
        self,
        project_dir: Path,
        project_name: str = ...,
        *,
        files: Sequence[Path] = ...,
        ephemeral_ports: Mapping[str, int | Sequence[int]] | None = ...,
        environment: Mapping[str, str] | None = ...,
        profiles: Sequence[str] = ...,
    ) -> Compose:
        """Describe a project; its name gets a suffix that is unique to the test run."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--publish=FOLDER``, which keeps the measurements of package managers for docs/managers.md."""
    parser.addoption("--publish", default="", help="folder for the measurements of package managers")


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers of these tests."""
    config.addinivalue_line("markers", "engine: builds or runs something on a real Docker engine")
    config.addinivalue_line("markers", "xdist_group(name): tests that one worker of pytest-xdist runs")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test in this directory, and run each failed test again once.

    Builds that run at the same time can miss their cache (https://github.com/moby/buildkit/issues/4674). A wrong
    Dockerfile fails both times. The last line of pytest's output counts the reruns.
    """
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.engine)
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip the test if there is no engine, or fail it if an engine is required."""
    if item.path.is_relative_to(HERE) and (reason := _engine_problem()):
        if os.environ.get("CI") or os.environ.get("GEN_DOCKERFILES_REQUIRE_ENGINE") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach the state and the logs of a failed test's Compose projects to its report."""
    report = yield
    if report.when == "call" and report.failed:
        for project in item.stash.get(_projects, []):
            text = f"{project.state()}\n{project.logs()}"
            report.sections.append((f"compose {project.project_name}", text))
    return report


@functools.cache
def _environment() -> dict[str, str]:
    """Return the environment of this process, with the variables of ``engine.sh env`` for the unpacked engine."""
    environment = dict(os.environ)
    # Settings of the developer for Compose and buildx must not affect the tests.
    for name in [name for name in environment if name.startswith(("COMPOSE_", "BUILDX_"))]:
        del environment[name]
    lines = subprocess.run(["bash", str(HERE / "engine.sh"), "env"], capture_output=True, text=True, check=False).stdout
    for line in lines.splitlines():
        name, _, value = shlex.split(line)[1].partition("=")
        environment[name] = value.replace("$PATH", environment.get("PATH", ""))
    return environment


@functools.cache
def _engine_problem() -> str:
    """Return why there is no usable engine; empty if there is one."""
    hint = "run tests/engine/engine.sh up"
    environment = _environment()
    if shutil.which("docker", path=environment.get("PATH")) is None:
        return f"there is no docker command; {hint}"
    outputs = []
    for argv in (
        ["version", "--format", "{{.Server.Version}}"],
        ["buildx", "version"],
        ["compose", "version"],
    ):
        try:
            done = subprocess.run(
                ["docker", *argv],
                capture_output=True,
                text=True,
                env=environment,
                timeout=30,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"docker {argv[0]} does not answer; {hint}"
        if done.returncode:
            return f"docker {argv[0]} fails: {done.stderr.strip()}; {hint}"
        outputs.append(done.stdout.strip())
    if int(outputs[0].split(".")[0]) < MINIMUM_ENGINE:
        return f"the Docker engine is {outputs[0]}, {MINIMUM_ENGINE} or newer is needed; {hint}"
    return ""


@pytest.fixture(scope="session")
def run_id() -> str:
    """Return a short text that is unique to this test run, for names on the engine."""
    return uuid.uuid4().hex[:8]


@pytest.fixture(scope="session")
def engine(run_id: str) -> Iterator[Engine]:
    """Yield the engine; remove the containers and images of the test run at its end."""
    engine = Engine(_environment(), label=f"gen-dockerfiles.test={run_id}")
    yield engine
    engine.remove_leftovers()


@pytest.fixture
def tag(request: pytest.FixtureRequest, run_id: str) -> Callable[[str], str]:
    """Return a function that creates image references for this test only: ``tag("api")``."""

    def make(name: str = "image") -> str:
        return f"gen-dockerfiles-test/{_slug(request.node.name)}-{_slug(name)}:{run_id}"

    return make


@pytest.fixture
def compose(request: pytest.FixtureRequest, engine: Engine, run_id: str) -> Iterator[ComposeFactory]:
    """Yield a function that creates Compose projects with unique names; remove them and their volumes afterwards."""
    projects: list[Compose] = request.node.stash.setdefault(_projects, [])

    def make(
        project_dir: Path,
        project_name: str = "",
        *,
        files: Sequence[Path] = (),
        ephemeral_ports: Mapping[str, int | Sequence[int]] | None = None,
        environment: Mapping[str, str] | None = None,
        profiles: Sequence[str] = (),
    ) -> Compose:
        name = f"{_slug(project_name or request.node.name)}-{run_id}-{len(projects)}"
        project = Compose(
            engine,
            project_dir,
            name,
            files=files,
            ephemeral_ports=ephemeral_ports,
            environment=environment,
            profiles=profiles,
        )
        projects.append(project)
        return project

    yield make
    for project in reversed(projects):
        project.close()


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Path:
    """Copy the case ``shop`` with all its lock files, for tests that change it."""
    return copy_shop(engine, tmp_path / "shop")


@pytest.fixture(scope="session")
def running_shop(engine: Engine, run_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    """Yield the shop, built and healthy, for tests that do not change it."""
    root = copy_shop(engine, tmp_path_factory.mktemp("running") / "shop")
    project = Compose(engine, root, f"shop-{run_id}", ephemeral_ports={"web": 3000, "api": 8000})
    try:
        project.up(build=True)
        yield project
    finally:
        project.close()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-")
