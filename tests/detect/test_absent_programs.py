"""Package managers and the like, which no image has, in commands and in the scripts that these run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.pipeline import plan
from tests.support import write_files

PYTHON: dict[str, Any] = {"kind": "python", "path": "app", "ports": [8000]}
NODE: dict[str, Any] = {"kind": "node", "path": "app", "ports": [3000]}
FILES: dict[str, Any] = {"app/requirements.txt": "", "app/main.py": ""}
OF_NODE: dict[str, Any] = {"app/package.json": "{}", "app/package-lock.json": '{"packages": {}}', "app/a.js": ""}
BOOT = """\
#!/bin/sh
set -e
# uv run nothing
A=b uv run --no-sync alembic upgrade head && echo done
  exec gosu app serve
"""


def _findings(root: Path, service: dict[str, Any], files: dict[str, Any]) -> list[tuple[str, str]]:
    write_files(root, {"services.yaml": {"version": 1, "project": "p", "services": {"app": service}}, **files})
    found = [one for one in plan(root).warnings if one.code == "program-absent"]
    return [(str(one.location), one.fix.partition(":")[0]) for one in found]


@pytest.mark.parametrize(
    ("service", "fix"),
    [
        ({**PYTHON, "command": ["uv", "run", "uvicorn", "main:app"]}, "write uvicorn main"),
        ({**PYTHON, "command": ["sh", "-c", "poetry run serve --port $PORT"]}, "write serve '$PORT'"),
        ({**PYTHON, "entrypoint": ["gosu", "app"], "command": ["serve"]}, "leave it out"),
        ({**NODE, "command": ["npm", "start"]}, "write what the script of package.json runs, as node dist/server.js"),
    ],
)
def test_of_a_command(tmp_path: Path, service: dict[str, Any], fix: str) -> None:
    [(place, said)] = _findings(tmp_path, service, OF_NODE if service["kind"] == "node" else FILES)
    assert place.startswith("services.yaml:")
    assert said == fix


def test_of_the_script_of_a_command(tmp_path: Path) -> None:
    found = _findings(tmp_path, {**PYTHON, "command": ["sh", "boot.sh"]}, {**FILES, "app/boot.sh": BOOT})
    assert found == [("app/boot.sh:4:1", "write alembic upgrade head"), ("app/boot.sh:5:3", "leave it out")]


@pytest.mark.parametrize(
    ("service", "script"),
    [
        ({**PYTHON, "command": ["sh", "boot.sh"]}, "alembic upgrade head\necho 'uv run x'\nexec \"$@\"\n"),
        ({**PYTHON, "command": ["sh", "boot.sh"], "packages": {"runtime": ["gosu"]}}, "exec gosu app serve\n"),
        ({**PYTHON, "command": ["python", "main.py"]}, BOOT),
        ({**PYTHON, "command": ["sh", "boot.sh"]}, 'echo "an open quote\nuvicorn\n'),
    ],
)
def test_what_is_there_or_is_not_run(tmp_path: Path, service: dict[str, Any], script: str) -> None:
    assert _findings(tmp_path, service, {**FILES, "app/boot.sh": script}) == []


def test_an_image_of_node_has_npm(tmp_path: Path) -> None:
    image = {"name": "library/node", "tag": "24-trixie-slim", "distribution": "trixie"}
    service = {**NODE, "command": ["npm", "start"], "runtime_image": image}
    assert _findings(tmp_path, service, OF_NODE) == []
