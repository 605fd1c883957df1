"""Linters that need an engine or a separate environment, on all golden files."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .harness import Engine
from .harness.checks import check_dockerfiles, required_variables
from .harness.repository import CASES, write_files

CHECKOV = "3.3.30"
DOCKERFILES = sorted(CASES.glob("*/**/*Dockerfile"))
COMPOSE_FILES = sorted(CASES.glob("*/compose.yaml"))
DEVELOPED = sorted(CASES.glob("*/compose.dev.yaml"))


def _name(path: Path) -> str:
    return str(path.relative_to(CASES).parent)


def test_the_build_checks_find_nothing(engine: Engine, tmp_path: Path) -> None:
    assert check_dockerfiles(engine, DOCKERFILES, tmp_path / "checked") == {}


def test_each_dockerfile_of_a_batch_has_a_report_of_its_own(engine: Engine, tmp_path: Path) -> None:
    """Of the parser, of a flag, and of rules: an experimental one and a regular one, in a stage that is not used."""
    texts = {
        "good": "FROM no.such/image:1 AS runtime\nRUN --mount=type=cache,target=/x true\n",
        "instruction": "FROM scratch AS runtime\nRUM true\n",
        "flag": "FROM scratch AS runtime\nRUN --mount=type=nothing true\n",
        "rules": "# not its name\nFROM no.such/image:1 AS Unused\nFROM no.such/image:2 AS runtime\n",
    }
    write_files(tmp_path, {f"{name}/Dockerfile": text for name, text in texts.items()})
    files = [tmp_path / name / "Dockerfile" for name in texts]
    found = {file.parent.name: said for file, said in check_dockerfiles(engine, files, tmp_path / "checked").items()}
    assert found.keys() == {"instruction", "flag", "rules"}
    assert "unknown instruction: RUM" in found["instruction"]
    assert "unsupported mount type" in found["flag"]
    assert {line.split(":")[0] for line in found["rules"].splitlines()} == {
        "InvalidDefinitionDescription",
        "StageNameCasing",
    }


@pytest.mark.parametrize("file", DEVELOPED, ids=_name)
def test_compose_merges_the_file_for_development(engine: Engine, file: Path) -> None:
    """Nothing of the first file is lost but the stage and the read-only root; each list of a change is told once."""
    first = file.with_name("compose.yaml")
    required = required_variables(first.read_text(encoding="utf-8"))

    def services(*files: Path) -> dict[str, Any]:
        options = [*(f"--file={one}" for one in files), "--env-file=/dev/null", "config", "--format=json"]
        done = engine.run("compose", *options, extra_environment=dict.fromkeys(required, "set"))
        assert done.stderr == ""
        found: dict[str, Any] = json.loads(done.stdout)["services"]
        return found

    plain, merged = services(first), services(first, file)
    assert plain.keys() == merged.keys()
    for name, service in merged.items():
        for key in ("build", "develop", "read_only", "healthcheck"):
            for one in (plain[name], service):
                one.pop(key, None)
    assert plain == merged


@pytest.mark.parametrize("file", COMPOSE_FILES, ids=_name)
def test_compose_accepts_its_file(engine: Engine, file: Path) -> None:
    """There is no output if the required variables of the host are set, and an error if they are not."""
    command = ["compose", f"--file={file}", "--env-file=/dev/null", "config", "--quiet"]
    required = required_variables(file.read_text(encoding="utf-8"))
    done = engine.run(*command, extra_environment=dict.fromkeys(required, "set"))
    assert done.stdout + done.stderr == ""
    if required:
        refused = engine.run(*command, check=False)
        assert refused.returncode
        # By its name, or by the message that the spec has for it.
        messages = re.findall(r"\$\{(?:\w+):\?([^}]*)\}", file.read_text(encoding="utf-8"))
        assert any(message.replace('\\"', '"') in refused.stderr for message in messages)


@pytest.fixture(scope="session")
def checkov() -> Path:
    """Return the Checkov command: the one in $CHECKOV, or one in an environment that is created once and kept."""
    if command := os.environ.get("CHECKOV"):
        return Path(command)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gen-dockerfiles"
    kept = cache / f"checkov-{CHECKOV}"
    if not (kept / "bin/checkov").exists():
        # Scripts of an environment contain its path, so it is created in place. The command is installed last: if it
        # exists, the environment is complete.
        shutil.rmtree(kept, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(kept)], check=True)
        pip = [str(kept / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"checkov=={CHECKOV}"], check=True)
    return kept / "bin/checkov"


def test_checkov_finds_nothing(checkov: Path) -> None:
    """Checkov scans all golden files in one process, without a connection to its service."""
    options = ["--framework=dockerfile", "--compact", "--quiet", "--skip-download", "--output=json"]
    done = subprocess.run(
        [str(checkov), f"--directory={CASES}", *options],
        capture_output=True,
        text=True,
        env={**os.environ, "BC_SKIP_MAPPING": "TRUE", "LOG_LEVEL": "ERROR"},
        check=False,
    )
    report = json.loads(done.stdout)
    failed = [f"{check['check_id']} {check['file_path']}" for check in report["results"]["failed_checks"]]
    assert failed == []
    summary = report["summary"]
    assert (done.returncode, summary["failed"], summary["skipped"], summary["parsing_errors"]) == (0, 0, 0, 0)
    assert summary["resource_count"] == len(DOCKERFILES)
    assert summary["passed"] > 50 * len(DOCKERFILES)
