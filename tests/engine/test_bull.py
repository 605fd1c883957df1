"""A server and a worker of BullMQ on one image, in Node and in Bun."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from .harness import Compose, Engine, http_get
from .harness.bull_services import files, services
from .harness.index import package_index
from .harness.locks import write_lock
from .harness.repository import write_files, write_spec

pytestmark = pytest.mark.xdist_group("bull")


@pytest.fixture(scope="module", params=["node", "bun"])
def shop(
    request: pytest.FixtureRequest, engine: Engine, run_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Compose]:
    """Yield the services, healthy."""
    runtime, project = request.param, f"bull-{request.param}-{run_id}"
    root = tmp_path_factory.mktemp("bull")
    write_files(root, files())
    with package_index(engine) as index:
        write_lock(engine, index, root, {"node": "npm"}.get(runtime, runtime))
        write_spec(root, services(runtime))
        bases = re.findall(r"^FROM (\S+) AS base$", (root / "Dockerfile").read_text("utf-8"), re.M)
        engine.build(root, root / "Dockerfile", tag=f"{project}-web", build_contexts=index.base_images(*bases))
    # The lock file names the index of this test, which is gone.
    built = root / "built.yaml"
    built.write_text(f"services:\n  web:\n    image: {project}-web\n    build: !reset null\n", "utf-8")
    compose = Compose(engine, root, project, files=[root / "compose.yaml", built], ephemeral_ports={"web": 3000})
    try:
        compose.up()
        yield compose
    finally:
        compose.close()
        engine.run("image", "rm", "--force", f"{project}-web", check=False)


def _is_there(shop: Compose, key: str, seconds: float) -> bool:
    """Say whether Redis has a key, at the latest after some seconds."""
    end = time.monotonic() + seconds
    while not (found := shop.exec("queue", ["redis-cli", "--raw", "exists", key]).stdout.strip() == "1"):
        if time.monotonic() > end:
            break
        time.sleep(0.3)
    return found


def test_a_task_of_the_server_runs_in_a_healthy_worker_on_the_same_image(shop: Compose) -> None:
    http_get(shop.url("web", 3000, "/send/first"))
    assert _is_there(shop, "done:first", 30)
    assert {name: one.health for name, [one] in shop.ps().items()} == dict.fromkeys(
        ("web", "mails", "queue"), "healthy"
    )
    assert shop.inspect("web")["Image"] == shop.inspect("mails")["Image"]


def test_a_stop_lets_the_running_task_finish(shop: Compose) -> None:
    http_get(shop.url("web", 3000, "/send/last"))
    assert _is_there(shop, "started:last", 30)
    assert shop.stop("mails").exit_code == 0
    assert _is_there(shop, "done:last", 0)


def test_a_worker_whose_task_blocks_the_loop_is_unhealthy(shop: Compose) -> None:
    shop.up("mails")
    http_get(shop.url("web", 3000, "/send/hang"))
    assert _is_there(shop, "started:hang", 30)
    end = time.monotonic() + 240
    while shop.container("mails").health != "unhealthy" and time.monotonic() < end:
        time.sleep(1)
    assert shop.container("mails").health == "unhealthy"
