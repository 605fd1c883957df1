"""What Compose takes in several forms gives the files of the one form of the models, and keeps its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from generator.layers.library import Library
from generator.layers.resolve import Resolved, resolve
from generator.layers.shorthand import commands, ports, read_spec
from generator.text.documents import parse
from generator.text.files import Repository
from generator.usecases.explain import explain
from generator.usecases.schema import preset_schema, spec_schema
from tests.support import HERE, Values, errors_of, loaded, rendered, write_files

PYTHON: Values = {"kind": "python", "command": ["serve"], "ports": [8000]}
NODE: Values = {"kind": "node", "command": ["serve"], "ports": [3000], "build": "build"}
IMAGE: Values = {"kind": "image", "image": {"name": "nginx", "tag": "1"}}
JOB: Values = {"kind": "job", "runtime": "python", "command": ["seed"]}
JOBS: Values = {"kind": "worker", "runtime": "python", "command": ["work"]}
CHECK = "interval: 30s, timeout: 3s, start_period: 30s, start_interval: 1s"
SEXAGESIMAL = "user: 999:10"  # a number to the base of 60 for PyYAML, and a text for editors
DIGEST = f"sha256:{'a' * 64}"

_PLAIN = st.characters(codec="ascii", categories=["L", "N"]) | st.sampled_from(" -=:/.,*?~#;&|")

# A service, a shorthand in it, and the form of the models.
ALIKE: list[tuple[Values, str, str]] = [
    (IMAGE, "image: postgres:18", 'image: {name: postgres, tag: "18"}'),
    (IMAGE, "image: redis", "image: {name: redis, tag: latest}"),
    (IMAGE, "image: ghcr.io/o/app:1.2", 'image: {registry: ghcr.io, name: o/app, tag: "1.2"}'),
    (IMAGE, "image: localhost:5000/x/y:1", 'image: {registry: "localhost:5000", name: x/y, tag: "1"}'),
    (
        IMAGE,
        f"image: ghcr.io/o/app:1.2@{DIGEST}",
        f'image: {{registry: ghcr.io, name: o/app, tag: "1.2", digest: "{DIGEST}"}}',
    ),
    ({}, "image: postgres:18", 'kind: image\nimage: {name: postgres, tag: "18"}'),
    (
        PYTHON,
        "image: python:3.13-slim-bookworm",
        "image: {name: python, tag: 3.13-slim-bookworm, distribution: bookworm}",
    ),
    (PYTHON, "command: uvicorn main:app --reload", 'command: [uvicorn, "main:app", "--reload"]'),
    (PYTHON, "command: nginx -g 'daemon off;'", 'command: [nginx, "-g", daemon off;]'),
    (PYTHON, 'command: run --allow * "a b" c\\ d', 'command: [run, "--allow", "*", a b, c d]'),
    (PYTHON, "entrypoint: /app/start.sh --wait", 'entrypoint: [/app/start.sh, "--wait"]'),
    (PYTHON, "dev_command: serve --reload", 'dev_command: [serve, "--reload"]'),
    (PYTHON, "command: >-\n  serve\n  --now", 'command: [serve, "--now"]'),
    (IMAGE, "command: redis-server --appendonly yes", 'command: [redis-server, "--appendonly", "yes"]'),
    (PYTHON, "healthcheck: {command: check --all}", 'healthcheck: {command: [check, "--all"]}'),
    (
        PYTHON,
        'environment: ["A=b=c", C, "D=${X:-y}", "E=${F}"]',
        "environment: {A: b=c, C: {variable: C}, D: {variable: X, default: y}, E: {variable: F}}",
    ),
    (
        PYTHON,
        "environment: {A: 1, B: True, C: 3.10, D: 2024-01-31, E: 010, F: yes, G: 12:30:45}",
        'environment: {A: "1", B: "true", C: "3.10", D: "2024-01-31", E: "010", F: "yes", G: "12:30:45"}',
    ),
    (PYTHON, 'environment: {A: "${B:-}"}', 'environment: {A: {variable: B, default: ""}}'),
    (PYTHON, 'environment: {A: "${B:?set it}"}', "environment: {A: {variable: B, message: set it}}"),
    (PYTHON, 'environment: {A: "${B:?}"}', "environment: {A: {variable: B}}"),
    (NODE, 'variables: ["A=b", "C=${C:-d}"]', "variables: {A: b, C: {variable: C, default: d}}"),
    (NODE, "variables: {A: {default: b}}", "variables: {A: {variable: A, default: b}}"),
    (PYTHON, 'env: ["A=b", "C=${D}"]', 'env: {A: b, C: "${D}"}'),
    (PYTHON, "env: {A: 1}", 'env: {A: "1"}'),
    (PYTHON, "labels: [a.b=c]", "labels: {a.b: c}"),
    (PYTHON, 'ports: ["8080:8000"]', "ports: [{target: 8000, published: 8080}]"),
    (PYTHON, 'ports: ["8000"]', "ports: [8000]"),
    (PYTHON, 'ports: ["127.0.0.1:8080:8000/tcp"]', "ports: [{target: 8000, published: 8080}]"),
    (
        PYTHON,
        'ports: [8000, "3000-3001:8001-8002", 22:22]',
        "ports: [8000, {target: 8001, published: 3000}, {target: 8002, published: 3001}, 22]",
    ),
    (
        PYTHON,
        'ports: [{target: 8000, published: "8080", protocol: tcp, host_ip: 127.0.0.1}]',
        "ports: [{target: 8000, published: 8080}]",
    ),
    (PYTHON, 'volumes: ["data:/data", {type: volume, source: x, target: /x}]', "volumes: {data: /data, x: /x}"),
    (PYTHON, "depends_on: [db, cache]", "depends_on: {db: started, cache: started}"),
    (
        PYTHON,
        "depends_on: {seed: {condition: service_completed_successfully, required: true}, db: started}",
        "depends_on: {seed: completed, db: started}",
    ),
    (PYTHON, "networks: {edge: , backend: {}}", "networks: [edge, backend]"),
    (PYTHON, "user: 1000:1001", "user: {uid: 1000, gid: 1001}"),
    (IMAGE, 'user: "999:10"', "user: {uid: 999, gid: 10}"),
    (IMAGE, SEXAGESIMAL, "user: {uid: 999, gid: 10}"),
    (JOBS, 'replicas: "3"', "replicas: 3"),
    (PYTHON, "stop_grace_period: 1m30s", "stop_grace_period: 90s"),
    (PYTHON, "stop_grace_period: 24h0m0s", "stop_grace_period: 86400s"),
    (PYTHON, "healthcheck: /ready", "healthcheck: {http: /ready}"),
    (PYTHON, 'healthcheck: {interval: 1.5s, retries: "4"}', "healthcheck: {interval: 1500ms, retries: 4}"),
    (PYTHON, "container: {tmpfs: /tmp}", "container: {tmpfs: [/tmp]}"),
    (PYTHON, "container: {restart: no, cpus: '0.5'}", 'container: {restart: "no", cpus: 0.5}'),
    (PYTHON, "container: {mem_limit: 1.5G, shm_size: 64MB}", "container: {mem_limit: 1536m, shm_size: 64m}"),
    (PYTHON, "container: {mem_limit: 536870912, pids_limit: '9'}", "container: {mem_limit: 512m, pids_limit: 9}"),
    (PYTHON, "container: {init: 'true', read_only: 'false'}", "container: {init: true, read_only: false}"),
]


def _text(values: Values, typed: str) -> str:
    """Return a spec in which the service `a` has values, and a text as it was typed."""
    kept = {key: value for key, value in values.items() if key not in yaml.safe_load(typed)}
    others = {"db": IMAGE, "cache": IMAGE, "seed": JOB}
    own = [*(f"{key}: {json.dumps(value)}" for key, value in kept.items()), *typed.split("\n")]
    lines = [f"    {line}" for line in own]
    rest = [f"  {name}: {json.dumps(value)}" for name, value in others.items()]
    return "\n".join(["version: 1", "project: p", "services:", "  a:", *lines, *rest, ""])


def _resolved(text: str, root: Path = HERE) -> Resolved:
    return resolve(parse(text, "services.yaml"), Library(root), None if root == HERE else Repository(root))


@pytest.mark.parametrize(("base", "short", "long"), ALIKE)
def test_a_shorthand_gives_the_files_of_its_long_form(base: Values, short: str, long: str) -> None:
    found = _resolved(_text(base, short)).services["a"].values
    assert found == _resolved(_text(base, long)).services["a"].values
    one, other = (
        rendered({"version": 1, "project": "p", "services": {"a": own, "db": IMAGE, "cache": IMAGE, "seed": JOB}})
        for own in (found, {**base, **yaml.safe_load(long)})
    )
    assert one == other


@pytest.mark.parametrize(("base", "short", "long"), ALIKE)
def test_a_preset_takes_the_same(base: Values, short: str, long: str, tmp_path: Path) -> None:
    kind = base.get("kind", "image")
    text = "\n".join(["kinds:", f"  {kind}:", *(f"    {line}" for line in short.split("\n")), ""])
    write_files(tmp_path, {"team.yaml": text})
    own = {key: value for key, value in {"kind": kind, **base}.items() if key not in yaml.safe_load(short)}
    spec = {"version": 1, "project": "p", "services": {"a": {**own, "presets": ["./team.yaml"]}, "db": IMAGE}}
    text = yaml.safe_dump(spec, sort_keys=False)
    found = resolve(parse(text, "services.yaml"), Library(tmp_path)).services["a"].values
    for key in yaml.safe_load(long):
        assert found[key] == _resolved(_text({"kind": kind, **base}, long)).services["a"].values[key]


def test_a_parameter_may_be_a_shorthand(tmp_path: Path) -> None:
    declared = {"run": {"type": "text"}, "at": {"type": "list"}}
    used = {"command": {"parameter": "run"}, "ports": {"parameter": "at"}}
    preset = {"parameters": declared, "defaults": used}
    write_files(tmp_path, {"team.yaml": preset})
    given = {"preset": "./team.yaml", "with": {"run": "serve --now", "at": ["8080:80"]}}
    spec = {
        "version": 1,
        "project": "p",
        "presets": [given],
        "services": {"a": {"image": "nginx:1", "networks": ["edge"]}},
    }
    values = loaded(spec, tmp_path)[0].services["a"].values
    assert (values["command"], values["ports"]) == (["serve", "--now"], [{"target": 80, "published": 8080}])


def test_a_text_replaces_the_whole_image_of_a_preset(tmp_path: Path) -> None:
    image = {"registry": "ghcr.io", "name": "nginx", "tag": "1", "digest": DIGEST}
    write_files(tmp_path, {"team.yaml": {"kinds": {"image": {"image": image}}}})
    spec = {"version": 1, "project": "p", "presets": ["./team.yaml"], "services": {"a": {"image": "nginx:2"}}}
    assert loaded(spec, tmp_path)[0].services["a"].values["image"] == {"name": "nginx", "tag": "2"}


@pytest.mark.parametrize(
    ("lower", "upper", "found"),
    [
        ({"variable": "A", "default": "x"}, "${B}", {"variable": "B"}),
        ({"variable": "A", "message": "x"}, {"literal": "$y"}, {"literal": "$y"}),
        ({"literal": "$y"}, "${B:-z}", {"variable": "B", "default": "z"}),
    ],
)
def test_one_form_of_a_variable_replaces_another(lower: Any, upper: Any, found: Values, tmp_path: Path) -> None:
    write_files(tmp_path, {"team.yaml": {"defaults": {"environment": {"A": lower}}}})
    service = {"image": "nginx:1", "environment": {"A": upper}}
    spec = {"version": 1, "project": "p", "presets": ["./team.yaml"], "services": {"a": service}}
    assert loaded(spec, tmp_path)[0].services["a"].values["environment"] == {"A": found}


def test_explain_and_errors_name_the_place_of_what_was_typed() -> None:
    typed = 'image: nginx:1\nports: ["8000-8001", "0:1"]\nenvironment: [A=b,\n  B=c]\n'
    text = _text({}, f"{typed}depends_on: {{db: {{condition: service_started}}}}")
    lines = list(explain(_resolved(text), "a"))
    assert 'image.tag: "1"  # services.yaml:5:12' in lines
    assert 'environment.B: "c"  # services.yaml:8:7' in lines
    assert 'depends_on.db: "started"  # services.yaml:9:34' in lines
    assert 'kind: "image"  # services.yaml:5:12' in lines
    assert str(_resolved(text).locate(("services", "a", "ports", 2))) == "services.yaml:6:26"


@pytest.mark.parametrize(
    "typed",
    [
        *("command: a && b", "command: a | b", "command: a > b", "command: echo $A", "command: echo `a`"),
        *("command: 'a \"b'", "command: |-\n  a\n  b", "volumes: []", "depends_on: []", "depends_on: [db, db]"),
        *('environment: ["A=1", "A=2"]', "environment: ['a.b=c']", 'ports: ["0.0.0.0:80:80"]', 'ports: ["53:53/udp"]'),
        *('ports: ["1-1000"]', 'ports: ["80-81:80"]', 'ports: ["$P:80"]', "networks: {edge: {aliases: [x]}}"),
        *("depends_on: {db: {condition: service_healthy, restart: true}}", "stop_grace_period: 0s", "user: 1000"),
        *("stop_grace_period: 1.0001s", "container: {mem_limit: 1}", "container: {restart: false}"),
        *("volumes: ['./a:/a']", "volumes: ['a:/a:ro']", "image: Nginx:1", f"image: nginx@{DIGEST}", "image: a:$TAG"),
    ],
)
def test_what_is_no_shorthand_stays_as_it_is(typed: str) -> None:
    spec = parse(_text({}, typed), "services.yaml")
    assert read_spec(spec) is spec


@given(st.lists(st.text(_PLAIN, min_size=1), min_size=1))
def test_quoted_words_are_read_back(words: list[str]) -> None:
    assert commands.words(" ".join(f"'{word}'" for word in words)) == words
    assert commands.words(" ".join(f'"{word}"' for word in words)) == words


@given(st.integers(1, 65000), st.integers(1, 65000), st.integers(0, 30))
def test_a_range_is_its_ports(target: int, published: int, more: int) -> None:
    text = f"127.0.0.1:{published}-{published + more}:{target}-{target + more}/tcp"
    read = ports.parse(text)
    assert read is not None
    assert read.ports == [ports.port(target + step, published + step) for step in range(more + 1)]


@pytest.mark.parametrize(
    ("own", "files", "found"),
    [
        ({}, ["pyproject.toml"], {"kind": "python", "runtime": "python"}),
        ({}, ["requirements.txt"], {"kind": "python", "runtime": "python"}),
        ({}, ["package.json"], {"kind": "node", "runtime": "node"}),
        ({"framework": "none"}, ["package.json"], {"kind": "worker", "runtime": "node"}),
        ({"kind": "worker"}, ["requirements.txt"], {"kind": "worker", "runtime": "python"}),
        ({"kind": "node"}, ["package.json", "pyproject.toml"], {"kind": "node", "runtime": "node"}),
        ({"image_of": "db"}, [], {"kind": "image"}),
        ({}, ["Gemfile"], {}),
    ],
)
def test_the_rest_says_what_a_service_is(own: Values, files: list[str], found: Values, tmp_path: Path) -> None:
    write_files(tmp_path, {f"services/a/{name}": "{}" if name.endswith("json") else "" for name in files})
    text = yaml.safe_dump({"version": 1, "project": "p", "services": {"a": {"command": ["x"], **own}}})
    values = _resolved(text, tmp_path).services["a"].values
    assert {key: values[key] for key in ("kind", "runtime") if key in values} == found


def test_two_manifests_are_one_error(tmp_path: Path) -> None:
    write_files(tmp_path, {"services/a/package.json": "{}", "services/a/uv.lock": ""})
    found = errors_of(_resolved("version: 1\nproject: p\nservices: {a: {framework: none}}\n", tmp_path))
    assert [finding.fix for finding in found] == ["write runtime: python or runtime: node"]


@pytest.mark.parametrize(("base", "short"), [(base, short) for base, short, _ in ALIKE if short != SEXAGESIMAL])
def test_an_editor_accepts_it(base: Values, short: str) -> None:
    typed = json.loads(json.dumps(yaml.safe_load(short), default=str))
    spec = {"version": 1, "project": "p", "services": {"a": {**base, **typed}}}
    assert [error.message for error in Draft202012Validator(spec_schema()).iter_errors(spec)] == []
    assert [error.message for error in Draft202012Validator(preset_schema()).iter_errors({"defaults": typed})] == []


def test_nothing_is_read_twice() -> None:
    for base, short, _ in ALIKE:
        once = read_spec(parse(_text(base, short), "services.yaml"))
        again = read_spec(parse(yaml.safe_dump(once.data), "services.yaml"))
        assert again.data == once.data, short
