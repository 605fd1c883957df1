"""A heartbeat that no code of the image sends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.pipeline import plan
from generator.text.errors import Finding
from tests.support import write_files

WORKER: dict[str, Any] = {"kind": "worker", "runtime": "python", "path": "app", "command": ["work"]}
CELERY: dict[str, Any] = {"kind": "worker", "image_of": "web", "framework": "celery", "app": "shop"}
WEB: dict[str, Any] = {"kind": "python", "path": "app", "command": ["serve"], "ports": [8000]}
SILENT = "def work():\n    pass\n"
BEATING = 'import os\nopen(os.environ["WORKER_HEARTBEAT_FILE"], "w")\n'


def _findings(root: Path, code: str, **services: dict[str, Any]) -> list[Finding]:
    spec = {"version": 1, "project": "p", "services": services}
    write_files(root, {"services.yaml": spec, "app/requirements.txt": "", "app/shop/work.py": code})
    return [one for one in plan(root).warnings if one.code == "heartbeat-untouched"]


@pytest.mark.parametrize("services", [{"jobs": WORKER}, {"web": WEB, "jobs": CELERY}])
def test_no_code_names_the_file(tmp_path: Path, services: dict[str, Any]) -> None:
    (finding,) = _findings(tmp_path, SILENT, **services)
    assert finding.location.file == "services.yaml"
    assert "no code in app names WORKER_HEARTBEAT_FILE" in finding.message
    ping = "celery --app shop inspect ping" in finding.fix
    assert ping == (services["jobs"] is CELERY)


@pytest.mark.parametrize(
    ("code", "more"),
    [
        (BEATING, {}),
        ('open("/tmp/worker-heartbeat", "w")\n', {}),
        (SILENT, {"healthcheck": None}),
        (SILENT, {"healthcheck": {"command": ["true"]}}),
        (SILENT, {"kind": "scheduler", "framework": "celery", "app": "shop"}),
        (SILENT, {"framework": "arq", "app": "shop.work.Settings"}),
    ],
)
def test_something_else_is_asked_or_the_file_is_named(tmp_path: Path, code: str, more: dict[str, Any]) -> None:
    assert _findings(tmp_path, code, jobs={**WORKER, **more}) == []


def test_a_folder_without_code_says_nothing(tmp_path: Path) -> None:
    write_files(tmp_path, {"app/requirements.txt": ""})
    spec = {"version": 1, "project": "p", "services": {"jobs": {**WORKER, "sources": ["bin"]}}}
    write_files(tmp_path, {"services.yaml": spec})
    assert [one for one in plan(tmp_path).warnings if one.code == "heartbeat-untouched"] == []
