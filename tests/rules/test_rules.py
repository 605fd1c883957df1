"""Each rule with what it catches, and with the nearest thing that it has to let through."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from generator.checks import rules
from generator.checks.validate import validate
from generator.model.project import Project
from generator.text.errors import Finding, KeyPath, Location, SpecError
from tests.support import loaded, resolved_spec

Values = dict[str, Any]
ROOT = Path(rules.__file__).parent
MODULES = sorted(file.stem for file in ROOT.glob("*.py") if file.stem != "__init__")

PYTHON: Values = {"kind": "python", "command": ["serve"], "ports": [8000]}
NODE: Values = {"kind": "node", "command": ["serve"], "ports": [3000]}
JOBS: Values = {"kind": "worker", "runtime": "python", "command": ["work"]}
JOB: Values = {"kind": "job", "runtime": "python", "command": ["migrate"]}
IMAGE: Values = {"kind": "image", "image": {"name": "nginx", "tag": "1"}}
REDIS: Values = {"kind": "image", "presets": ["redis"]}
OF_A: Values = {"kind": "image", "image_of": "a"}
DISTROLESS: Values = {"presets": ["hardened"]}
HARDENED: Values = {"presets": ["hardened-images"]}
GIT = ["git", "openssh-client=1:10.*"]
PROBE: Values = {"interval": "1s", "timeout": "1s", "start_period": "1s", "start_interval": "1s", "retries": 1}
SECRET: Values = {"target": "/run/a"}
WRITTEN: Values = {"kind": "dockerfile", "ports": [9000]}
TOOLS: Values = {"profiles": ["tools"]}
GPU: Values = {"dockerfile": "gpu.Dockerfile"}
SHA: Values = {"SHA": {"variable": "GIT_SHA"}}
RUN_N: Values = {"n": {"run": [["true"]]}}
MOUNTS_N: Values = {"run": [["true"]], "mounts": [{"type": "secret", "id": "n"}]}
WORKSPACE: Values = {"root": "frontend", "member": {"name": "a", "path": "apps/a"}, "packages": [], "files": []}
ALONE: Values = {"packages": [], "files": []}

# rule, services, the path that is reported (None: nothing may be found)
_NATIVE: Values = {"rebuild": ["bcrypt"], "packages": {"build": ["g++", "make", "python3"]}}

UI: Values = {"kind": "assets", "runtime": "node", "path": "ui", "build": "build", "sources": ["src"]}
TABLE: list[tuple[str, Values, str | None]] = [
    ("bake", {"a": {**PYTHON, "platforms": ["linux/arm64"], "variables": {"SHA": {"variable": "REVISION"}}}}, None),
    ("bake", {"a": {**PYTHON, "variables": {"SHA": {"variable": "true"}}}}, "a.variables.SHA"),
    ("bake", {"a": {**PYTHON, "variables": {"SHA": {"variable": "TAG"}}}}, "a.variables.SHA"),
    ("bake", {"check": PYTHON}, "check"),
    ("bake", {"check": IMAGE}, None),
    ("service_paths", {"a": PYTHON, "b": {**NODE, "path": "services/a"}}, "b.path"),
    ("service_paths", {"a": {**PYTHON, "path": "."}, "b": {**NODE, "path": "."}}, "b.path"),
    ("service_paths", {"a": {**PYTHON, "path": "x"}, "b": {**PYTHON, "path": "x", **GPU}}, None),
    ("service_paths", {"a": {**PYTHON, "path": "x", **GPU}, "b": {**PYTHON, "path": "x", **GPU}}, "b.path"),
    ("service_paths", {"a": {**PYTHON, "path": "x"}, "b": {**PYTHON, "path": "X", **GPU}}, "b.path"),
    ("service_paths", {"a": {**PYTHON, "path": "x"}, "b": {**WRITTEN, "path": "x"}}, "b.path"),
    ("service_paths", {"a": {**WRITTEN, "path": "x"}, "b": {**WRITTEN, "path": "x", "target": "other"}}, None),
    ("shared_images", {"a": WRITTEN, "b": {**OF_A, "kind": "job", "command": ["fill"]}}, None),
    ("shared_images", {"a": WRITTEN, "b": {**OF_A, "kind": "job"}}, "b"),
    ("health", {"a": {**WRITTEN, "healthcheck": {"http": "/", **PROBE}}}, "a.healthcheck"),
    ("variables", {"a": {**WRITTEN, "variables": {"API_TOKEN": "x"}}}, "a.variables.API_TOKEN"),
    (
        "secrets",
        {"a": {**WRITTEN, "secrets": {"n": {"file": "n"}}}, "b": {**PYTHON, "secrets": {"n": SECRET}}},
        "b.secrets.n",
    ),
    ("service_paths", {"a": {**PYTHON, "path": "x/Dockerfile"}}, "a.path"),
    ("service_paths", {"a": {**PYTHON, "path": "compose.yaml"}}, "a.path"),
    ("service_paths", {"a": {**PYTHON, "path": "dockerfile"}}, "a.path"),
    ("service_paths", {"a": {**PYTHON, "path": "srv/API"}, "b": {**NODE, "path": "srv/api"}}, "b.path"),
    ("service_paths", {"a": {**PYTHON, "path": "github.com/x/y"}}, "a.path"),
    ("service_paths", {"a": {**PYTHON, "path": "git@host/y"}}, "a.path"),
    ("service_paths", {"a": {**NODE, "workspace": {**WORKSPACE, "root": "github.com/x"}}}, "a.workspace.root"),
    ("service_paths", {"a": {**PYTHON, "path": "src/github.com/x"}}, None),
    ("service_paths", {"a": {**PYTHON, "path": "."}, "b": {**NODE, "path": "dockerfiles"}}, None),
    ("service_paths", {"a": PYTHON, "b": {**NODE, "path": "services/a/b"}}, None),
    ("ports", {"a": PYTHON, "b": {**NODE, "ports": [8000]}}, "b.ports.0"),
    ("ports", {"a": {**PYTHON, "ports": [1, {"target": 2, "published": 1}]}}, "a.ports.1"),
    ("ports", {"a": PYTHON, "b": {**NODE, "ports": [{"target": 8000, "published": 8001}]}}, None),
    ("dependencies", {"a": {**PYTHON, "depends_on": {"b": "started"}}}, "a.depends_on.b"),
    ("dependencies", {"a": {**PYTHON, "depends_on": {"a": "started"}}}, "a.depends_on.a"),
    ("dependencies", {n: {**JOBS, "depends_on": {"ba"[n == "b"]: "started"}} for n in "ab"}, "b.depends_on.a"),
    ("dependencies", {"a": {**PYTHON, "depends_on": {"q": "started"}}, "q": REDIS}, None),
    ("health", {"a": {**PYTHON, "ports": []}}, "a.healthcheck"),
    ("health", {"a": {**IMAGE, "healthcheck": {"http": "/", **PROBE}}}, "a.healthcheck"),
    ("health", {"a": {**PYTHON, "depends_on": {"b": "healthy"}}, "b": IMAGE}, "a.depends_on.b"),
    ("health", {"a": {**PYTHON, "depends_on": {"b": "started"}}, "b": IMAGE}, None),
    ("health", {"a": {**PYTHON, "depends_on": {"b": "healthy"}}, "b": REDIS}, None),
    ("health", {"a": {**PYTHON, "ports": [], "healthcheck": None}}, None),
    ("health", {"a": {**PYTHON, "ports": [], "healthcheck": {"http": None, "command": ["x"]}}}, None),
    ("health", {"a": {**IMAGE, "healthcheck": {"command": ["x"], **PROBE}}}, None),
    ("networks", {"a": {**PYTHON, "networks": ["edge", "other"]}}, "a.networks.1"),
    ("networks", {"a": {**PYTHON, "networks": ["backend"]}}, "a.ports"),
    ("networks", {"a": {**JOBS, "networks": ["backend"]}}, None),
    ("networks", {"a": {**PYTHON, "networks": ["edge"]}}, None),
    ("secrets", {n: {**JOBS, "secrets": {"s": {**SECRET, "file": n}}} for n in "ab"}, "b.secrets.s"),
    ("secrets", {"a": {**JOBS, "secrets": {"s": SECRET}}, "b": {**JOBS, "secrets": {"s": {"env": "S"}}}}, None),
    ("secret_variables", {"a": {**PYTHON, "secrets": {"my-tok": SECRET, "my.tok": SECRET}}}, "a.secrets.my.tok"),
    (
        "secret_variables",
        {"a": {**JOBS, "secrets": {"t": SECRET}}, "b": {**JOBS, "secrets": {"u": {**SECRET, "variable": "T"}}}},
        "b.secrets.u",
    ),
    ("secret_variables", {n: {**JOBS, "secrets": {n + "t": {**SECRET, "variable": "T"}}} for n in "ab"}, None),
    ("secret_variables", {"a": {**PYTHON, "secrets": {"t-k": SECRET, "t.k": {**SECRET, "file": "k"}}}}, None),
    ("volumes", {"a": {**JOBS, "volumes": {"b-c": "/d"}}, "a-b": {**JOBS, "volumes": {"c": "/d"}}}, "a-b.volumes.c"),
    ("volumes", {"a": {**JOBS, "volumes": {"b": "/d", "c": "/d"}}}, "a.volumes.c"),
    ("volumes", {"a": {**JOBS, "volumes": {"c": "/d"}}, "b": {**JOBS, "volumes": {"c": "/d"}}}, None),
    ("volumes", {"a": {**JOBS, "volumes": {"c": "/d"}}, "b": {**OF_A, "volumes": {"c": "/d"}}}, None),
    ("volumes", {"b": {**OF_A, "volumes": {"c": "/d", "e": "/d"}}, "a": JOBS}, "b.volumes.e"),
    ("shared_images", {"b": OF_A}, "b.image_of"),
    ("shared_images", {"a": IMAGE, "b": OF_A}, "b.image_of"),
    ("shared_images", {"a": {"kind": "image", "image_of": "a"}}, "a.image_of"),
    ("shared_images", {"b": OF_A, "a": {**OF_A, "image_of": "c"}, "c": NODE}, "b.image_of"),
    ("jobs", {"a": {**JOB, "container": {"restart": "always"}}}, "a.container.restart"),
    ("jobs", {"a": {**JOB, "container": {"restart": "on-failure:3"}}}, None),
    ("health", {"a": {**PYTHON, "depends_on": {"b": "completed"}}, "b": JOB}, None),
    ("health", {"a": {**PYTHON, "depends_on": {"b": "completed"}}, "b": IMAGE}, "a.depends_on.b"),
    ("health", {"a": {**PYTHON, "depends_on": {"b": "healthy"}}, "b": JOB}, "a.depends_on.b"),
    ("shared_images", {"a": JOBS, "b": {**OF_A, "volumes": {"c": "/d"}}}, None),
    ("shared_images", {"b": OF_A, "a": NODE}, None),
    ("shared_images", {"a": NODE, "b": {**OF_A, "kind": "job"}}, "b"),
    ("shared_images", {"a": NODE, "b": {**OF_A, "kind": "job", "command": ["migrate"]}}, None),
    ("shared_images", {"a": PYTHON, "b": {**OF_A, "kind": "worker", "framework": "rq"}}, None),
    ("shared_images", {"a": PYTHON, "b": {**OF_A, "kind": "worker", "framework": "celery"}}, "b"),
    ("shared_images", {"a": PYTHON, "b": {**OF_A, "kind": "worker", "framework": "celery", "app": "shop"}}, None),
    ("shared_images", {"a": NODE, "b": {**OF_A, "kind": "worker", "framework": "rq"}}, "b.framework"),
    ("health", {"a": PYTHON, "b": {**OF_A, "healthcheck": {"http": "/", **PROBE}}}, "b.healthcheck"),
    ("hidden_files", {"a": {**PYTHON, "manager": "pip", "volumes": {"b": "/app"}}}, "a.volumes.b"),
    ("hidden_files", {"a": {**PYTHON, "manager": "uv", "volumes": {"b": "/opt"}}}, "a.volumes.b"),
    ("hidden_files", {"a": {**PYTHON, "manager": "uv", "volumes": {"b": "/app", "c": "/srv"}}}, None),
    ("hidden_files", {"a": {**NODE, "volumes": {"b": "/app/node_modules"}}}, "a.volumes.b"),
    ("hidden_files", {"a": {**NODE, "build": "build", "volumes": {"b": "/app/dist"}}}, "a.volumes.b"),
    ("hidden_files", {"a": {**NODE, "volumes": {"b": "/app/data", "c": "/app/dist"}}}, None),
    ("hidden_files", {"a": {**NODE, "volumes": {"b": "/usr/local"}}}, "a.volumes.b"),
    (
        "hidden_files",
        {"a": {"kind": "node", "output": "static", "build": "build", "volumes": {"b": "/usr/share/nginx"}}},
        "a.volumes.b",
    ),
    ("hidden_files", {"a": {**IMAGE, "volumes": {"b": "/app"}}}, None),
    ("image_tags", {"a": {**IMAGE, "image": {"name": "nginx", "tag": "{distribution}"}}}, "a.image.tag"),
    ("image_tags", {"a": {**IMAGE, "image": {"name": "nginx", "tag": "{version}-a"}}}, "a.image.tag"),
    ("image_tags", {"a": {**IMAGE, "image": {"name": "nginx", "tag": "1" * 129}}}, "a.image.tag"),
    ("image_tags", {"a": {**IMAGE, "image": {"registry": "a:5/b", "name": "n", "tag": "1" * 128}}, "b": NODE}, None),
    ("env_secrets", {"a": {**PYTHON, "env": {"API_TOKEN": "x"}}}, "a.env.API_TOKEN"),
    ("env_secrets", {"a": {**PYTHON, "env": {"db_password": "x"}}}, "a.env.db_password"),
    ("env_secrets", {"a": {**PYTHON, "env": {"SECRET_FILE": "/x"}}}, "a.env.SECRET_FILE"),
    ("env_secrets", {"a": {**PYTHON, "env": {"KEYBOARD": "x", "MONKEY": "x", "PUBLIC_KEY": "x"}}}, None),
    ("env_secrets", {"a": {**PYTHON, "environment": {"API_TOKEN": "x"}}}, None),
    (
        "env_secrets",
        {"a": {**PYTHON, "healthcheck": {"headers": {"Cookie": "a=b"}}}},
        "a.healthcheck.headers.Cookie",
    ),
    ("env_secrets", {"a": {**PYTHON, "healthcheck": {"headers": {"Host": "a.example.com"}}}}, None),
    ("ssh_client", {"a": {**PYTHON, "ssh": {"known_hosts": "k"}}}, "a.ssh"),
    ("ssh_client", {"a": {**PYTHON, "ssh": {"known_hosts": "k"}, "packages": {"build": ["git"]}}}, "a.ssh"),
    ("ssh_client", {"a": {**PYTHON, "ssh": {"known_hosts": "k"}, "packages": {"build": GIT}}}, None),
    ("ssh_client", {"a": PYTHON}, None),
    ("runtime_packages", {"a": {**NODE, **DISTROLESS, "packages": {"runtime": ["tini"]}}}, "a.packages.runtime"),
    ("runtime_packages", {"a": {**NODE, **DISTROLESS, "user": {"create": True}}}, "a.user.create"),
    ("runtime_packages", {"a": {**NODE, **DISTROLESS, "packages": {"build": ["gcc"]}}}, None),
    ("runtime_packages", {"a": {**PYTHON, **DISTROLESS, "packages": {"runtime": ["tini"]}}}, None),
    ("runtime_packages", {"a": {**PYTHON, **HARDENED, "packages": {"runtime": ["tini"]}}}, "a.packages.runtime"),
    ("runtime_packages", {"a": {**PYTHON, **HARDENED, "user": {"create": True}}}, "a.user.create"),
    ("runtime_packages", {"a": {**PYTHON, **HARDENED, "packages": {"build": ["gcc"]}}}, None),
    ("install_facts", {"a": {**PYTHON, "manager": "pip", "package": True}}, "a.install"),
    ("install_facts", {"a": {**NODE, "install": {"manifest": None}}}, "a.install"),
    ("install_facts", {"a": {**PYTHON, "install": {"tool": None}}}, "a.install"),
    ("install_facts", {"a": {**PYTHON, "manager": "poetry", "install": {"exporter": None}}}, "a.install"),
    ("install_facts", {"a": {**PYTHON, "manager": "pip", "install": {"lock": None}}}, "a.install"),
    ("install_facts", {"a": {**PYTHON, "manager": "pip"}}, None),
    ("outputs", {"a": {"kind": "node", "output": "static"}}, "a.output"),
    ("outputs", {"a": {"kind": "node", "output": "standalone", "ports": [3000]}}, "a.output"),
    ("outputs", {"a": {**NODE, "runtime": "bun", "output": "static", "build": "build"}}, "a.output"),
    ("outputs", {"a": {**NODE, "output": "static", "build": "b", "ports": [], "healthcheck": None}}, "a.ports"),
    ("outputs", {"a": {"kind": "node", "output": "static", "build": "build"}}, None),
    ("outputs", {"a": {**NODE, "output": "bundle", "build": "build"}}, None),
    ("outputs", {"a": NODE}, None),
    ("compilers", {"a": {**NODE, "rebuild": ["bcrypt"], "packages": {"build": ["make"]}}}, "a.rebuild"),
    (
        "compilers",
        {"a": {**NODE, "rebuild": ["bcrypt"], "packages": {"build": ["python3", "make", "g++=4:14.*"]}}},
        None,
    ),
    ("compilers", {"a": {**NODE, "rebuild": ["x"], "packages": {"build": ["build-essential", "python3"]}}}, None),
    ("compilers", {"a": NODE, "b": PYTHON}, None),
    ("passed_keys", {"a": {**PYTHON, "compose": {"logging": {"driver": "local"}, "gpus": "all"}}}, None),
    ("passed_keys", {"a": {**PYTHON, "compose": {"logging": {"driver": 1}}}}, "a.compose.logging.driver"),
    ("passed_keys", {"a": {**PYTHON, "compose": {"ports": ["9:9"]}}}, "a.compose.ports"),
    ("passed_keys", {"a": {**PYTHON, "compose": {"deploy": {"replicas": 2}}}}, None),
    ("passed_keys", {"a": {**JOBS, "compose": {"deploy": {"replicas": 2}}}}, "a.compose.deploy.replicas"),
    ("passed_names", {"a": {**PYTHON, "compose": {"secrets": ["x"]}}}, "a.compose.secrets.0"),
    ("passed_names", {"a": {**PYTHON, "compose": TOOLS}, "b": {**OF_A, "kind": "job", "command": ["b"]}}, "b.image_of"),
    (
        "passed_names",
        {"a": PYTHON, "b": {**PYTHON, "ports": [1], "compose": TOOLS, "depends_on": {"a": "started"}}},
        None,
    ),
    (
        "passed_names",
        {"a": {**PYTHON, "compose": TOOLS}, "b": {**JOBS, "depends_on": {"a": "started"}}},
        "b.depends_on.a",
    ),
    ("runtime_secrets", {"a": {**PYTHON, "runtime_secrets": {"t": {"file": "t", "env": "T_FILE"}}}}, None),
    (
        "runtime_secrets",
        {"a": {**PYTHON, "runtime_secrets": {one: {"file": one, "env": "T_FILE"} for one in ("t", "u")}}},
        "a.runtime_secrets.u.env",
    ),
    ("runtime_secrets", {"a": {**PYTHON, "runtime_secrets": {"t": {"variable": "T"}}}}, "a.runtime_secrets.t.variable"),
    (
        "runtime_secrets",
        {"a": {**PYTHON, "environment": {"T": "x"}, "runtime_secrets": {"t": {"file": "t", "env": "T_FILE"}}}},
        "a.runtime_secrets.t.env",
    ),
    ("assets", {"ui": UI, "a": {**PYTHON, "assets": {"ui": {"dist": "ui"}}}}, None),
    ("assets", {"a": {**PYTHON, "assets": {"ui": {"dist": "ui"}}}}, "a.assets.ui"),
    ("assets", {"ui": UI, "a": {**PYTHON, "assets": {"ui": {"out": "ui"}}}}, "a.assets.ui.out"),
    ("assets", {"ui": UI}, "ui"),
    ("dev_actions", {"a": {**PYTHON, "dev_action": "sync"}}, None),
    ("dev_actions", {"a": {**JOB, "dev_action": "sync"}}, "a.dev_action"),
    ("bind_mounts", {"a": {**IMAGE, "bind_mounts": {"/etc/x": "x"}}}, None),
    ("bind_mounts", {"a": {**IMAGE, "bind_mounts": {"/x": "x"}, "volumes": {"b": "/x"}}}, "a.bind_mounts./x"),
    ("bind_mounts", {"a": {**IMAGE, "bind_mounts": {"/x": "deploy/.env"}}}, "a.bind_mounts./x"),
    ("bind_mounts", {"a": {**PYTHON, "package": False, "bind_mounts": {"/app/src": "src"}}}, "a.bind_mounts./app/src"),
    ("bind_mounts", {"a": {**PYTHON, "bind_mounts": {"/opt": "src"}}}, "a.bind_mounts./opt"),
    ("bind_mounts", {"a": {**PYTHON, "bind_mounts": {"/etc/shop.toml": "shop.toml"}}}, None),
    ("variables", {"a": {**PYTHON, "labels": {"x": {"variable": "SHA"}}}}, "a.labels.x.variable"),
    ("variables", {"a": {**PYTHON, "variables": SHA, "labels": {"x": {"variable": "SHA"}}}}, None),
    ("variables", {"a": {**PYTHON, "package": False, "variables": SHA}}, "a.variables.SHA"),
    ("variables", {"a": {**PYTHON, "package": False, "variables": SHA, "steps": {"after_build": RUN_N}}}, None),
    ("variables", {"a": {**PYTHON, "package": True, "variables": SHA}}, None),
    ("variables", {"a": {**NODE, "build": None, "variables": SHA}}, "a.variables.SHA"),
    ("variables", {"a": {**NODE, "build": "build", "variables": SHA}}, None),
    ("variables", {"a": {**NODE, "build": "build", "variables": {"API_TOKEN": "x"}}}, "a.variables.API_TOKEN"),
    ("selections", {"a": {**PYTHON, "manager": "pip", "groups": ["web"]}}, "a.groups"),
    ("selections", {"a": {**PYTHON, "manager": "pipenv", "extras": ["x"]}}, "a.extras"),
    ("selections", {"a": {**PYTHON, "manager": "pipenv", "groups": ["web"]}}, None),
    ("selections", {"a": {**PYTHON, "manager": "poetry", "groups": ["web"], "extras": ["x"]}}, None),
    (
        "env_secrets",
        {"a": {**PYTHON, "steps": {"after_build": {"s": {"env": {"TOKEN": "x"}}}}}},
        "a.steps.after_build.s.env.TOKEN",
    ),
    ("steps", {"a": {**NODE, "steps": {"before_build": {"s": {"env": {"A": "x"}}}}}}, "a.steps.before_build"),
    ("steps", {"a": {**PYTHON, "steps": {"before_build": {"s": MOUNTS_N}}}}, "a.steps.before_build.s.mounts.0.id"),
    ("steps", {"a": {**PYTHON, "secrets": {"n": SECRET}, "steps": {"before_build": {"s": MOUNTS_N}}}}, None),
    ("steps", {"a": {**NODE, "build": "build", "steps": {"before_build": {"s": {"env": {"A": "x"}}}}}}, None),
    ("shells", {"a": {**NODE, **DISTROLESS, "entrypoint": ["/bin/sh", "start.sh"]}}, "a.entrypoint"),
    ("shells", {"a": {**NODE, **DISTROLESS, "command": ["bash", "-c", "serve"]}}, "a.command"),
    ("shells", {"a": {**PYTHON, **HARDENED, "command": ["bash", "-c", "serve"]}}, "a.command"),
    (
        "steps",
        {"a": {**PYTHON, **HARDENED, "steps": {"after_runtime": {"x": {"run": [["true"]]}}}}},
        "a.steps.after_runtime.x.run",
    ),
    ("hidden_files", {"a": {**PYTHON, **HARDENED, "volumes": {"x": "/usr/local/bin"}}}, None),
    ("hidden_files", {"a": {**NODE, **HARDENED, "volumes": {"x": "/usr/local/bin"}}}, None),
    (
        "shells",
        {"a": {**NODE, **DISTROLESS, "healthcheck": {"command": ["sh", "-c", "true"]}}},
        "a.healthcheck.command",
    ),
    ("shells", {"a": {**NODE, "command": ["sh", "-c", "x"]}, "b": {**NODE, **DISTROLESS, "ports": [1]}}, None),
    ("rebuild", {"a": {**NODE, "runtime": "bun", **_NATIVE}}, "a.rebuild"),
    ("selections", {"a": {**NODE, "manager": "yarn", **_NATIVE}}, "a.rebuild"),
    ("selections", {"a": {**NODE, "manager": "yarn", "install": {"linker": "node-modules"}, **_NATIVE}}, None),
    ("rebuild", {"a": {**NODE, **_NATIVE}, "b": PYTHON}, None),
    ("workspaces", {"a": {**NODE, "workspace": WORKSPACE}}, "a.workspace.member.path"),
    ("workspaces", {"a": {**NODE, "workspace": WORKSPACE, "path": "frontend/apps/a"}}, None),
    ("workspaces", {"a": {**NODE, "path": "apps/a", "workspace": {**ALONE, "root": "apps/b"}}}, "a.workspace.root"),
    ("workspaces", {"a": {**PYTHON, "path": "apps/a", "workspace": {**ALONE, "root": "apps"}}}, None),
    ("workspaces", {"a": {**PYTHON, "path": "apps/a", "workspace": {**ALONE, "root": "."}}}, None),
]


def _project(services: Values, *, dev: bool = False, bake: bool = False) -> Project:
    beside: Values = {"version": 1, "project": "p", "dev": dev, **({"bake": {}} if bake else {})}
    project, wrong = validate(resolved_spec({**beside, "services": services}))
    assert wrong == []

    # The path itself instead of its place, which presets and defaults would hide.
    def locate(path: KeyPath) -> Location:
        return Location(file=".".join(map(str, path)))

    return replace(project, locate=locate, chosen=locate)


def _found(rule: str, project: Project) -> list[Finding]:
    (check,) = [check for check in rules.RULES if check.__module__ == f"generator.checks.rules.{rule}"]
    return list(check(project))


@pytest.mark.parametrize(("rule", "services", "place"), TABLE)
def test_rule(rule: str, services: Values, place: str | None) -> None:
    found = _found(rule, _project(services, dev=rule == "dev_actions", bake=rule == "bake"))
    assert [finding.location.file for finding in found] == ([f"services.{place}"] if place else [])
    assert all(finding.message and finding.fix and re.fullmatch(r"[a-z]+(-[a-z]+)*", finding.code) for finding in found)


def test_every_rule_is_applied_and_has_both_sides_in_the_table() -> None:
    assert sorted(check.__module__.rsplit(".", 1)[-1] for check in rules.RULES) == MODULES
    assert sorted({rule for rule, _, place in TABLE if place}) == MODULES
    assert sorted({rule for rule, _, place in TABLE if not place}) == MODULES


def test_a_longer_cycle_is_told_from_start_to_end() -> None:
    services = {n: {**JOBS, "depends_on": {other: "started"}} for n, other in zip("abc", "bca", strict=True)}
    (finding,) = _found("dependencies", _project(services))
    names = finding.message.rsplit(": ", 1)[-1].split(" -> ")
    assert names[0] == names[-1]
    assert sorted(names[1:]) == ["a", "b", "c"]
    assert all(services[left]["depends_on"].keys() == {right} for left, right in pairwise(names))
    assert finding.location.file == f"services.{names[-2]}.depends_on.{names[-1]}"


def test_of_many_services_those_are_named_that_may_be_meant() -> None:
    services = {**{f"worker-{number}": REDIS for number in range(50)}, "database": REDIS}
    meant = _found("dependencies", _project({**services, "a": {**PYTHON, "depends_on": {"databse": "started"}}}))
    other = _found("dependencies", _project({**services, "a": {**PYTHON, "depends_on": {"xyz": "started"}}}))
    assert [finding.fix for finding in meant] == ["use one of database"]
    assert [finding.fix.count(", ") for finding in other] == [9]


def test_all_findings_are_told_in_the_order_of_the_file() -> None:
    services = {
        "a": {**PYTHON, "env": {"TOKEN": "x"}, "depends_on": {"nobody": "started"}},
        "b": {**NODE, "ports": [8000], "networks": ["backend"]},
    }
    with pytest.raises(SpecError) as caught:
        loaded({"version": 1, "project": "p", "services": services})
    lines = [problem.location.line for problem in caught.value.findings]
    assert len(lines) == 4
    assert lines == sorted(lines)
