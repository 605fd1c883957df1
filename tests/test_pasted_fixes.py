"""Every fix of what Compose takes is pasted where its message says, and what comes out is valid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import yaml

from generator.layers.library import Library
from generator.layers.resolve import resolve
from generator.pipeline import Checked
from generator.text.documents import parse
from generator.text.errors import Finding, Findings, KeyPath
from tests.support import HERE
from tests.test_compose_words import IMAGE, JOBS, NODE, PYTHON

# A service, and what is pasted into it.
PASTED: list[tuple[dict[str, Any], str]] = [
    # ports
    *[(PYTHON, f"ports: {value}") for value in (
        '["${PORT}:8000"]', '["${PORT:-8080}:8000"]', '["127.0.0.1:${PORT:-80}:8000"]', '{"8080": 8000}', "8000",
        '["[::1]:8080:8000"]', '["0.0.0.0:8000:8000"]', '[{target: "8000"}]',
        '[{target: 8000, published: "${P}"}]', '[{target: 8000, published: "${P-81}"}]',
        '[{target: 8000, published: "80", protocol: tcp, mode: host}]',
    )],
    # volumes
    *[(PYTHON, f"volumes: {value}") for value in (
        "{./data: /data}", "{db_data: /data}", "{data: {target: /x}}", "[data]", '["/data"]', '["~/x:/x"]',
        '["${D}:/x"]', '["data:/x", "./b:/b"]', "[{type: bind, source: ./a, target: /a}]",
        "[{type: tmpfs, target: /a}]",
        '["data:/x:rw", "Data2:/y"]', "data:/x", '{"../x": /x}', "{Data: /x}", '["pg_data:/var/lib/x:ro"]',
    )],
    # images and builds
    *[(IMAGE, f"image: {value}") for value in (
        '{name: "nginx:1.29"}', '{name: "nginx:1.29", tag: "1.28"}', '{name: "ghcr.io/a/b:1"}', '"nginx:${TAG:-1.29}"',
        '"nginx:${TAG}"', '"${REG}/nginx"', "{name: nginx, tag: 1.29}", '{repository: nginx, tag: "1"}', "Nginx:1",
        "[nginx]", '"${REG:-ghcr.io}/a/b:2"', f'"redis@sha256:{"a" * 64}"',
    )],
    (PYTHON, "image: myapp:latest"),
    *[(PYTHON, f"build: {value}") for value in (
        "./srv/api/", ".", "{context: ./api, args: {A: 1}}", "{context: ../api}", "{dockerfile: Dockerfile.prod}",
        '{context: "https://github.com/a/b.git"}', "{context: api, target: dev}",
    )],
    (IMAGE, "build: {context: ., dockerfile: Dockerfile}"),
    *[(PYTHON, f"path: {value}") for value in ("./api", "api/", "./srv/api/")],
    (PYTHON, "sources: [./src, lib/]"),
    # commands
    *[(PYTHON, f"command: {value}") for value in (
        "python manage.py migrate && python manage.py runserver", '[serve, "-p", 8000]',
'"$CMD"',
    )],
    # variables
    *[(PYTHON, f"environment: {value}") for value in (
        "A=1", '{A: {variable: "${B}"}}', "{my-var: x}",
        '["MY.VAR=x"]', '["A=1", "discovery.type=single-node"]', "{xpack.security.enabled: true}",
        '["PASSWORD=$SECRET", my-var=x]', '[{A: 1}]',
    )],
    (IMAGE, "env: {A: 1}"),
    (PYTHON, "labels: {a.b: 1, com.Example.X_y: z}"),
    (PYTHON, "secrets: {token: {environment: TOKEN, env: TOKEN}}"),
    (PYTHON, "secrets: {token: {file: ./token.txt, env: TOKEN}}"),
    # services and networks
    *[(PYTHON, f"depends_on: {value}") for value in (
        "db", "[db, {cache: {condition: service_started}}]", "{db: {condition: started}}",
        "{db: {restart: true}}",
        "{db: true}",
    )],
    *[(PYTHON, f"networks: {value}") for value in (
        "edge", "{edge: {ipv4_address: 1.2.3.4}}", "{edge: {aliases: [x]}, backend: {}}",
    )],
    # the container
    *[(PYTHON, value) for value in (
        "restart: unless-stopped", 'restart: "no"', "restart: no", "restart: on-failure:5", "restart: unless_stopped",
        "container: {restart: no}", "container: {restart: on_failure}", "restart_policy: always", "mem_limit: 1.5g",
        "mem_limit: 536870912", "mem_limit: 512", "memory: 512M", "cpus: 2", "cpus: '0.5'", "cpu: 1", 'cpus: "${CPUS}"',
        'pids_limit: "100"', "pids_limit: -1", "shm_size: 1gb", "cap_add: NET_ADMIN", "tmpfs: [/tmp, /run]",
        'tmpfs: "/tmp:size=64M,mode=1777"', 'init: "true"', 'read_only: "yes"', "security_opt: [no-new-privileges]",

        "deploy: {resources: {limits: {cpus: '0.5', memory: 1.5G, pids: '10'}, reservations: {memory: 64M}}}",
        "deploy: {restart_policy: {condition: on-failure}}", "deploy: {replicas: 2}", "scale: 2", "replicas: 2",
        "user: 1000", "user: node:node", 'user: "0"', 'user: "${UID}:${GID}"',
        "privileged: true", "privileged: false", "stop_signal: 15", "stop_signal: int",
        "stop_grace_period: 30", "extra_hosts: ['a:host-gateway']", "logging: {driver: local}", "hostname: x",
        "develop: {watch: [{path: ., action: sync, target: /a}]}", "container_name: api", "links: [db]", "expose: [1]",
    )],
    *[(JOBS, value) for value in ('deploy: {replicas: "3"}', 'scale: "3"')],
    (IMAGE, "user: postgres"),
    # health checks
    *[(PYTHON, f"healthcheck: {value}") for value in (
        "{test: curl -f http://localhost:8000/health || exit 1}", "{test: [CMD, x], interval: 1m30s, start_period: 0s}",
        "false", "[CMD, x]", "curl localhost", "{cmd: [x]}", "{url: /x}", "{http: healthz}", "{disable: true}",
        '{http: "http://localhost:8000/healthz"}',
        "{test: [NONE]}", "{path: 'http://127.0.0.1/'}", "{interval: 30 seconds}", "{test: ['CMD-SHELL', 'a || b']}",
    )],
    *[(IMAGE, f"healthcheck: {value}") for value in (
        '{test: ["CMD", "redis-cli", "ping"]}', '{test: pg_isready, interval: 10, timeout: 5, retries: "5"}',
        '{test: ["CMD-SHELL", "pg_isready -U $$POSTGRES_USER"], start_period: 0s}',
    )],
    (NODE, "build: {context: ./web, target: dev}"),
]  # fmt: skip

_REMOVED = ("remove it", "leave it out", "not supported", "only a worker", "name the capabilities")
# What stands around the values of a fix.
_AROUND = re.compile(
    r"^.*?(?:write |put it in quotes: )(?:both as one: |each variable as |[a-z ]+, as )?"
    r"|: secrets here.*|, which is published.*|: a port is.*|, without a variable.*|, the shortest.*"
    r"|; (?:another name|a bind mount|its options|the Dockerfile|Compose fills|or dev: true).*"
)


def _text(service: dict[str, Any]) -> str:
    spec = {"version": 1, "project": "p", "services": {"a": service, "db": IMAGE, "cache": IMAGE}}
    return yaml.safe_dump(spec, sort_keys=False, allow_unicode=True)


def _errors(service: dict[str, Any]) -> list[Finding]:
    resolved, findings = resolve(parse(_text(service), "services.yaml"), Library(HERE)), Findings()
    findings.add(resolved.findings)
    with findings.collecting():
        Checked(resolved).refuse()
    return findings.errors


def _marks(node: yaml.Node, path: KeyPath = ()) -> Iterator[tuple[tuple[int, int], KeyPath]]:
    """Yield the place of each value with its path."""
    yield (node.start_mark.line + 1, node.start_mark.column + 1), path
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _marks(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _marks(value, (*path, index))


def _path(service: dict[str, Any], finding: Finding) -> KeyPath:
    """Return where in the service the finding is: at the value that its message names, at its line and column."""
    place = (finding.location.line, finding.location.column)
    node = yaml.compose(_text(service))
    assert node is not None
    found = [path for mark, path in _marks(node) if mark == place]
    named = [path for path in found if finding.message.startswith(".".join(map(str, path)))]
    assert named, f"{finding} is at {place}, where {found} start"
    return max(named, key=len)[2:]


def _paste(service: dict[str, Any], path: KeyPath, fix: str) -> None:
    """Do what the fix says to the value at `path`.

    What is to be written takes the place of the value, in the same mapping or list. Where it has the key of a mapping
    above, it stands for that one.
    """
    if override := re.search(r"which Compose reads by itself: (.*)", fix):
        assert list(yaml.safe_load(f"{{{override[1]}}}")["services"]) == ["a"]
    if fix.startswith("add "):
        _merge(_at(service, path), yaml.safe_load(f"{{{fix.removeprefix('add ')}}}"))
        return
    if not path:  # of the service as a whole
        _merge(service, yaml.safe_load(f"{{{_AROUND.sub('', fix)}}}"))
        return
    holder, last = _at(service, path[:-1]), path[-1]
    if fix.startswith(_REMOVED):
        holder.pop(last)
        return
    shown = _AROUND.sub("", fix).replace(", for the container environment:", ", environment:")
    if isinstance(holder, list):
        holder[int(last) : int(last) + 1] = yaml.safe_load(f"[{shown}]")
        return
    written = yaml.safe_load(f"{{{shown}}}")
    above = next((index for index, step in enumerate(path) if step in written), len(path) - 1)
    if above < len(path) - 1 or last not in written:
        holder.pop(last)
    _merge(_at(service, path[:above]), written)


def _at(values: Any, path: KeyPath) -> Any:
    for step in path:
        values = values[step]
    return values


def _merge(target: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            _merge(target[key], value)
        else:
            target[key] = value


@pytest.mark.parametrize(("base", "typed"), PASTED)
def test_what_the_fixes_say_is_valid(base: dict[str, Any], typed: str) -> None:
    service = {**deepcopy(base), **yaml.safe_load(typed)}
    findings = _errors(service)
    assert findings, "nothing is wrong with it"
    places = [(_path(service, finding), finding.fix) for finding in findings]
    for path, fix in reversed(places):  # entries that become several come behind those that are still to be pasted
        _paste(service, path, fix)
    assert [str(finding) for finding in _errors(service)] == []
