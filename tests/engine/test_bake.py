"""docker-bake.hcl as buildx reads it: the same builds as in Compose, and the variables that each Dockerfile has."""

from __future__ import annotations

import json
import re
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings

from generator.model.bake import OWN_VARIABLES
from generator.render.tree import render
from tests.strategies import Values, baked_specs
from tests.support import loaded

from .harness import CommandFailed, Engine
from .harness.checks import required_variables
from .harness.repository import CASES, generate, replace, write_files

# Those whose services all have generated Dockerfiles; the others are in the strategy.
NAMES = sorted(file.parent.name for file in CASES.glob("*/services.yaml"))
FILE = "docker-bake.hcl"


def _read(engine: Engine, root: Path, *targets: str, **variables: str) -> dict[str, Any]:
    """Return the targets of the Bake file of a repository, as buildx reads them."""
    for secret in re.findall(r"id=[^,]+,src=([^\"]+)", (root / FILE).read_text(encoding="utf-8")):
        write_files(root, {secret: "x"})
    argv = ("buildx", "bake", f"--file={FILE}", "--print", *targets)
    # buildx looks for the agent and for the files of secrets, also where nothing is built. A path may be too long.
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as agent:
        agent.bind(f"{folder}/agent")
        environment = {"SSH_AUTH_SOCK": f"{folder}/agent", **variables}
        printed = engine.run(*argv, cwd=root, extra_environment=environment)
    found: dict[str, Any] = json.loads(printed.stdout)
    return found


def _composed(engine: Engine, root: Path, variables: Mapping[str, str]) -> dict[str, Any]:
    argv = ("compose", "--env-file=/dev/null", "config", "--format=json")
    composed: dict[str, Any] = json.loads(engine.run(*argv, cwd=root, extra_environment=variables).stdout)
    return composed


def _of_bake(target: Mapping[str, Any]) -> Values:
    """Return what a target builds; what buildx prints as HCL would read it again is as it was meant."""
    arguments = {key: value.replace("$${", "${").replace("%%{", "%{") for key, value in target.get("args", {}).items()}
    return {
        "context": target["context"],
        "dockerfile": target.get("dockerfile", "Dockerfile"),
        "target": target.get("target"),
        "args": arguments,
        "secrets": sorted((one["id"], one.get("src") or one["env"]) for one in target.get("secret", [])),
        "ssh": [one["id"] for one in target.get("ssh", [])],
        "cache": [_options(one) for one in target.get("cache-from", [])],
        "written": [_options(one) for one in target.get("cache-to", [])],
    }


def _options(cache: Mapping[str, str]) -> Mapping[str, str]:
    return dict(sorted(cache.items()))


def _of_compose(root: Path, build: Mapping[str, Any], secrets: Mapping[str, Any]) -> Values:
    """Return what Compose builds; `config` prints what Compose would read again."""
    mounted = [one["source"] for one in build.get("secrets", [])]
    sources = {name: secrets[name].get("file") or secrets[name]["environment"] for name in mounted}
    caches = {
        key: [dict(sorted(part.split("=", 1) for part in one.split(","))) for one in build.get(key, []) if one]
        for key in ("cache_from", "cache_to")
    }
    return {
        "context": str(Path(build["context"]).relative_to(root)),
        "dockerfile": build["dockerfile"],
        "target": build.get("target"),
        "args": {key: value.replace("$$", "$") for key, value in build.get("args", {}).items()},
        "secrets": sorted((name, str(sources[name]).removeprefix(f"{root}/")) for name in mounted),
        "ssh": [*build.get("ssh", [])],
        "cache": caches["cache_from"],
        "written": caches["cache_to"],
    }


def _agrees(engine: Engine, root: Path) -> None:
    """Assert that Bake and Compose build the same images from the same inputs, with and without variables."""
    compose = (root / "compose.yaml").read_text(encoding="utf-8")
    required = required_variables(compose) - {"COMPOSE_PROJECT_NAME"}
    given_all = {*re.findall(r"(?<!\$)\$\{(\w+)", compose)} - {"COMPOSE_PROJECT_NAME"} - OWN_VARIABLES.keys()
    all_set = {**dict.fromkeys(given_all, "a ${b} %{c}"), "CACHE_WRITE": "1", "CACHE_SCOPE": "-arm64"}
    for variables in (dict.fromkeys(required, "set"), all_set):
        composed = _composed(engine, root, variables)
        wanted = {
            name: _of_compose(root, one["build"], composed.get("secrets", {}))
            for name, one in composed["services"].items()
            if "build" in one
        }
        targets = _read(engine, root, **variables)["target"]
        assert {name: _of_bake(one) for name, one in targets.items()} == wanted


def _asking(spec: str) -> str:
    return spec if re.search(r"^bake:", spec, re.MULTILINE) else f"{spec.rstrip()}\nbake: {{}}\n"


@pytest.mark.parametrize("name", NAMES)
def test_bake_and_compose_build_the_same(engine: Engine, tmp_path: Path, name: str) -> None:
    spec = yaml.safe_load(_asking((CASES / name / "services.yaml").read_text(encoding="utf-8")))
    folder = CASES / name
    write_files(tmp_path, render(loaded(spec, folder)[1]))
    _agrees(engine, tmp_path)


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.generate],  # each example is several commands, and a smaller one would take minutes to find
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(spec=baked_specs())
def test_bake_and_compose_agree_on_any_spec(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, spec: Values
) -> None:
    root = tmp_path_factory.mktemp("spec").resolve()
    write_files(root, render(loaded(spec)[1]))
    _agrees(engine, root)
    required = required_variables((root / "compose.yaml").read_text(encoding="utf-8")) - {"COMPOSE_PROJECT_NAME"}
    variables = {**dict.fromkeys(required, "set"), "REVISION": "abc"}
    read = _read(engine, root, *spec["bake"].get("groups", {}), **variables)
    for target in read["target"].values():
        assert target["labels"] == {"org.opencontainers.image.revision": "abc"}
        assert target["annotations"] == ["org.opencontainers.image.revision=abc"]


def test_each_dockerfile_knows_what_its_target_gives(engine: Engine, tmp_path: Path) -> None:
    """BuildKit's outline of a Dockerfile has its variables, secrets and agents; the target gives each of them."""
    spec = yaml.safe_load((CASES / "bake/services.yaml").read_text(encoding="utf-8"))
    del spec["services"]["index"], spec["bake"]["groups"]
    write_files(tmp_path, render(loaded(spec, CASES / "bake")[1]))
    for name, target in _read(engine, tmp_path, CHANNEL="c", RELEASE="1")["target"].items():
        options = (f"--file={target['context']}/{target['dockerfile']}", f"--target={target['target']}")
        argv = ("buildx", "build", "--call=outline,format=json", *options, target["context"])
        outline = json.loads(engine.run(*argv, cwd=tmp_path).stdout)
        variables = {one["name"] for one in outline.get("args", [])}
        assert target["args"].keys() <= variables, name
        assert [one["name"] for one in outline.get("secrets", [])] == [one["id"] for one in target.get("secret", [])]
        assert len(outline.get("ssh", [])) == len(target.get("ssh", [])), name


def test_the_checks_need_no_secret_and_no_agent(engine: Engine, tmp_path: Path) -> None:
    spec = yaml.safe_load((CASES / "bake/services.yaml").read_text(encoding="utf-8"))
    del spec["services"]["index"], spec["bake"]["groups"]
    write_files(tmp_path, render(loaded(spec, CASES / "bake")[1]))
    variables = {"CHANNEL": "c", "RELEASE": "1", "CACHE_WRITE": "1"}
    done = engine.run("buildx", "bake", f"--file={FILE}", "check", cwd=tmp_path, extra_environment=variables)
    assert done.stdout.count("Check complete, no warnings found.") == 2
    dockerfile = tmp_path / "services/api/Dockerfile"
    dockerfile.write_text(dockerfile.read_text(encoding="utf-8") + "run true\n", encoding="utf-8")
    refused = engine.run(
        "buildx", "bake", f"--file={FILE}", "check", cwd=tmp_path, check=False, extra_environment=variables
    )
    assert refused.returncode
    assert "ConsistentInstructionCasing" in refused.stdout


def test_a_variable_that_has_to_be_set_is_named(engine: Engine, tmp_path: Path) -> None:
    write_files(tmp_path, {FILE: (CASES / "bake" / FILE).read_text(encoding="utf-8")})
    with pytest.raises(CommandFailed, match='name the channel, as "stable"'):
        _read(engine, tmp_path, RELEASE="1")


@pytest.mark.xdist_group("shop")
def test_the_shop_is_baked_and_a_new_revision_runs_no_step(engine: Engine, shop: Path, run_id: str) -> None:
    """A second build of everything has every step in the cache, also with another revision."""
    replace(shop / "services.yaml", "presets: [base]\n", f"presets: [base]\nbake: {{registry: {run_id}.test/shop}}\n")
    generate(shop)
    argv = ("buildx", "bake", f"--file={FILE}", "--progress=plain", f"--set=*.labels.{engine.label}")
    built: dict[str, list[str]] = {}
    for revision in ("one", "two"):
        done = engine.run(*argv, cwd=shop, extra_environment={"REVISION": revision})
        for name in ("web", "api", "jobs"):
            image = engine.inspect(f"{run_id}.test/shop/{name}:latest", "image")
            assert image["Config"]["Labels"]["org.opencontainers.image.revision"] == revision
            layers = image["RootFS"]["Layers"]
            assert built.setdefault(name, layers) == layers
    # Behind the number of a step: its target, the stage and which of its instructions it is.
    steps = re.findall(r"^#(\d+) \[\w+ \S+ +\d+/\d+\] (?!FROM)", done.stderr, re.MULTILINE)
    assert steps
    ran = [number for number in dict.fromkeys(steps) if f"#{number} CACHED" not in done.stderr]
    assert ran == []
