"""The presets of existing images: each starts under the hardening, is probed, keeps its data and stops by itself.

One project has them all. The stand-ins are as obstinate as the official images; mongo and mailpit have none.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .harness import Compose, Engine, http_get
from .harness.image_presets import FRONTS, PORTS, PROBED, SECRETS, files, services
from .harness.repository import write_files, write_spec

pytestmark = pytest.mark.xdist_group("image-presets")

# What a server tells anyone, as a whole or at its start.
GREETINGS = {"valkey": "+PONG", "redis": "+PONG", "postgres": "N", "postgres17": "N"}


@pytest.fixture(scope="module")
def project(engine: Engine, run_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    """Yield all services, which hold what the client has written before their containers were made anew."""
    root = tmp_path_factory.mktemp("image-presets")
    write_files(root, files())
    write_spec(root, services())
    project = Compose(engine, root, f"images-{run_id}", ephemeral_ports=FRONTS, environment=SECRETS)
    try:
        project.up(build=True, wait_timeout=180)
        _store(project, "write", *PORTS)
        project.down(volumes=False)
        project.up(wait_timeout=180)
        yield project
    finally:
        project.close()


@pytest.mark.parametrize("service", PROBED)
def test_a_service_runs_under_the_hardening(project: Compose, service: str) -> None:
    container = project.inspect(service)
    host = container["HostConfig"]
    assert container["State"]["Health"]["Status"] == "healthy"
    assert (host["ReadonlyRootfs"], host["CapDrop"], host["SecurityOpt"]) == (True, ["ALL"], ["no-new-privileges:true"])
    assert host["CapAdd"] == (["CAP_NET_BIND_SERVICE"] if service == "caddy" else None)
    status = project.exec(service, ["grep", "^Uid:", "/proc/1/status"]).stdout.split()
    assert "0" not in status
    assert status[1:] == [container["Config"]["User"].split(":")[0]] * 4
    assert container["RestartCount"] == 0


@pytest.mark.parametrize("service", PROBED)
def test_all_data_is_in_volumes_with_a_name(project: Compose, service: str) -> None:
    """A VOLUME of an image that no volume is mounted at would be one without a name, and lost with the container."""
    volumes = {one["Name"] for one in project.inspect(service)["Mounts"] if one["Type"] == "volume"}
    assert volumes == (set() if service == "nginx" else {f"{project.project_name}_{service}-data"})


@pytest.mark.parametrize("service", PORTS)
def test_a_service_keeps_its_data(project: Compose, service: str) -> None:
    assert _store(project, "read", service) == [f"{service} in {service}"]


def test_a_node_service_reaches_them(project: Compose) -> None:
    targets = [f"{host}:{port}" for host, port in PORTS.items()]
    lines = project.exec("pinger", ["node", "/app/src/ping.js", *targets]).stdout.splitlines()
    said = dict(line.split(" ", 1) for line in lines)
    assert {name: said.get(name) for name in GREETINGS} == GREETINGS
    assert "MariaDB" in said["mariadb"]
    assert "RabbitMQ" in said["rabbitmq"]


def test_a_front_publishes_its_port(project: Compose) -> None:
    """The file of the repository decides what it answers, and any answer is healthy."""
    assert http_get(project.url("caddy", 8080)).text == "from 127.0.0.1"
    assert http_get(project.url("nginx", 8081)).text == "from caddy"
    assert http_get(project.url("nginx", 8081, "/gone/"), status=404).status == 404


def test_root_of_mariadb_is_not_on_the_network(project: Compose) -> None:
    """And its password is not in the log; in the container it is of use."""
    script = "import store; store.mariadb('mariadb', None, 'root', 'MARIADB_ROOT_PASSWORD')"
    refused = project.exec(
        "client", ["python", "-c", f"import sys; sys.path.append('/app/src'); {script}"], check=False
    )
    assert "1045" in refused.stderr
    assert "PASSWORD" not in project.logs("mariadb").replace("MARIADB_ROOT_PASSWORD", "")
    login = ["mariadb", "--user=root", f"--password={SECRETS['MARIADB_ROOT_PASSWORD']}", "--execute=SELECT 1"]
    assert project.exec("mariadb", login).returncode == 0


@pytest.mark.parametrize("service", ["redis", "valkey"])
def test_an_error_is_not_healthy(project: Compose, service: str) -> None:
    """The client ends with 0 whatever the answer is, unless it is told otherwise."""
    probe = project.config()["services"][service]["healthcheck"]["test"][1:]
    assert project.exec(service, probe).stdout == "PONG\n"
    project.exec(service, [probe[0], "config", "set", "requirepass", "secret"])
    try:
        assert project.exec(service, probe, check=False).returncode == 1
    finally:
        project.exec(service, [probe[0], "-a", "secret", "config", "set", "requirepass", ""])


def test_rabbitmq_is_not_healthy_before_it_listens(project: Compose) -> None:
    """Its program answers a ping before there is a listener, so that what waits for the broker would fail."""
    probe = project.config()["services"]["rabbitmq"]["healthcheck"]["test"][1:]
    project.exec("rabbitmq", ["rabbitmqctl", "--quiet", "suspend_listeners"])
    try:
        assert project.exec("rabbitmq", ["rabbitmq-diagnostics", "-q", "ping"]).returncode == 0
        assert project.exec("rabbitmq", probe, check=False).returncode != 0
    finally:
        project.exec("rabbitmq", ["rabbitmqctl", "--quiet", "resume_listeners"])


def test_caddy_needs_its_capability(engine: Engine) -> None:
    hardened = ["run", "--rm", f"--label={engine.label}", "--cap-drop=ALL", "--user=10001:10001"]
    refused = engine.run(*hardened, "caddy:2.11", "caddy", "version", check=False)
    assert "operation not permitted" in refused.stderr
    engine.run(*hardened, "--cap-add=NET_BIND_SERVICE", "caddy:2.11", "caddy", "version")


def test_mariadb_refuses_to_start_without_a_password(engine: Engine) -> None:
    done = engine.run("run", "--rm", f"--label={engine.label}", "mariadb:11.8", check=False)
    assert (done.returncode, "MARIADB_ROOT_PASSWORD" in done.stderr) == (1, True)


@pytest.mark.parametrize("service", PROBED)
def test_a_service_stops_by_itself(project: Compose, service: str) -> None:
    """In its grace period, after which it would be killed, with 137."""
    assert project.stop(service).exit_code == 0
    project.up(service)


def _store(project: Compose, what: str, *hosts: str) -> list[str]:
    return project.exec("client", ["python", "/app/src/store.py", what, *hosts]).stdout.splitlines()
