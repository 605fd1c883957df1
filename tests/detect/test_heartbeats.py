"""Heartbeats that no source gives: a worker would turn unhealthy, with nothing said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.detect.paths.heartbeats import celery_ping
from generator.pipeline import plan, resolve_spec
from generator.text.errors import Finding
from tests.support import write_files

WORKER: dict[str, Any] = {"kind": "worker", "runtime": "python", "path": "jobs", "framework": "celery", "app": "shop"}
FILES = {"requirements.txt": "celery\n", "shop.py": "app = 1\n"}
TOUCHING = "import os\nopen(os.environ['WORKER_HEARTBEAT_FILE'], 'w')\n"


def _found(root: Path, files: dict[str, str], services: dict[str, Any]) -> list[Finding]:
    spec = {"version": 1, "project": "p", "services": services}
    write_files(root, {"services.yaml": spec, **{f"jobs/{name}": text for name, text in files.items()}})
    return [one for one in resolve_spec(root, "services.yaml").findings if one.code == "heartbeat-untouched"]


def test_the_fix_of_celery_names_its_page_and_a_check_that_ends_the_warning(tmp_path: Path) -> None:
    [finding] = _found(tmp_path, FILES, {"worker": WORKER})
    assert (str(finding.location).partition(":")[0], finding.level) == ("services.yaml", "warn")
    assert finding.message == (
        "nothing in jobs names WORKER_HEARTBEAT_FILE or /tmp/worker-heartbeat, so that worker turns unhealthy"
    )
    assert 'docs/workers.md shows for Celery, or add healthcheck: {command: [python, "-c", ' in finding.fix
    assert _found(tmp_path, FILES, {"worker": {**WORKER, "healthcheck": celery_ping("shop")}}) == []
    assert "heartbeat-untouched" not in {one.code for one in plan(tmp_path).warnings}


@pytest.mark.parametrize("words", [["--app=shop.main"], ["--app", "shop.main"], ["-A", "shop.main"], ["-Ashop.main"]])
def test_the_fix_takes_the_application_from_a_command_of_its_own(tmp_path: Path, words: list[str]) -> None:
    own = {key: value for key, value in WORKER.items() if key != "app"}
    [finding] = _found(tmp_path, FILES, {"worker": {**own, "command": ["celery", *words, "worker"]}})
    assert finding.fix.count("shop.main") == 1
    _, _, check = finding.fix.partition("healthcheck: ")
    assert yaml.safe_load(check.partition("; nothing")[0]) == celery_ping("shop.main")


@pytest.mark.parametrize(
    ("own", "title"),
    [
        ({"framework": "rq", "app": None}, "RQ"),
        ({"framework": "huey"}, "Huey"),
        ({"framework": "none", "app": None, "command": ["run"]}, "workers"),
        ({"kind": "scheduler", "framework": "taskiq"}, "schedulers"),
        ({"kind": "scheduler", "command": ["celery", "beat"]}, "schedulers"),
    ],
)
def test_others_are_led_to_their_section(tmp_path: Path, own: dict[str, Any], title: str) -> None:
    given = {key: value for key, value in {**WORKER, **own}.items() if value is not None}
    [finding] = _found(tmp_path, FILES, {"worker": given})
    assert f"docs/workers.md shows for {title}, or add healthcheck: null" in finding.fix


@pytest.mark.parametrize(
    ("files", "own"),
    [
        ({"deep/beat.py": TOUCHING}, {}),
        ({"beat.py": "from pathlib import Path\nPath('/tmp/worker-heartbeat').touch()\n"}, {}),
        ({"run.sh": "touch /tmp/worker-heartbeat\n"}, {}),
        ({}, {"command": ["sh", "-c", 'touch "$WORKER_HEARTBEAT_FILE"; exec run']}),
        ({}, {"environment": {"BEAT": "/tmp/worker-heartbeat"}}),
        ({}, {"framework": "arq"}),
        ({}, {"kind": "scheduler"}),
        ({}, {"healthcheck": None}),
    ],
)
def test_a_heartbeat_that_is_given_or_not_asked_for(tmp_path: Path, files: dict[str, str], own: dict[str, Any]) -> None:
    assert _found(tmp_path, {**FILES, **files}, {"worker": {**WORKER, **own}}) == []


def test_tests_and_documents_are_not_in_the_image(tmp_path: Path) -> None:
    files = {**FILES, "tests/test_beat.py": TOUCHING, "README.md": "WORKER_HEARTBEAT_FILE\n"}
    assert len(_found(tmp_path, files, {"worker": WORKER})) == 1


def test_a_folder_without_code_says_nothing(tmp_path: Path) -> None:
    assert _found(tmp_path, {"requirements.txt": "celery\n"}, {"worker": WORKER}) == []


def test_services_that_run_the_image_of_another_one(tmp_path: Path) -> None:
    web = {"kind": "python", "path": "jobs", "command": ["serve"], "ports": [8000]}
    worker = {"kind": "worker", "image_of": "web", "framework": "celery", "app": "shop"}
    beat = {**worker, "kind": "scheduler"}
    [finding] = _found(tmp_path, FILES, {"web": web, "worker": worker, "beat": beat})
    assert finding.message.endswith("so that worker turns unhealthy")
    assert "--app=shop" in finding.fix
    assert _found(tmp_path, {**FILES, "beat.py": TOUCHING}, {"web": web, "worker": worker, "beat": beat}) == []


def test_code_of_a_local_dependency_counts(tmp_path: Path) -> None:
    project = '[project]\nname = "{}"\nversion = "1"\ndependencies = [{}]\n'
    write_files(tmp_path, {"libs/beats/pyproject.toml": project.format("beats", ""), "libs/beats/beats.py": TOUCHING})
    files = {"requirements.txt": "celery\n../libs/beats\n", "shop.py": "import beats\n"}
    assert _found(tmp_path, files, {"worker": WORKER}) == []
