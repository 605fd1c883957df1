"""A Django shop whose server, worker, scheduler and migration run one image, as docs/running.md has them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from .harness import Compose, Engine, http_get
from .harness.django_shop import services, write_code
from .harness.repository import write_spec

RUNNING = ("web", "worker", "asked", "beat")

pytestmark = pytest.mark.xdist_group("django-shop")

# The process of Celery that the others are children of, seen from inside of the container.
_MAIN = """\
import os, pathlib, signal, sys
for stat in sorted(pathlib.Path("/proc").glob("[0-9]*/cmdline"), key=lambda one: int(one.parent.name)):
    words = stat.read_bytes().split(b"\\0")
    if words[0].endswith(b"python") and words[1].endswith(b"celery"):
        os.kill(int(stat.parent.name), signal.Signals[sys.argv[1]])
        break
else:
    sys.exit("no process of Celery")
"""


@pytest.fixture(scope="module")
def shop(engine: Engine, run_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    """Yield the shop after `docker compose up --build --wait`, with no image of it before."""
    root = tmp_path_factory.mktemp("django-shop")
    write_code(engine, root)
    write_spec(root, services())
    environment = {"POSTGRES_PASSWORD": run_id}
    project = Compose(engine, root, f"django-shop-{run_id}", ephemeral_ports={"web": 8000}, environment=environment)
    try:
        project.up(build=True, wait_timeout=180)
        yield project
    finally:
        project.close()


def _eventually(check: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not (found := check()) and time.monotonic() < end:
        time.sleep(0.3)
    return found


def _order(shop: Compose) -> str:
    return http_get(shop.url("web", 8000, "/order")).text


def _started(shop: Compose, order: str) -> bool:
    return shop.exec("web", ["test", "-e", f"/app/media/started-{order}"], check=False).returncode == 0


def _mailed(shop: Compose, order: str) -> bool:
    return http_get(shop.url("web", 8000, f"/mailed/{order}")).text == "True"


def test_one_image_runs_four_processes(shop: Compose) -> None:
    built = [name for name, one in shop.config()["services"].items() if "build" in one]
    assert built == ["web"]
    assert len({shop.inspect(name)["Image"] for name in (*RUNNING, "migrate")}) == 1
    assert {name: shop.container(name).health for name in RUNNING} == dict.fromkeys(RUNNING, "healthy")
    assert shop.container("migrate").exit_code == 0
    ended, began = shop.inspect("migrate")["State"]["FinishedAt"], shop.inspect("web")["State"]["StartedAt"]
    assert ended < began


def test_the_image_has_the_assets_that_npm_builds_and_not_npm(shop: Compose) -> None:
    assert "The shop" in shop.exec("web", ["cat", "/app/shop/static/ui/shop.js"]).stdout
    assert (
        shop.exec(
            "web", ["sh", "-c", "command -v node npm; find / -name esbuild -not -path '/proc/*'"], check=False
        ).stdout
        == ""
    )


def test_a_task_runs_and_the_scheduler_sends(shop: Compose) -> None:
    order = _order(shop)
    assert _eventually(lambda: _mailed(shop, order), 30)
    assert _eventually(lambda: shop.exec("web", ["test", "-e", "/app/media/ticked"], check=False).returncode == 0, 30)


def test_a_second_up_migrates_nothing_and_recreates_nothing(shop: Compose) -> None:
    before = {name: shop.inspect(name)["Id"] for name in ("web", "worker", "beat", "db", "queue")}
    shop.run("up", "--detach")
    assert _eventually(lambda: shop.container("migrate").state == "exited", 60)
    assert shop.container("migrate").exit_code == 0
    assert "No migrations to apply" in shop.logs("migrate")
    assert {name: shop.inspect(name)["Id"] for name in before} == before


def test_the_schedule_is_below_a_root_that_is_read_only(shop: Compose) -> None:
    assert shop.inspect("beat")["HostConfig"]["ReadonlyRootfs"]
    kept = [mount["Destination"] for mount in shop.inspect("beat")["Mounts"] if mount["RW"]]
    assert "/var/lib/celery" in kept
    listed = shop.exec("beat", ["python", "-c", "import os; print(os.listdir('/var/lib/celery'))"]).stdout
    assert "schedule" in listed


@pytest.mark.parametrize("name", ["worker", "asked"])
def test_a_worker_that_hangs_is_unhealthy_and_one_that_dies_comes_back(shop: Compose, name: str) -> None:
    """By the age of the heartbeat, and by a worker that does not answer."""
    shop.exec(name, ["python", "-c", _MAIN, "SIGSTOP"])
    assert _eventually(lambda: shop.container(name).health == "unhealthy", 90)
    shop.exec(name, ["python", "-c", _MAIN, "SIGKILL"])
    assert _eventually(lambda: shop.container(name).health == "healthy", 60)


def test_a_stop_lets_the_running_task_finish(shop: Compose) -> None:
    """Last use of the worker."""
    order = _order(shop)
    assert _eventually(lambda: _started(shop, order), 30)
    assert shop.stop("worker").exit_code == 0
    assert _mailed(shop, order)
