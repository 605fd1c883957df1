"""Tokens in all files that look like secrets, and in mounted secrets, are in nothing that a build gives.

Each token is unique, and says where it was planted. The same search has to find the tokens of ordinary sources.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from .harness import Compose, Engine, eventually
from .harness.bake import bake, context_target, stage_targets
from .harness.planted import Planted
from .planted_managers import SERVICES, write_managers
from .planted_repositories import CONTROLS, PORTS, write_repository

pytestmark = pytest.mark.xdist_group("planted")

Found = dict[str, set[str]]

SOURCES = {f"{name}/{path}" for name, paths in CONTROLS.items() for path in paths}
# What the search has to find, so that it is known to see: ordinary files, one that a later layer deletes, a build
# argument, and files that a build script and a service print.
EXPECTED: Found = {
    "contexts": SOURCES,
    "images": SOURCES | {"deleted/control.txt", "argument"},
    "logs of Compose": {"single/src/control.txt"},
    "logs of buildx": {"deleted/control.txt"},
    "provenance": {"argument"},
    "logs of containers": {"mono/services/jobs/app/control.txt"},
}
ORDINARY = SOURCES | {"deleted/control.txt", "argument"}


@pytest.fixture(scope="module")
def found(engine: Engine, run_id: str, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """Build all stages of all repositories and run their services; return which tokens are where."""
    root, planted = tmp_path_factory.mktemp("planted"), Planted()
    folders = [write_repository(name, root, planted) for name in CONTROLS]
    runtime = {"RUNTIME_TOKEN": planted.token("runtime")}
    projects = [
        Compose(engine, one, f"planted-{one.name}-{run_id}", environment=runtime, ephemeral_ports=PORTS[one.name])
        for one in folders
    ]
    try:
        return {
            **_by_compose(planted, projects),
            **_by_buildx(engine, planted, folders, f"gen-dockerfiles-test/planted-{run_id}"),
        }
    finally:
        for project in projects:
            project.close()


def _by_compose(planted: Planted, projects: list[Compose]) -> Found:
    """Build and run what a user does; these images are searched with those of all stages, which are the same."""
    built = "".join(project.build() for project in projects)
    for project in projects:
        project.up(wait=False)

    def printed() -> set[str]:
        found = planted.in_text("".join(project.logs() for project in projects))
        assert found
        return found

    return {"logs of Compose": planted.in_text(built), "logs of containers": eventually(printed)}


def _by_buildx(engine: Engine, planted: Planted, folders: list[Path], tag: str) -> Found:
    """Build each stage, what each ignore file lets through, and an image whose last layer deletes a file."""
    scratch = folders[0].parent
    targets = {name: one for folder in folders for name, one in stage_targets(folder, tag, engine.label).items()}
    archives = []
    for service, context, dockerfile in (one for folder in folders for one in _dockerfiles(folder)):
        targets[f"context-{service}"] = context_target(context, dockerfile, scratch / f"context-{service}")
        archives.append(scratch / f"context-{service}/context.tar")
    planted.plant(scratch / "deleted", ["control.txt"])
    targets["deleted"] = _deleted(scratch / "deleted", tag, engine.label, planted.token("argument"))
    baked = bake(engine, targets)
    images = [image for target in targets.values() for image in target.get("tags", [])]
    return {
        "contexts": {place for archive in archives for place in planted.in_file(archive)},
        "images": planted.in_images(engine, images),
        "logs of buildx": planted.in_text(baked.stream + baked.result.log),
        "provenance": planted.in_text(baked.provenance),
    }


def _dockerfiles(folder: Path) -> Iterator[tuple[str, Path, Path]]:
    """Yield each service with its build context and its Dockerfile."""
    for service, values in yaml.safe_load((folder / "compose.yaml").read_text("utf-8"))["services"].items():
        context = folder / values["build"]["context"]
        yield service, context, context / values["build"].get("dockerfile", "Dockerfile")


def _deleted(folder: Path, tag: str, label: str, argument: str) -> dict[str, Any]:
    """Describe an image that prints a file, and deletes it in a later layer."""
    text = "FROM debian:trixie-slim\nARG TOKEN\nCOPY control.txt /\nRUN cat /control.txt\nRUN rm /control.txt\n"
    (folder / "Dockerfile").write_text(text, encoding="utf-8")
    named = {"tags": [f"{tag}:deleted"], "labels": dict([label.split("=", 1)])}
    return {"context": str(folder), "args": {"TOKEN": argument}, "output": ["type=docker"], **named}


@pytest.mark.parametrize("where", EXPECTED)
def test_the_search_finds_what_is_there(found: Found, where: str) -> None:
    """Without this, a search that sees nothing would pass all other tests."""
    assert found[where] >= EXPECTED[where]


@pytest.mark.parametrize("where", EXPECTED)
def test_no_planted_secret_gets_out(found: Found, where: str) -> None:
    assert found[where] - ORDINARY == set()


def test_no_mounted_secret_gets_out(engine: Engine, run_id: str, tmp_path: Path) -> None:
    """Each package manager installs with a secret as a file and one as a variable, in all stages that it has."""
    planted = Planted()
    root, environment = write_managers(tmp_path / "managers", planted)
    targets = stage_targets(root, f"gen-dockerfiles-test/managers-{run_id}", engine.label)
    baked = bake(engine, targets, environment)
    installed = {step.name[1:].split("-")[0] for step in baked.result.executed if planted.nonce in step.name}
    assert installed == set(SERVICES)
    assert planted.in_images(engine, [image for target in targets.values() for image in target["tags"]]) == set()
    assert planted.in_text(baked.stream + baked.result.log + baked.provenance) == set()
    outline = engine.run("buildx", "build", "--call=outline", str(root / "npm")).stdout
    assert re.search(r"^planted-file +true$", outline, re.MULTILINE)
    assert re.search(r"^planted-variable +true$", outline, re.MULTILINE)
