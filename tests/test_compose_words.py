"""What Compose takes and the spec does not: the fix shows the form of the spec, with what was typed."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from generator.layers.library import Library
from generator.layers.resolve import resolve
from generator.pipeline import Checked
from generator.text.documents import parse
from generator.text.errors import Finding, Findings, SpecError
from tests.support import HERE

PYTHON = {"kind": "python", "command": ["serve"], "ports": [8000]}
IMAGE = {"kind": "image", "image": {"name": "nginx", "tag": "1"}}
JOBS = {"kind": "worker", "runtime": "python", "command": ["work"]}
NODE = {"kind": "node", "command": ["serve"], "ports": [3000]}
PASSED = "write compose: {%s}"
OVERRIDE = (
    "not supported; keep it in a compose.override.yaml beside the generated file, which Compose reads by itself: "
    "services: {a: {%s}}"
)


def _findings(spec: str) -> list[Finding]:
    with pytest.raises(SpecError) as caught:
        Checked(resolve(parse(spec, "services.yaml"), Library(HERE))).refuse()
    return list(caught.value.findings)


def _fixes(base: dict[str, Any], typed: str) -> list[str]:
    values = {**base, **yaml.safe_load(typed)}
    spec = {"version": 1, "project": "p", "services": {"a": values, "db": IMAGE, "cache": IMAGE}}
    return [finding.fix for finding in _findings(yaml.safe_dump(spec, sort_keys=False))]


# The service, what is typed into it, and the fix.
SERVICE: list[tuple[dict[str, Any], str, str]] = [
    ({}, "build: ./api", "name what it is made with and its folder: kind: python, path: api (or node, worker)"),
    (
        IMAGE,
        "image: ghcr.io/x/y@sha256:aa",
        'write image: {registry: ghcr.io, name: x/y, tag: latest, digest: "sha256:aa"}',
    ),
    (
        PYTHON,
        "image_of: web",
        "add the service that builds it, or remove image_of",
    ),
    (
        {"kind": "image", "image_of": "web"},
        "path: services/web",
        "move it to web, or remove image_of",
    ),
    (IMAGE, 'image: {name: "nginx:1.29"}', 'write image: {name: nginx, tag: "1.29"}'),
    (PYTHON, "build: ./srv/api", "write path: srv/api; the Dockerfile is generated there"),
    (NODE, "build: {context: ./web, target: dev}", "write path: web; the Dockerfile is generated there"),
    (
        IMAGE,
        "build: .",
        "remove it: kind: image builds nothing; use kind: python, node or worker for an image of its own",
    ),
    (PYTHON, "command: sh -c 'serve $PORT'", 'write command: [sh, "-c", "serve $PORT"]'),
    (PYTHON, "command: migrate && serve", 'write command: [sh, "-c", "migrate && serve"]'),
    (PYTHON, "command: null", "add the program and its arguments, as command: [python, -m, app]"),
    (
        PYTHON,
        "env_file: .env",
        "write each variable as environment: {NAME: {variable: NAME}}; Compose fills them in from .env beside its file",
    ),
    (
        PYTHON,
        'environment: [A=b, "N=4", B, "C=${D:-e}", DB_PASSWORD=hunter2, A=c]',
        'write environment: {A: c, "N": "4", B: {variable: B}, C: {variable: D, default: e}, '
        "DB_PASSWORD: {variable: DB_PASSWORD}}",
    ),
    (IMAGE, "env: {A: b}", "write environment: {A: b}"),
    (
        PYTHON,
        'ports: ["0.0.0.0:8080:8000"]',
        "write {target: 8000, published: 8080}, which is published on 127.0.0.1",
    ),
    (PYTHON, 'ports: ["53:53/udp"]', OVERRIDE % 'ports: ["53:53/udp"]'),
    (
        PYTHON,
        'ports: [{target: 8000, published: "8080", protocol: tcp, mode: host}]',
        "write published: 8080",
    ),
    (PYTHON, 'ports: "8080:8000"', "write ports: [{target: 8000, published: 8080}]"),
    (PYTHON, "expose: [8000]", "remove it: services of one network reach all ports of each other"),
    (PYTHON, "volumes: [pg_data:/var/lib/data:ro]", "write volumes: {pg-data: /var/lib/data}"),
    (PYTHON, 'volumes: ["./src:/app"]', "write bind_mounts: {/app: src}"),
    (PYTHON, 'volumes: ["/srv:/app"]', OVERRIDE % 'volumes: ["/srv:/app"]'),
    (PYTHON, "depends_on: {db: {condition: service_healthy, restart: true}}", "write depends_on: {db: healthy}"),
    (PYTHON, "depends_on: {db: service_completed_successfully}", "write depends_on: {db: completed}"),
    (PYTHON, "networks: {edge: {aliases: [x]}}", "write networks: [edge]; its options are not supported"),
    (PYTHON, "networks: edge", "write networks: [edge]"),
    (PYTHON, "restart: always", "write container: {restart: always}"),
    (PYTHON, "restart: false", 'write container: {restart: "no"}'),
    (
        PYTHON,
        'deploy: {resources: {limits: {cpus: "0.5", memory: 512M}}}',
        'write container: {cpus: 0.5, mem_limit: "512m"}',
    ),
    (JOBS, "deploy: {replicas: 3}", "write replicas: 3"),
    (PYTHON, "deploy: {replicas: 3}", PASSED % "deploy: {replicas: 3}"),
    (PYTHON, "scale: 2", PASSED % "scale: 2"),
    (
        PYTHON,
        "replicas: 2",
        PASSED % "scale: 2",
    ),
    (PYTHON, "mem_limit: 512MB", 'write container: {mem_limit: "512m"}'),
    (PYTHON, 'cpus: "0.5"', "write container: {cpus: 0.5}"),
    (PYTHON, "cap_add: [NET_ADMIN]", "write container: {cap_add: [NET_ADMIN]}"),
    (PYTHON, "cap_drop: [ALL]", "write container: {cap_drop: [ALL]}"),
    (PYTHON, "read_only: true", "write container: {read_only: true}"),
    (PYTHON, "tmpfs: /tmp", "write container: {tmpfs: [/tmp]}"),
    (PYTHON, "init: true", "write container: {init: true}"),
    (PYTHON, "container: {memory: 1gb}", 'write mem_limit: "1g"'),
    (PYTHON, "user: root", "leave it out: no service runs as root"),
    (PYTHON, "user: node", "write user: {name: node}"),
    (
        PYTHON,
        'healthcheck: {test: [CMD, curl, -f, "http://localhost:8000/healthz"]}',
        "write healthcheck: {http: /healthz}",
    ),
    (
        IMAGE,
        "healthcheck: {test: [CMD-SHELL, pg_isready -U x], interval: 5s, timeout: 5s, start_period: 5s, "
        "start_interval: 1s, retries: 3}",
        'write healthcheck: {command: [sh, "-c", pg_isready -U x]}',
    ),
    (PYTHON, "healthcheck: {test: [CMD, check]}", "write healthcheck: {command: [check]}"),
    (PYTHON, "healthcheck: {http: /ready, command: [check]}", "keep one of them: http or command"),
    (PYTHON, "healthcheck: {test: [NONE]}", "write healthcheck: null"),
    (PYTHON, "healthcheck: {disable: true}", "write healthcheck: null"),
    (PYTHON, "healthcheck: {interval: 30}", 'write interval: "30s"'),
    (PYTHON, "logging: {driver: local}", PASSED % "logging: {driver: local}"),
    (IMAGE, "labels: {a: b}", PASSED % "labels: {a: b}"),
    (PYTHON, "stop_signal: TERM", "write stop_signal: SIGTERM"),
    (PYTHON, "stop_grace_period: 30", 'write stop_grace_period: "30s"'),
    (PYTHON, "stop_grace_period: 30 seconds", 'write stop_grace_period: "30s"'),
    (
        PYTHON,
        "secrets: [npm_token]",
        "for the build write secrets: {npm_token: {env: NPM_TOKEN}}, "
        "for the container environment: {NPM_TOKEN: {variable: NPM_TOKEN}}",
    ),
    (
        IMAGE,
        "secrets: [db-password]",
        "write environment: {DB_PASSWORD: {variable: DB_PASSWORD}}: secrets here are for builds",
    ),
    (PYTHON, "profiles: [debug]", PASSED % "profiles: [debug]"),
    (PYTHON, "name: api", "remove it: the key of the service is its name"),
    (PYTHON, "container_name: api", PASSED % "container_name: api"),
    (PYTHON, "hostname: api", PASSED % "hostname: api"),
    (
        PYTHON,
        "privileged: true",
        "name the capabilities that it needs, as container: {cap_add: [NET_ADMIN]}, or: " + PASSED % "privileged: true",
    ),
    (
        PYTHON,
        "extends: {file: base.yaml, service: x}",
        "write what services share as a preset: presets: [./presets/team.yaml]",
    ),
    (PYTHON, "platform: linux/amd64", PASSED % "platform: linux/amd64"),
]

FILE: list[tuple[str, str]] = [
    ("name: My Shop", "write project: my-shop"),
    ('version: "3.8"', "write version: 1, which is that of this format; Compose needs none"),
    ("volumes: {pg_data: {}}", "write pg-data: {}, here and in the services that mount it"),
    (
        "secrets: {token: {file: t}}",
        "remove it: a service declares its build secrets, as secrets: {token: {env: TOKEN, variable: TOKEN}}",
    ),
    ("x-logging: &l {driver: local}", "remove it: what services share is in a preset (docs/presets.md)"),
    ("include: [b.yaml]", PASSED % "include: [b.yaml]"),
    ("networks: {edge: {driver: bridge}}", PASSED % "networks: {edge: {driver: bridge}}"),
]


@pytest.mark.parametrize(("base", "typed", "fix"), SERVICE)
def test_a_service_in_the_words_of_compose(base: dict[str, Any], typed: str, fix: str) -> None:
    assert fix in _fixes(base, typed)


@pytest.mark.parametrize(("typed", "fix"), FILE)
def test_a_file_in_the_words_of_compose(typed: str, fix: str) -> None:
    base = {"version": 1, "project": "p", "services": {"a": IMAGE}}
    spec = yaml.safe_dump({**base, **yaml.safe_load(typed)}, sort_keys=False)
    assert fix in [finding.fix for finding in _findings(spec)]


@pytest.mark.parametrize("fix", [fix for _, _, fix in SERVICE if re.match(r"write [a-z_]+: ", fix)])
def test_what_is_to_be_written_can_be_pasted(fix: str) -> None:
    shown = re.split(r"; |: secrets here", fix.removeprefix("write "))[0]
    pasted = yaml.safe_load(f"{{{shown}}}")
    assert all(key in shown for key in pasted)


def test_a_value_that_is_too_long_is_not_repeated() -> None:
    (fix,) = _fixes(PYTHON, f"command: {'x' * 500};")
    assert fix == "see command in docs/spec.md: the value is too long to be shown here"


def test_a_value_of_a_preset_is_told_at_the_line_that_chose_it() -> None:
    spec = "version: 1\nproject: p\nservices:\n  a: {kind: python, command: [x]}\n"
    (finding,) = _findings(spec)
    assert str(finding.location) == "services.yaml:4:13"
    assert "(set at presets/base.yaml:" in finding.message


@pytest.mark.parametrize("base", [PYTHON, IMAGE])
@pytest.mark.parametrize(
    "value", ["5", "true", "x", "[]", "[1]", "[[a]]", "[{a: 1}]", "{a: {b: 1}}", "''", "':'", "'a$b'"]
)
@pytest.mark.parametrize(
    "key",
    [
        *["image", "build", "command", "entrypoint", "environment", "env", "ports", "volumes", "depends_on"],
        *[
            "networks",
            "labels",
            "secrets",
            "user",
            "deploy",
            "healthcheck",
            "container",
            "stop_signal",
            "stop_grace_period",
            "extends",
            "name",
        ],
    ],
)
def test_any_value_gets_a_fix(base: dict[str, Any], key: str, value: str) -> None:
    spec = {"version": 1, "project": "p", "services": {"a": {**base, key: yaml.safe_load(value)}}}
    checked = Checked(resolve(parse(yaml.safe_dump(spec), "services.yaml"), Library(HERE)))
    findings = Findings()
    with findings.collecting():
        checked.refuse()
    assert all(finding.fix and "\n" not in finding.fix for finding in findings.all)
