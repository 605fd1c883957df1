"""Django under `docker compose watch`: a server, its worker, its scheduler and a migration that run one image."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .harness import Compose, Engine, eventually, http_get
from .harness.django_shop import files, services
from .harness.repository import replace, write_files, write_spec
from .harness.watched import wait_until_watched

pytestmark = pytest.mark.xdist_group("develop")

SECONDS = 90.0


@pytest.fixture(scope="module")
def shop(engine: Engine, run_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    """Yield the shop, built, started and watched."""
    root = tmp_path_factory.mktemp("develop-django")
    write_files(root, files())
    known = {name: one for name, one in services().items() if name != "asked"}
    known["web"]["dev_command"] = ["python", "/app/manage.py", "runserver", "0.0.0.0:8000"]
    write_spec(root, known, dev=True)
    compose = [root / "compose.yaml", root / "compose.dev.yaml"]
    environment = {"POSTGRES_PASSWORD": run_id}
    ports = {"web": 8000}
    project = Compose(
        engine, root, f"develop-django-{run_id}", files=compose, ephemeral_ports=ports, environment=environment
    )
    try:
        with project.watching() as printed:
            wait_until_watched(printed)
            eventually(lambda: _healthy(project), timeout=SECONDS, interval=1.0)
            yield project
            print(printed()[-20_000:])
    finally:
        project.close()


def _healthy(shop: Compose) -> None:
    health = {name: shop.container(name).health for name in ("web", "worker", "beat")}
    assert set(health.values()) == {"healthy"}, health


def test_paths_and_volumes_of_what_ships_hold(shop: Compose) -> None:
    """Settings and volumes name `/app`; the numeric user writes to the volume that three services mount."""
    order = http_get(shop.url("web", 8000, "/order")).text
    eventually(lambda: _is_mailed(shop, order), timeout=SECONDS)
    shop.exec("web", ["test", "-e", f"/app/media/order-{order}"])


def _is_mailed(shop: Compose, order: str) -> None:
    assert http_get(shop.url("web", 8000, f"/mailed/{order}")).text == "True"


def test_one_change_reloads_each_process_in_its_way(shop: Compose) -> None:
    """Runserver reloads; the worker and the scheduler are restarted; the migration does not run again."""
    before = {name: shop.inspect(name) for name in ("web", "worker", "beat", "migrate")}
    urls = shop.project_dir / "backend/shop/urls.py"
    replace(urls, "HttpResponse(str(Order.objects.count()))", 'HttpResponse("reloaded")')

    def reloaded() -> None:
        assert http_get(shop.url("web", 8000, "/healthz"), timeout=5.0).text == "reloaded"
        after = {name: shop.inspect(name) for name in before}
        changed = {name for name in before if after[name]["State"]["StartedAt"] != before[name]["State"]["StartedAt"]}
        assert changed == {"worker", "beat"}
        assert {name for name in before if after[name]["Id"] != before[name]["Id"]} == set()

    eventually(reloaded, timeout=SECONDS, interval=1.0)
