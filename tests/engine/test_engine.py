"""Tests of the harness on a real engine: the other engine tests rely on these functions."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import ComposeFactory
from .harness import CommandFailed, Engine, http_get

PYTHON = "python:3.13-slim-trixie"

DOCKERFILE = f"""\
FROM {PYTHON} AS base
FROM base AS work
RUN --mount=type=cache,id=gen-dockerfiles-test,target=/cache \\
    --mount=type=bind,source=input.txt,target=/in/input.txt \\
    date > /cache/seen && cp /in/input.txt /result.txt && echo "step output"
FROM base AS runtime
COPY --from=work /result.txt /srv/index.html
CMD ["python", "-m", "http.server", "8000", "--directory", "/srv"]
"""

HARDENED = """\
    read_only: true
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    init: true
"""

BACKENDS = f"""\
services:
  redis:
    image: redis:8.6-trixie
    user: "999:999"
{HARDENED}
    tmpfs: [/tmp]
    volumes: ["redis:/data"]
    healthcheck: {{test: [CMD, redis-cli, ping], interval: 1s, retries: 30}}
  postgres:
    image: postgres:18-trixie
    user: "999:999"
{HARDENED}
    tmpfs: [/tmp, "/run/postgresql:uid=999,gid=999,mode=3775"]
    environment: {{POSTGRES_USER: shop, POSTGRES_PASSWORD: "p'\\"w d", POSTGRES_DB: orders}}
    volumes: ["postgres:/var/lib/postgresql"]
    healthcheck:
      test: [CMD, pg_isready, --quiet, --username=shop, --dbname=orders]
      interval: 1s
      retries: 30
volumes: {{redis: {{}}, postgres: {{}}}}
"""

SERVER = """\
services:
  site:
    image: nginxinc/nginx-unprivileged:stable-trixie
    ports: ["127.0.0.1:8000:8080"]
    read_only: true
    cap_drop: [ALL]
    tmpfs: [/tmp]
    stop_grace_period: 5s
"""


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """Write a build context with a Dockerfile that uses cache and bind mounts."""
    # A unique input, so that the cache of an earlier test run does not apply to the first build.
    (tmp_path / "input.txt").write_text(f"hello {time.time_ns()}\n", encoding="utf-8")
    (tmp_path / "Dockerfile").write_text(DOCKERFILE, encoding="utf-8")
    return tmp_path


def test_the_engine_is_current(engine: Engine) -> None:
    """The generated files are tested on engine 28 or newer."""
    assert engine.version >= (28,)


def test_a_second_build_is_cached(engine: Engine, context: Path, tag: Callable[[str], str]) -> None:
    """The build log distinguishes steps that ran from cached ones."""
    first = engine.build(context, tag=tag("first"))
    assert not first.cached("RUN --mount=type=cache")
    assert "step output" in first.step("RUN --mount=type=cache").log
    assert first.executed

    second = engine.build(context, tag=tag("second"))
    assert second.cached("RUN --mount=type=cache")
    assert not second.executed
    with pytest.raises(LookupError, match="no step contains"):
        second.cached("RUN no such command")


def test_a_failed_build_says_why(engine: Engine, tmp_path: Path) -> None:
    """The error has the output of the failed step."""
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text(f"FROM {PYTHON}\nRUN echo the reason && exit 3\n", encoding="utf-8")
    with pytest.raises(CommandFailed, match="the reason"):
        engine.build(tmp_path, dockerfile)
    assert not engine.build(tmp_path, dockerfile, check=False).ok


def test_a_secret_reaches_one_step(engine: Engine, tmp_path: Path) -> None:
    """A secret from the environment is mounted in a step. A local output needs no image."""
    (tmp_path / "Dockerfile").write_text(
        f"FROM {PYTHON} AS work\n"
        'RUN --mount=type=secret,id=token,env=TOKEN,required=true test "$TOKEN" = s3cret && echo ok >/ok\n'
        "FROM scratch\nCOPY --from=work /ok /ok\n",
        encoding="utf-8",
    )
    out = tmp_path / "out"
    engine.build(
        tmp_path,
        secrets=["id=token,env=TEST_TOKEN"],
        extra_environment={"TEST_TOKEN": "s3cret"},
        output=f"type=local,dest={out}",
        no_cache=True,
    )
    assert (out / "ok").read_text(encoding="utf-8") == "ok\n"


def test_a_container_answers_and_stops(engine: Engine, context: Path, tag: Callable[[str], str]) -> None:
    """A published port answers; with an init, SIGTERM ends the container at once."""
    image = engine.build(context, tag=tag("server")).tag
    with engine.container(image, options=["--init"], ports=[8000]) as container:
        answer = http_get(f"http://127.0.0.1:{container.port(8000)}/")
        assert answer.text.startswith("hello")
        seconds, exit_code = container.stop()
    assert exit_code == 143
    assert seconds < 5


def test_the_layers_and_files_of_an_image(engine: Engine, context: Path, tag: Callable[[str], str]) -> None:
    """A small change adds few bytes of layers and changes one file of the image."""
    old = engine.build(context, tag=tag("old")).tag
    (context / "input.txt").write_text("changed\n", encoding="utf-8")
    new = engine.build(context, tag=tag("new")).tag

    assert len(engine.image_layers(old)) == len(engine.image_layers(PYTHON)) + 1
    assert 0 < engine.new_bytes(new, old) < 10_000
    before, after = engine.files_of_image(old), engine.files_of_image(new)
    assert {path for path in before | after if before.get(path) != after.get(path)} == {"/srv/index.html"}
    assert after["/srv/index.html"][0] == 0o644


def test_the_backends_are_healthy_without_privileges(compose: ComposeFactory, tmp_path: Path) -> None:
    """Redis and PostgreSQL run as their own users with a read-only root and no capabilities."""
    (tmp_path / "compose.yaml").write_text(BACKENDS, encoding="utf-8")
    project = compose(tmp_path)
    project.up()
    assert {name: service.health for name, [service] in project.ps().items()} == {
        "redis": "healthy",
        "postgres": "healthy",
    }
    assert project.exec("redis", ["id"]).stdout.startswith("uid=999(redis) gid=999(redis)")
    # The stand-in of Redis accepts connections from its network, as the official image does.
    ping = "exec 3<>/dev/tcp/redis/6379; printf 'PING\\r\\n' >&3; read -r answer <&3; echo $answer"
    assert project.exec("postgres", ["bash", "-c", ping]).stdout.strip() == "+PONG"
    query = ["psql", "--username=shop", "--dbname=orders", "--tuples-only", "--command=select 6*7"]
    assert project.exec("postgres", query).stdout.strip() == "42"
    assert project.inspect("postgres")["HostConfig"]["ReadonlyRootfs"] is True
    assert project.stop("redis").exit_code == 0
    assert project.stop("postgres").exit_code == 0


def test_two_projects_with_one_fixed_port(compose: ComposeFactory, tmp_path: Path) -> None:
    """With ephemeral ports two copies of a project with a fixed port run at the same time."""
    (tmp_path / "compose.yaml").write_text(SERVER, encoding="utf-8")
    projects = [compose(tmp_path, ephemeral_ports={"site": 8080}) for _ in range(2)]
    for project in projects:
        [port] = project.config()["services"]["site"]["ports"]
        assert "published" not in port
        project.up()
    assert projects[0].port("site", 8080) != projects[1].port("site", 8080)
    for project in projects:
        assert "nginx" in http_get(project.url("site", 8080)).text
    stopped = projects[0].stop("site")
    assert stopped.exit_code == 0
    assert stopped.seconds < 5
