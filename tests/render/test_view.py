"""The view that templates are rendered from: plain data, which a data file can stand for."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from hypothesis import given

from generator.detect.managers import MANAGERS, managers_of
from generator.model.artefacts import ARTEFACTS, in_folder
from generator.model.names import RUNTIMES
from generator.render.environment import make_environment
from generator.render.tree import render
from generator.render.view import as_data
from generator.render.view_builder import project_view
from tests.strategies import specs
from tests.support import Values, case_names, loaded, project_of, rendered, values_of


def _built(spec: Values) -> Any:
    view = as_data(project_view(loaded({"version": 1, "project": "p", "services": {"api": spec}})[1]))
    return view["services"][0]["view"]


@pytest.mark.parametrize("name", case_names())
def test_a_data_file_can_stand_for_the_models(name: str) -> None:
    _, project = project_of(name)
    read_back = json.loads(json.dumps(as_data(project_view(project))))
    built = [item for item in read_back["services"] if item["path"] is not None]
    files = {
        artefact.name: make_environment().get_template(artefact.template).render(project=read_back, built=built)
        for artefact in ARTEFACTS
        if not artefact.of_service and (artefact.switch is None or project.dev)
    }
    for artefact in (one for one in ARTEFACTS if one.of_service):
        for item in built:
            text = make_environment().get_template(artefact.template).render(item=item)
            files[in_folder(item["path"], artefact.named(item.get("dockerfile")))] = text
    assert files == render(project)


@given(specs())
def test_templates_see_what_the_spec_says(spec: Values) -> None:
    resolved, project = loaded(spec)
    for item in as_data(project_view(project))["services"]:
        assert item["service"] == values_of(resolved, item["name"])


def test_what_is_worked_out_names_no_manager() -> None:
    """A package manager is known to its own template, its facts and its detection."""
    known = MANAGERS.keys() - {"bun"}  # a runtime as well
    for runtime in RUNTIMES:
        for manager in managers_of(runtime):
            kind = "python" if runtime == "python" else "node"
            view = _built({"kind": kind, "runtime": runtime, "manager": manager, "command": ["x"], "ports": [1]})
            # It has the values that presets give to the manager, and nothing else.
            del view["paths"]["allowed"], view["paths"]["secret"], view["images"]
            assert not [name for name in known - {manager} if name in json.dumps(view)], manager


PYTHON: Values = {"kind": "python", "command": ["serve"], "ports": [8000]}
NODE: Values = {"kind": "node", "command": ["serve"], "ports": [{"target": 3000, "published": 8080}]}


def test_ports_are_spelled_out() -> None:
    assert _built(PYTHON)["ports"] == [{"target": 8000, "published": 8000}]
    assert _built(NODE)["ports"] == [{"target": 3000, "published": 8080}]


CURL = ["--fail", "--silent", "--output", "/dev/null", "--max-time", "2"]


@pytest.mark.parametrize(
    ("service", "command", "script"),
    [
        (PYTHON, ["python", "-IS", "/opt/healthcheck/http.py", "8000", "/healthz"], "probe_http.py"),
        (NODE, ["node", "/opt/healthcheck/http.cjs", "3000", "/healthz"], "probe_http.cjs"),
        ({**NODE, "runtime": "bun"}, ["bun", "/opt/healthcheck/http.cjs", "3000", "/healthz"], "probe_http.cjs"),
        ({**PYTHON, "healthcheck": {"http": None, "command": ["check", "it"]}}, ["check", "it"], None),
        (
            {**NODE, "output": "static", "build": "build"},
            ["curl", *CURL, "http://127.0.0.1:3000/healthz"],
            None,
        ),
        (
            {"kind": "worker", "runtime": "python", "command": ["work"]},
            ["python", "-IS", "/opt/healthcheck/heartbeat.py", "/tmp/worker-heartbeat", "60"],
            "probe_heartbeat.py",
        ),
    ],
)
def test_probes(service: Values, command: list[str], script: str | None) -> None:
    probe = _built(service)["probe"]
    assert (probe["command"], probe["script"]) == (command, script)


def test_no_probe() -> None:
    assert _built({**PYTHON, "healthcheck": None})["probe"] is None


def _env(view: Any) -> dict[str, str]:
    return {variable["name"]: variable["value"] for variable in view["env"]}


def test_the_environment_of_a_service_wins() -> None:
    assert _env(_built(PYTHON))["PATH"] == "/opt/app/bin:/opt/venv/bin:$PATH"
    assert _env(_built({**PYTHON, "package": False}))["PYTHONPATH"] == "/app"
    assert _env(_built({**PYTHON, "env": {"PATH": "/mine"}}))["PATH"] == "/mine"


def test_options_of_node_add_up() -> None:
    service = {**NODE, "manager": "yarn", "install": {"linker": "pnp"}, "env": {"NODE_OPTIONS": "--trace-warnings"}}
    options = _env(_built(service))["NODE_OPTIONS"]
    assert options == "--require=/app/.pnp.cjs --experimental-loader=/app/.pnp.loader.mjs --trace-warnings"
    assert "NODE_OPTIONS" in [variable["name"] for variable in _built(service)["javascript"]["dev_env"]]


@pytest.mark.parametrize(("version", "found"), [("3.11", True), ("3.12", False), ("3.13.1", False), ("3", False)])
def test_what_older_images_have(version: str, found: bool) -> None:
    assert _built({**PYTHON, "python": version})["python"]["setuptools"] == found


WORKSPACE: Values = {
    **NODE,
    "path": "apps/web",
    "build": "build",
    "sources": ["src"],
    "artifacts": [".next/static", ".next/standalone"],
    "workspace": {
        "root": ".",
        "member": {"name": "@a/web", "path": "apps/web"},
        "packages": [
            {"name": "@a/types", "path": "packages/types", "build": "tsc", "artifacts": []},
            {"name": "@a/lib", "path": "packages/lib", "artifacts": ["src"]},
        ],
        "files": ["tsconfig.json"],
    },
}


def test_a_member_of_a_workspace() -> None:
    view = _built(WORKSPACE)
    paths = view["paths"]
    assert (paths["context"], paths["dockerfile"], paths["home"]) == (".", "apps/web/Dockerfile", "apps/web/")
    assert paths["members"] == ["packages/types", "packages/lib", "apps/web"]
    assert paths["project"] == ["packages/types", "packages/lib", "apps/web/package.json", "apps/web/src"]
    assert paths["refused"] == ["packages/types/dist", "**/*.tsbuildinfo", "**/node_modules"]
    javascript = view["javascript"]
    assert javascript["node_modules"] == ["node_modules", "packages/lib/node_modules", "apps/web/node_modules"]
    assert [script["name"] for script in javascript["scripts"]] == ["tsc", "build"]
    assert javascript["made"] == ["apps/web/.next"]


def test_a_task_runner_finds_the_scripts_of_packages() -> None:
    scripts = _built({**WORKSPACE, "task_runner": "turbo"})["javascript"]["scripts"]
    assert [(script["name"], script["package"]["name"]) for script in scripts] == [("build", "@a/web")]


def test_a_project_of_its_own_has_empty_lists() -> None:
    view = _built({**PYTHON, "path": "services/api"})
    assert (view["member"], view["packages"], view["paths"]["members"], view["paths"]["beside"]) == (None, [], [], [])
    assert (view["paths"]["context"], view["paths"]["dockerfile"]) == ("services/api", None)


@pytest.mark.parametrize(
    ("web", "other", "in_image", "in_compose"),
    [
        ({}, {"ports": [{"target": 8000, "published": 8001}]}, "8000", None),
        ({}, {"ports": [9000]}, "8000", "9000"),
        ({}, {"ports": [9000], "command": ["serve", "--bind", ":9000"]}, "8000", None),
        ({"command": ["serve", "--bind=0.0.0.0:8000"]}, {"ports": [{"target": 8000, "published": 8001}]}, None, None),
        ({"command": ["serve", "--bind=0.0.0.0:8000"]}, {"ports": [9000]}, None, "9000"),
        ({"env": {"PORT": "8001"}}, {"ports": [9000], "environment": {"PORT": "9001"}}, "8001", "9001"),
    ],
)
def test_the_first_port_is_said_once(web: Values, other: Values, in_image: str | None, in_compose: str | None) -> None:
    shared = {"image_of": "web", "networks": ["edge", "backend"], **other}
    first = {"kind": "python", "ports": [8000], "command": ["serve"], **web}
    files = rendered({"version": 1, "project": "p", "services": {"web": first, "other": shared}})
    shipped = files["services/web/Dockerfile"].rpartition("FROM ")[2]
    assert re.findall(r'\bPORT="(.*)"', shipped) == ([in_image] if in_image else [])
    written = yaml.safe_load(files["compose.yaml"])["services"]["other"].get("environment", {})
    assert written.get("PORT") == in_compose
