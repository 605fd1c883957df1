"""The shop under `docker compose watch`: what is synchronised, what restarts and what is built again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest

from .harness import Compose, Engine, eventually, http_get
from .harness.developed_shop import copy_developed_shop
from .harness.repository import replace
from .harness.watched import BUILD_SECONDS, wait_until_watched

pytestmark = pytest.mark.xdist_group("develop")

CHANGE_SECONDS = 60.0
SERVICES = ("web", "api", "jobs", "clock", "audit")


@pytest.fixture(scope="module")
def shop(engine: Engine, run_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    """Yield the shop, built, started and watched by the one command of docs/development.md."""
    root = copy_developed_shop(engine, tmp_path_factory.mktemp("develop") / "shop")
    files = [root / "compose.yaml", root / "compose.dev.yaml"]
    ports = {"web": 3000, "api": 8000, "clock": 3000}
    project = Compose(engine, root, f"develop-{run_id}", files=files, ephemeral_ports=ports)
    try:
        with project.watching() as printed:
            wait_until_watched(printed)
            eventually(lambda: _healthy(project), timeout=CHANGE_SECONDS, interval=1.0)
            yield project
            print(printed()[-20_000:])
    finally:
        project.close()


def _healthy(project: Compose) -> None:
    health = {name: project.container(name).health for name in SERVICES if name != "audit"}
    assert set(health.values()) == {"healthy"}, health


def _status(shop: Compose, service: str, port: int) -> str:
    path = "/healthz" if service != "clock" else "/"
    status: str = json.loads(http_get(shop.url(service, port, path)).text)["status"]
    return status


def _started(shop: Compose, service: str) -> tuple[str, str]:
    """Return the id of the container, which a new image changes, and when it was started."""
    found = shop.inspect(service)
    return found["Id"], found["State"]["StartedAt"]


def _until(text: str, *found: str) -> None:
    assert text in found, found


def test_each_container_is_its_users_and_has_nothing_of_the_host(shop: Compose) -> None:
    for name in SERVICES:
        container = shop.inspect(name)
        assert shop.exec(name, ["id", "-u"]).stdout.strip() == "10001"
        assert container["HostConfig"]["ReadonlyRootfs"] is False
        assert {mount["Type"] for mount in container["Mounts"]} <= {"volume"}
    for name, folder in (("audit", "/app/media"), ("clock", "/app/data")):
        shop.exec(name, ["touch", f"{folder}/new"])


@pytest.mark.parametrize(
    ("service", "port", "source"),
    [
        ("web", 3000, "services/web/src/server.ts"),
        ("api", 8000, "services/api/src/shop_api/main.py"),
        ("clock", 3000, "services/clock/src/server.ts"),
    ],
)
def test_a_server_reloads_what_has_changed(shop: Compose, service: str, port: int, source: str) -> None:
    """Node, Python and Bun each see the new file: the same container answers otherwise."""
    before = _started(shop, service)
    assert _status(shop, service, port) == "ok"
    replace(shop.project_dir / source, '"ok"', '"reloaded"')
    eventually(lambda: _until("reloaded", _status(shop, service, port)), timeout=CHANGE_SECONDS)
    assert _started(shop, service) == before


def test_a_worker_is_restarted(shop: Compose) -> None:
    """Celery does not reload: the container is started again, with the new source in it."""
    container, started = _started(shop, "jobs")
    replace(shop.project_dir / "services/jobs/shop_jobs/tasks.py", 'Decimal("4.20")', 'Decimal("5.00")')

    def restarted() -> None:
        found = _started(shop, "jobs")
        assert found[0] == container
        assert found[1] != started
        answer = json.loads(http_get(shop.url("web", 3000, "/?quantity=2"), timeout=5.0).text)["answer"]
        assert answer["total"] == "10.00"

    eventually(restarted, timeout=CHANGE_SECONDS)


def test_what_runs_the_image_of_another_service_is_restarted(shop: Compose) -> None:
    container, _ = _started(shop, "audit")
    replace(shop.project_dir / "services/api/src/shop_api/audit.py", "audit is ok", "audit has changed")
    eventually(lambda: _until("audit has changed", *_lines(shop, "audit")), timeout=CHANGE_SECONDS)
    assert _started(shop, "audit")[0] == container


def _lines(shop: Compose, service: str) -> list[str]:
    return [line.partition("Z ")[2] for line in shop.logs(service).splitlines()]


def test_what_is_new_arrives_without_secrets_and_what_is_removed_leaves(shop: Compose) -> None:
    """The folder comes first: Compose copies one that is new with all that is in it."""
    folder = shop.project_dir / "services/api/src/shop_api/extra"
    folder.mkdir(exist_ok=True)
    eventually(lambda: shop.exec("api", ["test", "-d", "/src/src/shop_api/extra"]), timeout=CHANGE_SECONDS)
    for name in (".env", "id_work", "server.PEM", "id_work.py"):
        (folder / name).write_text("A = 1\n", encoding="utf-8")

    def listed() -> list[str]:
        return shop.exec("api", ["ls", "-A", "/src/src/shop_api/extra"]).stdout.split()

    eventually(lambda: _until("id_work.py", *listed()), timeout=CHANGE_SECONDS)
    assert listed() == ["id_work.py"]
    shutil.rmtree(folder)

    def removed() -> None:
        assert shop.exec("api", ["ls", "/src/src/shop_api/extra"], check=False).returncode == 2

    eventually(removed, timeout=CHANGE_SECONDS)


@pytest.mark.parametrize(
    ("changed", "old", "new", "services"),
    [
        ("services/api/pyproject.toml", "HTTP API of the shop", "HTTP API", ("api", "audit")),
        ("services/clock/package.json", '"private": true', '"private": true, "version": "1.0.0"', ("clock",)),
        ("services/web/package-lock.json", '"lockfileVersion": 3', '"lockfileVersion": 3, "note": 1', ("web",)),
        ("services/jobs/Dockerfile", "# Written by", "# Was written by", ("jobs",)),
    ],
)
def test_what_dependencies_are_made_from_builds_again(
    shop: Compose, changed: str, old: str, new: str, services: tuple[str, ...]
) -> None:
    """Of an image that several services run, each gets a new container, and nothing else does."""
    before = {name: _started(shop, name)[0] for name in SERVICES}
    if new not in (shop.project_dir / changed).read_text("utf-8"):  # where the test is run again
        replace(shop.project_dir / changed, old, new)
    else:
        replace(shop.project_dir / changed, new, old)

    def rebuilt() -> None:
        after = {name: _started(shop, name)[0] for name in SERVICES}
        assert {name for name in SERVICES if after[name] != before[name]} == set(services)
        assert {shop.container(name).state for name in services} == {"running"}

    eventually(rebuilt, timeout=BUILD_SECONDS / 2, interval=1.0)
