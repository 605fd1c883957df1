"""A server, a worker, beat and a migration on the image of one code base, from the first `up` to the second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from .harness import Compose, Engine, http_get
from .harness.one_code_base import files, services
from .harness.repository import write_files, write_spec

ROLES = ("web", "worker", "mails", "beat", "migrate")
HEALTHY = dict.fromkeys(("web", "worker", "mails", "beat", "db", "queue"), "healthy")
HANG_SECONDS = 150
"""Above the age of a heartbeat, and above three intervals and timeouts of either health check."""
# To every process of the worker, and not to the init above them or to this one.
_SIGNAL = """\
import os, pathlib, signal
for one in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
    if one.parent.name not in ("1", str(os.getpid())) and b"celery" in one.read_bytes():
        os.kill(int(one.parent.name), signal.{})
"""

pytestmark = pytest.mark.xdist_group("one-code-base")


@pytest.fixture(scope="module")
def shop(engine: Engine, run_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    """Yield the services as one `up --build --wait` starts them, with nothing built before."""
    root = tmp_path_factory.mktemp("one-code-base")
    write_files(root, files())
    write_spec(root, services())
    project = Compose(
        engine,
        root,
        f"one-code-base-{run_id}",
        ephemeral_ports={"web": 8000},
        environment={"POSTGRES_PASSWORD": run_id},
    )
    try:
        project.up(build=True, wait_timeout=240)
        yield project
    finally:
        project.close()


def _until(done: Callable[[], bool], seconds: float) -> bool:
    """Say whether something comes true within some seconds."""
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.5)
    return done()


def _count(shop: Compose, name: str) -> int:
    return int(http_get(shop.url("web", 8000, f"/seen/{name}")).body)


def _health(shop: Compose) -> dict[str, str]:
    return {name: one.health for name, [one] in shop.ps().items() if one.health}


def test_one_image_is_built_and_the_migration_has_ended_first(shop: Compose) -> None:
    assert [name for name, one in shop.config()["services"].items() if "build" in one] == ["web"]
    facts = {name: shop.inspect(name) for name in ROLES}
    assert len({one["Image"] for one in facts.values()}) == 1
    assert facts["migrate"]["State"]["ExitCode"] == 0
    assert facts["migrate"]["State"]["FinishedAt"] < facts["web"]["State"]["StartedAt"]
    assert _health(shop) == HEALTHY


def test_a_task_of_the_server_runs_in_the_worker(shop: Compose) -> None:
    http_get(shop.url("web", 8000, "/send/first"))
    assert _until(lambda: _count(shop, "first-done") == 1, 30)
    assert "orders.tasks.slow" in shop.logs("worker")


def test_beat_keeps_its_schedule_below_a_root_that_is_read_only(shop: Compose) -> None:
    assert _until(lambda: _count(shop, "tick") >= 2, 30)
    assert shop.inspect("beat")["HostConfig"]["ReadonlyRootfs"]
    written = shop.exec("beat", ["python", "-c", "import os; print(os.listdir('/var/lib/celery'))"]).stdout
    assert "schedule" in written


def test_a_second_up_recreates_nothing_and_migrates_nothing(shop: Compose) -> None:
    before = {name: shop.inspect(name)["Id"] for name in (*ROLES, "db", "queue")}
    started = shop.inspect("worker")["State"]["StartedAt"]
    shop.up(build=True, wait_timeout=120)
    assert {name: shop.inspect(name)["Id"] for name in before} == before
    assert shop.inspect("worker")["State"]["StartedAt"] == started
    assert shop.inspect("migrate")["State"]["ExitCode"] == 0
    assert "No migrations to apply." in shop.logs("migrate")


def test_a_stop_lets_the_running_task_finish(shop: Compose) -> None:
    http_get(shop.url("web", 8000, "/send/last"))
    assert _until(lambda: _count(shop, "last-started") == 1, 30)
    assert shop.stop("worker").exit_code == 0
    assert _count(shop, "last-done") == 1
    shop.up("worker")
    assert shop.container("worker").health == "healthy"


def test_a_worker_that_is_killed_is_started_again(shop: Compose) -> None:
    """Only its init is left to end, and Docker starts the container again."""
    before = shop.inspect("worker")["RestartCount"]
    shop.exec("worker", ["python", "-c", _SIGNAL.format("SIGKILL")], check=False)
    assert _until(lambda: shop.inspect("worker")["RestartCount"] > before, 30)
    assert _until(lambda: shop.container("worker").health == "healthy", 60)


def test_a_worker_that_hangs_is_unhealthy_until_it_is_started_again(engine: Engine, shop: Compose) -> None:
    """The container runs on, and nothing takes tasks: by the age of the file, and for the other worker by no answer."""
    workers = ("worker", "mails")
    for name in workers:
        shop.exec(name, ["python", "-c", _SIGNAL.format("SIGSTOP")])
    assert _until(lambda: {shop.container(name).health for name in workers} == {"unhealthy"}, HANG_SECONDS)
    for name in workers:
        engine.run("restart", "--time=1", shop.container(name).container)
    assert _until(lambda: {shop.container(name).health for name in workers} == {"healthy"}, 60)
