"""How services run: their volumes, probes and entry points; a build script with and without a network."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from generator.text import assets

from .harness import Compose, Engine, http_get
from .harness.probe import eventually
from .harness.repository import write_files, write_spec
from .harness.running_services import files, services

PROBES = assets.ROOT / "templates/dockerfile/scripts"
BASE = assets.ROOT / "presets/base.yaml"

pytestmark = pytest.mark.xdist_group("running")


@pytest.fixture(scope="module")
def running(engine: Engine, run_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    """Yield the services, built and healthy."""
    root = tmp_path_factory.mktemp("running")
    image = f"gen-dockerfiles-test/running-web:{run_id}"
    write_files(root, files())
    write_spec(root, services(image))
    engine.build(root / "services/web", tag=image)
    project = Compose(
        engine,
        root,
        f"running-{run_id}",
        ephemeral_ports={"site": 8000, "web": 3000},
        environment={"POSTGRES_PASSWORD": run_id, "DJANGO_SECRET_KEY": run_id},
    )
    try:
        project.up("site", "tasks", "web", "mailer", "db", build=True, wait_timeout=180)
        # Compose cannot wait for a container whose check is off: https://github.com/docker/compose/issues/13522
        project.up("quiet", wait=False)
        yield project
    finally:
        project.close()


def test_probes_send_their_headers(running: Compose) -> None:
    """Django answers 400 to another Host and 301 without the header of its proxy; both services are healthy."""
    health = {name: one.health for name, [one] in running.ps().items()}
    assert {name: health[name] for name in ("site", "web")} == {"site": "healthy", "web": "healthy"}
    assert http_get(running.url("site", 8000, "/healthz"), status=400).status == 400
    assert http_get(running.url("web", 3000, "/healthz"), status=400).status == 400


def test_the_check_of_an_existing_image_can_be_switched_off(engine: Engine, running: Compose) -> None:
    """The image has one, and its container has none. Entry point and working folder are those of the spec."""
    container = running.inspect("quiet")
    image = engine.inspect(container["Image"], "image")
    assert image["Config"]["Healthcheck"]["Test"][0] == "CMD"
    assert "Health" not in container["State"]
    assert "/etc" in eventually(lambda: _logged(running, "quiet"))


def test_static_files_are_collected_in_the_build(engine: Engine, running: Compose) -> None:
    """With a key for that command alone: the container has the one of the shell, and the image has none."""
    assert running.exec("site", ["cat", "/app/collected/site.css"]).stdout == "h1 {}"
    image = engine.inspect(running.inspect("site")["Image"], "image")
    assert "DJANGO_SECRET_KEY" not in "".join(image["Config"]["Env"])


def test_services_that_run_the_image_of_another_one(running: Compose) -> None:
    """It is built once, before they start. They share its volumes and its user, and not its health check."""
    containers = {name: running.inspect(name) for name in ("site", "prepare", "tasks")}
    assert len({container["Image"] for container in containers.values()}) == 1
    assert {container["Config"]["Image"] for container in containers.values()} == {f"{running.project_name}-site"}
    state = containers["prepare"]["State"]
    assert (state["Status"], state["ExitCode"], "Health" in state) == ("exited", 0, False)
    assert running.container("tasks").health == "healthy"
    for service in ("site", "tasks"):
        assert running.exec(service, ["cat", "/var/lib/books/data/prepared"]).stdout == "10001\n"


def _logged(running: Compose, service: str) -> str:
    lines = running.logs(service).split()
    assert lines
    return lines[-1]


def test_a_service_can_write_to_its_volumes(running: Compose) -> None:
    """Also where the image ships a folder of that path or a link. The folders around a volume belong to root."""
    written = "touch /var/spool/mail/new /app/books/media/new && cat /app/books/media/first"
    assert running.exec("site", ["sh", "-c", written]).stdout == "shipped"
    owners = ["stat", "-Lc", "%n %u:%g", "/var/lib/books", "/var/lib/books/data", "/app/books", "/app/books/media"]
    assert running.exec("site", owners).stdout.splitlines() == [
        "/var/lib/books 0:0",
        "/var/lib/books/data 10001:10001",
        "/app/books 0:0",
        "/app/books/media 10001:10001",
    ]


def test_a_service_without_a_shell_can_write_to_its_volumes(running: Compose) -> None:
    """The runtime image has no command that could make a folder. The answer is sent after the files are written."""
    assert http_get(running.url("web", 3000), status=204).status == 204
    script = "fs=require('fs'); console.log(fs.statSync('/data').uid, fs.statSync('/data/deep').uid,"
    script += " fs.readFileSync('/app/dist/uploads/first', 'utf8'), fs.readFileSync('/data/deep/last', 'utf8'))"
    assert running.exec("web", ["node", "-e", script]).stdout.split() == ["0", "65532", "shipped", "/"]


def test_a_tmpfs_over_a_folder_of_the_image_is_writable(running: Compose) -> None:
    """Options that are given stay."""
    mounts = running.exec("site", ["sh", "-c", "touch /var/cache/new /var/tmp/new && cat /proc/mounts"]).stdout
    assert "size=1024k" in next(line for line in mounts.splitlines() if " /var/tmp " in line)


def test_an_entry_point_starts_the_command(running: Compose) -> None:
    """In the working folder, and so that the signal to stop reaches it. Last use of this service."""
    assert running.exec("site", ["cat", "/var/lib/books/data/started"]).stdout == "/app/books\n"
    stopped = running.stop("site")
    assert stopped.exit_code == 0
    assert "Shutting down: Master" in running.logs("site")


def test_a_worker_of_rq_as_documented(running: Compose) -> None:
    """It is healthy, and is so since it touches its file."""
    [worker] = running.ps()["mailer"]
    assert worker.health == "healthy"
    assert running.exec("mailer", ["ls", "/tmp/worker-heartbeat"]).returncode == 0


def test_the_probe_of_postgres_uses_a_role_and_a_database_that_there_are(running: Compose) -> None:
    """Otherwise the server logs an error at every probe."""
    probe = running.inspect("db")["Config"]["Healthcheck"]["Test"][1:]
    assert running.exec("db", probe).returncode == 0
    assert "database system is ready" in running.logs("db")
    # On a busy machine, the first probes find a server that starts.
    assert [one for one in running.logs("db").splitlines() if "FATAL" in one and "starting up" not in one] == []


_BUN = """\
const wanted = "web.example.com";
const answer = (request) => new Response("", { status: request.headers.get("host") === wanted ? 204 : 301 });
Bun.serve({ port: 8000, fetch: answer });
await Bun.write("/tmp/probe.cjs", PROBE);
for (const headers of [[`Host: ${wanted}`], []])
  console.log(await Bun.spawn(["bun", "/tmp/probe.cjs", "8000", "/", ...headers], { stdout: "inherit" }).exited);
process.exit();
"""


def test_the_probe_under_bun(engine: Engine) -> None:
    """The program of Node is healthy and unhealthy under the same conditions there."""
    program = f"const PROBE = {json.dumps((PROBES / 'probe_http.cjs').read_text('utf-8'))};\n{_BUN}"
    image = str(yaml.safe_load(BASE.read_text("utf-8"))["runtimes"]["bun"]["bun"])
    done = engine.run("run", "--rm", "--interactive", f"oven/bun:{image}-slim", "bun", "run", "-", stdin=program)
    assert done.stdout.split() == ["0", "1"]


def test_an_argument_of_the_build_is_inlined_and_runs_nothing_but_the_script(
    engine: Engine, running: Compose, tag: Callable[[str], str]
) -> None:
    """Compose takes it from the shell, and the Dockerfile has the same default."""
    assert running.config()["services"]["web"]["build"]["args"] == {"GREETING": 'a "$$default"'}  # as a Compose file
    folder = running.project_dir / "services/web"
    read = ["-e", "process.stdout.write(fs.readFileSync('/app/dist/greeting', 'utf8'))"]

    def greeting(image: str) -> str:
        return engine.run("run", "--rm", "--entrypoint=node", image, *read).stdout

    first = engine.build(folder, tag=tag("default"))
    assert greeting(first.tag) == 'a "$default"'
    other = engine.build(folder, tag=tag("other"), build_args={"GREETING": "https://staging.example.com"})
    assert greeting(other.tag) == "https://staging.example.com"
    executed = [step.name for step in other.executed if step.name.startswith(("[lock ", "[deps ", "[prod-deps "))]
    assert executed == []


def test_a_build_without_a_network_names_the_key(engine: Engine, tmp_path: Path, tag: Callable[[str], str]) -> None:
    """The output of a failed build has the comment beside the instruction."""
    spec = copy.deepcopy(services(tag("none")))
    del spec["web"]["build_network"]
    write_files(tmp_path, files())
    write_spec(tmp_path, {"web": spec["web"]})
    build = engine.build(tmp_path / "services/web", output="type=cacheonly", check=False)
    assert not build.ok
    assert "EAI_AGAIN" in build.log
    assert "build_network: default" in build.output
