"""The example repository, from its spec to a response that involves all of its services."""

import json
from pathlib import Path

import pytest

from generator.pipeline import plan

from .harness import Compose, Engine, http_get

pytestmark = pytest.mark.xdist_group("shop")


def test_the_shop_is_what_its_spec_generates(shop: Path) -> None:
    """The files that the other tests build and run are up to date."""
    assert [change.path for change in plan(shop).changes] == []


def test_a_request_involves_all_services(running_shop: Compose) -> None:
    """`web` asks `api`, which queues a job that `jobs` computes; the answer comes back over HTTP."""
    assert {name: service.health for name, [service] in running_shop.ps().items()} == dict.fromkeys(
        ("web", "api", "jobs", "queue"), "healthy"
    )
    answer = json.loads(http_get(running_shop.url("web", 3000, "/?quantity=12")).text)["answer"]
    worker = running_shop.inspect("jobs")["Config"]["Hostname"]
    assert answer == {"quantity": 12, "total": "47.88", "computed_by": worker}


def test_web_passes_on_an_error_of_the_api(running_shop: Compose) -> None:
    """The response comes from the API: `web` refuses what the API refuses."""
    refused = http_get(running_shop.url("web", 3000, "/?quantity=0"), status=422)
    assert "greater than or equal to 1" in refused.text


@pytest.mark.parametrize(
    ("service", "command"),
    [
        ("api", ["python", "-c", "import shop_api.main, pytest; open('src/new', 'w')"]),
        ("jobs", ["python", "-c", "import shop_jobs.tasks; open('shop_jobs/new', 'w')"]),
        ("web", ["sh", "-c", "touch src/new dist/new && test -f dist/server.js && node_modules/.bin/tsc --version"]),
    ],
)
def test_the_development_image_works(engine: Engine, running_shop: Compose, service: str, command: list[str]) -> None:
    """The target `dev` has the development tools, and its user may change the sources."""
    tag = f"{running_shop.project_name}-{service}:dev"
    engine.build(running_shop.project_dir / "services" / service, tag=tag, target="dev")
    user = engine.run("run", "--rm", tag, "id", "-u").stdout.strip()
    assert user == "10001"
    engine.run("run", "--rm", tag, *command)
