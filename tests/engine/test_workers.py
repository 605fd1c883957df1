"""Workers and schedulers on every framework for Python, by what the presets and docs/workers.md say of each."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from .harness import Compose, Engine
from .harness.repository import write_files, write_spec
from .harness.worker_services import BLOCKED, SCHEDULERS, WORKERS, files, services

pytestmark = pytest.mark.xdist_group("workers")


# Stops the process that takes tasks: of Dramatiq and taskiq a child of the one that Docker has started.
_STOP = """\
import os, pathlib, signal, sys
parents, names = {}, {}
for folder in pathlib.Path("/proc").glob("[0-9]*"):
    parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    names[int(folder.name)] = (folder / "cmdline").read_bytes()
[main] = [one for one, parent in parents.items() if parent == 1]
children = [one for one, parent in parents.items() if parent == main and b"resource_tracker" not in names[one]]
for one in children if sys.argv[1] == "children" else [main]:
    os.kill(one, signal.SIGSTOP)
"""


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


def _unhealthy(fleet: Compose, names: set[str], seconds: float) -> set[str]:
    """Return those of all workers that are unhealthy: when the named ones are, at the latest after some seconds."""
    end = time.monotonic() + seconds
    while True:
        found = {name for name, [one] in fleet.ps().items() if name in WORKERS and one.health == "unhealthy"}
        if found >= names or time.monotonic() > end:
            return found
        time.sleep(1)


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
    """Each worker takes a task, and is stopped in it. Those that follow have to start them again."""
    health = {name: fleet.container(name).health for name in WORKERS}
    assert health == dict.fromkeys(WORKERS, "healthy")
    fleet.run("run", "--rm", "--no-deps", "send")
    assert _wait(fleet, "started:*", set(WORKERS), 30) == set(WORKERS)
    with ThreadPoolExecutor(len(WORKERS)) as pool:
        stopped = dict(zip(WORKERS, pool.map(fleet.stop, WORKERS), strict=True))
    assert {name: one.exit_code for name, one in stopped.items()} == dict.fromkeys(WORKERS, 0)
    assert _keys(fleet, "done:*") == set(WORKERS)


def test_a_worker_that_hangs_is_unhealthy(fleet: Compose) -> None:
    """By a task that does not end, where it runs in what tells that the worker lives; and by a process that stops."""
    fleet.up(*WORKERS, wait_timeout=240)
    fleet.run("run", "--rm", "--no-deps", "send", "python", "-m", "shop.send", "hang")
    assert _wait(fleet, "hung:*", set(WORKERS), 30) == set(WORKERS)
    assert _unhealthy(fleet, set(BLOCKED), 240) == set(BLOCKED)
    others = set(WORKERS) - set(BLOCKED)
    for name in others:
        fleet.exec(name, ["python", "-c", _STOP, "children" if name == "dramatiq" else "main"])
    assert _unhealthy(fleet, set(WORKERS), 150) == set(WORKERS)
