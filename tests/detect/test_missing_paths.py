"""Paths of the spec that the repository does not have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.pipeline import resolve_spec
from generator.text.errors import Finding
from tests.support import write_files

FILES = {"api/requirements.txt": "", "api/main.py": "", "lib/a.txt": ""}
STEP = {"cache": {"copy": "data/none.bin", "to": "/app/none.bin"}}
MOUNT = {"cache": {"run": [["true"]], "mounts": [{"type": "bind", "source": "none", "target": "/mnt"}]}}


def _missing(root: Path, files: dict[str, str], **own: Any) -> list[Finding]:
    service = {"kind": "python", "path": "api", "command": ["serve"], "ports": [8000], **own}
    write_files(root, {"services.yaml": {"version": 1, "project": "p", "services": {"api": service}}, **files})
    return [one for one in resolve_spec(root, "services.yaml").findings if one.code == "path-missing"]


@pytest.mark.parametrize(
    ("own", "path"),
    [
        ({"sources": ["main.py", "static"]}, "api/static"),
        ({"extra_sources": ["docs/help.txt"]}, "api/docs/help.txt"),
        ({"install": {"requirements": ["more.txt"]}}, "api/more.txt"),
        ({"install": {"development": ["dev.txt"]}}, "api/dev.txt"),
        ({"install": {"config": ["pip.conf"]}}, "api/pip.conf"),
        ({"steps": {"after_build": STEP}}, "api/data/none.bin"),
        ({"steps": {"after_build": MOUNT}}, "api/none"),
        ({"ssh": {"known_hosts": "hosts"}}, "api/hosts"),
    ],
)  # fmt: skip
def test_what_an_instruction_would_not_find(tmp_path: Path, own: dict[str, Any], path: str) -> None:
    [warning] = _missing(tmp_path, FILES, **own)
    assert warning.message == f"api reads {path}, which is not in the repository"
    assert warning.location.line > 0
    assert warning.level == "warn"


@pytest.mark.parametrize(
    "own",
    [
        {"sources": ["."]},
        {"sources": ["main.py"], "ignore": ["**/nothing", "notes"]},
        {"secrets": {"token": {"file": "nowhere.txt"}}},
    ],
)
def test_what_is_there_or_need_not_be(tmp_path: Path, own: dict[str, Any]) -> None:
    assert _missing(tmp_path, FILES, **own) == []


def test_nothing_is_told_of_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert _missing(tmp_path, {}, sources=["main.py"]) == []


def test_another_spelling_is_not_told_twice(tmp_path: Path) -> None:
    assert _missing(tmp_path, FILES, sources=["Main.py"]) == []
