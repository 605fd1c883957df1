"""How the containers of the shop run and stop: without privileges, and with exit code 0."""

import re

import pytest

from .conftest import ComposeFactory
from .harness import Compose, Engine, http_get

SERVICES = ("web", "api", "jobs", "queue")
USERS = {"web": 10001, "api": 10001, "jobs": 10001, "queue": 999}
GRACE_SECONDS = {"web": 30, "api": 30, "jobs": 120, "queue": 30}

pytestmark = pytest.mark.xdist_group("shop")


@pytest.mark.parametrize("service", SERVICES)
def test_processes_have_no_privileges(running_shop: Compose, service: str) -> None:
    """Every process runs as the user of the service, without capabilities and with no_new_privs."""
    status = running_shop.exec(service, ["sh", "-c", "cat /proc/[0-9]*/status"]).stdout
    users = re.findall(r"^Uid:\s+(.+)$", status, re.MULTILINE)
    assert len(users) >= 3, "the init process, the service, and the shell of this test"
    assert {tuple(map(int, user.split())) for user in users} == {(USERS[service],) * 4}
    for field in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert set(re.findall(rf"^{field}:\s+(\w+)$", status, re.MULTILINE)) == {"0" * 16}
    assert set(re.findall(r"^NoNewPrivs:\s+(\d)$", status, re.MULTILINE)) == {"1"}


@pytest.mark.parametrize("service", SERVICES)
def test_the_root_file_system_is_read_only(running_shop: Compose, service: str) -> None:
    """Only /tmp is writable, and files there cannot be executed."""
    for path in ("/nope", "/etc/nope", "/usr/local/bin/nope"):
        touch = running_shop.exec(service, ["touch", path], check=False)
        assert touch.returncode
        assert "Read-only file system" in touch.stderr
    script = "printf '#!/bin/sh\\n' > /tmp/run && chmod +x /tmp/run && ! /tmp/run"
    assert "Permission denied" in running_shop.exec(service, ["sh", "-c", script]).stderr


@pytest.mark.parametrize("service", SERVICES)
def test_the_resources_are_limited(running_shop: Compose, service: str) -> None:
    """The container has the limits of the preset."""
    limits = running_shop.inspect(service)["HostConfig"]
    assert limits["Memory"] == 1024**3
    assert limits["PidsLimit"] == 256
    assert limits["NanoCpus"] == 1_000_000_000


@pytest.mark.parametrize("service", ["api", "jobs"])
def test_python_is_shipped_without_pip(running_shop: Compose, service: str) -> None:
    """Neither the interpreter of the image nor the environment has it, and nothing can bring it back."""
    for interpreter in ("/usr/local/bin/python", "/opt/venv/bin/python"):
        assert running_shop.exec(service, [interpreter, "--version"]).returncode == 0
        for module in ("pip", "ensurepip"):
            run = running_shop.exec(service, [interpreter, "-m", module, "--version"], check=False)
            assert f"No module named {module}" in run.stderr


def test_node_is_shipped_without_its_package_manager(running_shop: Compose) -> None:
    """The image has the node binary alone."""
    assert running_shop.exec("web", ["node", "--version"]).returncode == 0
    found = running_shop.exec("web", ["sh", "-c", "command -v npm npx corepack yarn"], check=False)
    assert (found.returncode != 0, found.stdout) == (True, "")


def test_the_queue_has_only_an_internal_network(engine: Engine, running_shop: Compose) -> None:
    """Its only network is internal, and it publishes no port."""
    queue = running_shop.inspect("queue")
    [network] = queue["NetworkSettings"]["Networks"]
    assert engine.inspect(network, "network")["Internal"] is True
    assert not queue["HostConfig"]["PortBindings"]


def test_each_service_stops_gracefully(compose: ComposeFactory, engine: Engine, running_shop: Compose) -> None:
    """Within the grace period, with exit code 0 and without SIGKILL; after a request, in the order of dependencies."""
    project = compose(running_shop.project_dir, ephemeral_ports={"web": 3000, "api": 8000})
    project.up(build=True)
    http_get(project.url("web", 3000, "/?quantity=3"))
    for service in SERVICES:
        container = project.container(service).container
        stopped = project.stop(service)
        state = engine.inspect(container)["State"]
        assert (service, stopped.exit_code, state["OOMKilled"], state["Error"]) == (service, 0, False, "")
        assert stopped.seconds < GRACE_SECONDS[service] / 2


def test_a_worker_finishes_its_task_before_it_stops(compose: ComposeFactory, running_shop: Compose) -> None:
    """SIGTERM makes Celery shut down warmly: it finishes its tasks first."""
    project = compose(running_shop.project_dir, ephemeral_ports={"web": 3000, "api": 8000})
    project.up("jobs", build=True)
    assert project.exec("jobs", ["ls", "/tmp/worker-heartbeat"]).returncode == 0
    assert project.stop("jobs").exit_code == 0
    assert "Warm shutdown" in project.logs("jobs")
