"""The Compose file for development: which stage runs, what is done with a source, and what is left out."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from generator.model.project import Project
from generator.text.errors import SpecError
from tests.support import Values, loaded, rendered

PYTHON: Values = {"kind": "python", "command": ["serve"], "ports": [8000]}
NODE: Values = {"kind": "node", "command": ["node", "src/server.js"], "ports": [3000]}
BUILT: Values = {**NODE, "build": "build"}
WORKER: Values = {"kind": "worker", "image_of": "api", "command": ["work"]}
RELOADING: Values = {"dev_command": ["serve", "--reload"]}


def _spec(services: Values, dev: Any = True) -> Values:
    return {"version": 1, "project": "p", "dev": dev, "services": services}


def _developed(services: Values) -> Any:
    return yaml.safe_load(rendered(_spec(services))["compose.dev.yaml"])["services"]


def _sources(service: Any) -> set[str]:
    """Return what is done with sources: what is not synchronised is told from manifests by its folder."""
    watch = service["develop"]["watch"]
    return {one["action"] for one in watch if one["path"].endswith("/src")}


@pytest.mark.parametrize(
    ("service", "stage", "action"),
    [
        (PYTHON, "dev", "sync+restart"),
        ({**PYTHON, **RELOADING}, "dev", "sync"),
        ({**PYTHON, **RELOADING, "dev_action": "sync+restart"}, "dev", "sync+restart"),
        (NODE, "dev", "sync+restart"),
        ({**NODE, "runtime": "bun", **RELOADING}, "dev", "sync"),
        (BUILT, "dev", "rebuild"),
        ({**BUILT, **RELOADING}, "dev", "sync"),
        ({**BUILT, "output": "static"}, "runtime", "rebuild"),
        ({**BUILT, "output": "static", **RELOADING}, "dev", "sync"),
        ({**BUILT, "output": "standalone"}, "runtime", "rebuild"),
    ],
)
def test_what_is_done_with_a_source(service: Values, stage: str, action: str) -> None:
    found = _developed({"api": service})["api"]
    assert found["build"]["target"] == stage
    assert _sources(found) == {action}
    # Only what is synchronised is written into the container.
    assert found.get("read_only") is (None if action == "rebuild" else False)


@pytest.mark.parametrize(
    ("owner", "user", "action"),
    [
        (PYTHON, WORKER, "sync+restart"),
        ({**PYTHON, **RELOADING}, WORKER, "sync+restart"),
        ({**PYTHON, **RELOADING}, {"kind": "image", "image_of": "api"}, "sync"),
        (BUILT, WORKER, "rebuild"),
        ({**BUILT, **RELOADING}, WORKER, "rebuild"),
        ({**BUILT, **RELOADING}, {**WORKER, "dev_action": "sync"}, "sync"),
    ],
)
def test_what_runs_the_image_of_another_service(owner: Values, user: Values, action: str) -> None:
    found = _developed({"api": owner, "other": user})
    assert _sources(found["other"]) == {action}
    assert found["other"]["build"] == {"context": "services/api", "target": "dev"}


def test_what_runs_once_is_not_run_again() -> None:
    job: Values = {"kind": "job", "command": ["migrate"]}
    ending: Values = {"kind": "image", "image_of": "api", "command": ["x"], "container": {"restart": "no"}}
    found = _developed(
        {
            "api": PYTHON,
            "own": {**job, "runtime": "python"},
            "shared": {**job, "image_of": "api"},
            "ending": ending,
        }
    )
    assert found.keys() == {"api", "own"}
    assert found["own"] == {"build": {"target": "dev"}}


def test_what_nothing_is_generated_for_is_left_alone() -> None:
    written: Values = {"kind": "dockerfile", "path": "index", "command": ["index"]}
    database: Values = {"kind": "image", "image": {"name": "postgres", "tag": "18"}}
    shared: Values = {"kind": "image", "image_of": "index", "command": ["other"]}
    assert _developed({"api": PYTHON, "db": database, "index": written, "more": shared}).keys() == {"api"}


def test_words_of_the_team_count_instead() -> None:
    own: Values = {"watch": [{"action": "sync+exec", "path": "src", "target": "/src", "exec": {"command": ["x"]}}]}
    found = _developed({"api": {**PYTHON, "compose": {"develop": own}}})
    assert found == {"api": {"build": {"target": "dev"}, "read_only": False}}


def test_paths_start_at_the_build_context() -> None:
    """A member of a workspace: the folders of its packages, and what lies beside the lock file."""
    workspace: Values = {
        "root": "apps",
        "member": {"name": "web", "path": "web"},
        "packages": [{"name": "lib", "path": "lib", "artifacts": ["src"]}, {"name": "types", "path": "types"}],
        "files": ["tsconfig.json"],
    }
    workspace["packages"][1] |= {"build": "build", "artifacts": ["dist"]}
    found = _developed({"web": {**NODE, **RELOADING, "path": "apps/web", "sources": ["src"], "workspace": workspace}})
    watched = {one["path"]: (one["action"], one.get("target")) for one in found["web"]["develop"]["watch"]}
    assert watched == {
        "apps/lib": ("sync", "/app/lib"),
        "apps/types": ("rebuild", None),
        "apps/web/src": ("sync", "/app/web/src"),
        "apps/package.json": ("rebuild", None),
        "apps/package-lock.json": ("rebuild", None),
        "apps/tsconfig.json": ("rebuild", None),
        "apps/web/package.json": ("rebuild", None),
        "apps/web/Dockerfile": ("rebuild", None),
    }


def test_what_a_step_reads_builds_again() -> None:
    steps: Values = {"before_dependencies": {"tools": {"copy": "tools", "to": "/opt/tools"}}}
    found = _developed({"api": {**PYTHON, "steps": steps, "dockerfile": "gpu.Dockerfile"}})
    built = [one["path"] for one in found["api"]["develop"]["watch"] if one["action"] == "rebuild"]
    assert {"services/api/tools", "services/api/gpu.Dockerfile"} <= {*built}


@pytest.mark.parametrize(
    ("ignore", "source", "expected"),
    [
        (["**/*.tmp"], "src", {"**/*.tmp"}),
        (["src/data", "*/more/*.bin", "other"], "src", {"data", "more/*.bin"}),
        (["src/data", "other"], ".", {"src/data", "other"}),
    ],
)
def test_what_an_ignore_file_leaves_out_is_not_synchronised(ignore: list[str], source: str, expected: set[str]) -> None:
    [watched, *_] = _developed({"api": {**PYTHON, "sources": [source], "ignore": ignore}})["api"]["develop"]["watch"]
    assert expected <= {*watched["ignore"]}
    assert not {"other", "data"} - expected & {*watched["ignore"]}
    # Secrets, and keys of SSH but for sources that begin like one.
    assert {"**/*.[Pp][Ee][Mm]", "**/.[Ee][Nn][Vv]*", "**/[Ii][Dd]_*"} <= {*watched["ignore"]}


def test_equal_lists_are_one() -> None:
    services: Values = {"api": {**PYTHON, "sources": ["src", "more"]}, "b": {**PYTHON, "ports": [8001]}}
    text = rendered(_spec(services))["compose.dev.yaml"]
    assert (text.count("&ignored"), text.count("*ignored")) == (1, 3)


def _stage(service: Values) -> str:
    text = rendered(_spec({"api": service}))["services/api/Dockerfile"]
    return text.partition("AS dev\n")[2].partition("\nFROM ")[0]


def test_the_stage_has_what_compose_needs_of_it() -> None:
    stage = _stage(
        {
            **PYTHON,
            "packages": {"build": [], "runtime": ["libpq5"]},
            "volumes": {"media": "/app/media"},
            "stop_signal": "SIGINT",
        }
    )
    for line in ("'libpq5'", "RUN ln -s src /app", "/app/media", "STOPSIGNAL SIGINT", "/opt/healthcheck/http.py"):
        assert line in stage


def test_the_stage_has_the_environment_of_the_service_and_not_that_it_is_production() -> None:
    stage = _stage({**NODE, "env": {"API_PREFIX": "/v1"}})
    assert 'API_PREFIX="/v1"' in stage
    assert "NODE_ENV" not in stage


def test_the_stage_says_which_steps_it_does_not_have() -> None:
    stage = _stage({**PYTHON, "steps": {"after_runtime": {"more": {"env": {"A": "1"}}}}})
    assert "# Steps of after_runtime are for the image that ships" in stage


def test_without_it_nothing_else_is_written() -> None:
    """The one file, and in the Dockerfile nothing but the stage, so that an image that ships is the same."""
    service: Values = {**PYTHON, "packages": {"build": [], "runtime": ["libpq5"]}, "sources": ["."], "path": "."}
    plain, more = rendered(_spec({"api": service}, False)), rendered(_spec({"api": service}))
    assert more.keys() - plain.keys() == {"compose.dev.yaml"}
    assert plain["compose.yaml"] == more["compose.yaml"]
    assert (
        plain["Dockerfile"].partition("FROM base AS runtime")[2]
        == more["Dockerfile"].partition("FROM base AS runtime")[2]
    )
    added = {*more["Dockerfile.dockerignore"].splitlines()} - {*plain["Dockerfile.dockerignore"].splitlines()}
    assert added == {"compose.dev.yaml"}


@pytest.mark.parametrize(
    ("services", "path", "code"),
    [
        ({"db": {"kind": "image", "image": {"name": "x", "tag": "1"}}}, ("dev",), "dev-without-services"),
        ({"api": {**BUILT, "output": "static", "dev_action": "sync"}}, ("api",), "dev-action-impossible"),
        (
            {"api": {**BUILT, "output": "static"}, "b": {**WORKER, "dev_action": "sync"}},
            ("b",),
            "dev-action-impossible",
        ),
        ({"api": PYTHON, "b": {**WORKER, "kind": "job", "dev_action": "sync"}}, ("b",), "dev-action-impossible"),
        (
            {"api": {"kind": "dockerfile", "path": "x"}, "c": PYTHON, "b": {**WORKER, "dev_action": "sync"}},
            ("b",),
            "dev-action-impossible",
        ),
    ],
)
def test_what_has_no_effect_is_told(services: Values, path: tuple[str, ...], code: str) -> None:
    with pytest.raises(SpecError) as told:
        loaded(_spec(services))
    assert [finding.code for finding in told.value.findings] == [code]
    assert told.value.findings[0].message.startswith(path[0])


def test_an_action_without_the_file_is_kept_for_later() -> None:
    found: Project = loaded(_spec({"api": {**BUILT, "output": "static", "dev_action": "sync"}}, False))[1]
    assert not found.dev
