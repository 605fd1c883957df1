"""Workers and schedulers on every framework for Python, by what the presets and docs/workers.md say of each."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from .harness import Compose, Engine
from .harness.repository import write_files, write_spec
from .harness.worker_services import SCHEDULERS, WORKERS, files, services

pytestmark = pytest.mark.xdist_group("workers")


@pytest.fixture(scope="module")
def fleet(engine: Engine, run_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    """Yield the workers and schedulers, healthy. Compose builds the one image for `send`, which starts only later."""
    root = tmp_path_factory.mktemp("workers")
    write_files(root, files())
    write_spec(root, services())
    project = Compose(engine, root, f"workers-{run_id}")
    try:
        project.build("send")
        project.up("queue", *WORKERS, *(f"{name}-cron" for name in SCHEDULERS), wait_timeout=240)
        yield project
    finally:
        project.close()


def _keys(fleet: Compose, pattern: str) -> set[str]:
    lines = fleet.exec("queue", ["redis-cli", "--raw", "keys", pattern]).stdout.split()
    return {line.partition(":")[2] for line in lines}


def _wait(fleet: Compose, pattern: str, names: set[str], seconds: float) -> set[str]:
    """Return the names that are there, at the latest after some seconds."""
    end = time.monotonic() + seconds
    while (found := _keys(fleet, pattern)) < names and time.monotonic() < end:
        time.sleep(0.3)
    return found


def test_one_image_is_built_once(fleet: Compose) -> None:
    built = [name for name, one in fleet.config()["services"].items() if "build" in one]
    assert built == ["send"]
    images = {fleet.inspect(name)["Image"] for name in WORKERS}
    assert len(images) == 1


def test_every_scheduler_sends(fleet: Compose) -> None:
    assert _wait(fleet, "ticks:*", set(SCHEDULERS), 90) == set(SCHEDULERS)
    health = {name: fleet.container(f"{name}-cron").health for name in SCHEDULERS}
    assert health == dict.fromkeys(SCHEDULERS, "healthy")


def test_a_stop_lets_the_running_task_finish(fleet: Compose) -> None:
    """Each worker takes a task, and is stopped in it; a worker that hangs is told apart. Last use of the workers."""
    health = {name: fleet.container(name).health for name in WORKERS}
    assert health == dict.fromkeys(WORKERS, "healthy")
    fleet.run("run", "--rm", "--no-deps", "send")
    assert _wait(fleet, "started:*", set(WORKERS), 30) == set(WORKERS)
    with ThreadPoolExecutor(len(WORKERS)) as pool:
        stopped = dict(zip(WORKERS, pool.map(fleet.stop, WORKERS), strict=True))
    assert {name: one.exit_code for name, one in stopped.items()} == dict.fromkeys(WORKERS, 0)
    assert _keys(fleet, "done:*") == set(WORKERS)
