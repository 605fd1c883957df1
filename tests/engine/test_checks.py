"""Linters that need an engine or a separate environment, on all golden files."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .harness import Engine
from .harness.repository import CASES

CHECKOV = "3.3.30"
DOCKERFILES = sorted(CASES.glob("*/**/Dockerfile"))
COMPOSE_FILES = sorted(CASES.glob("*/compose.yaml"))


def _name(path: Path) -> str:
    return str(path.relative_to(CASES).parent)


def _images(dockerfile: str) -> set[str]:
    """Return the image references of a Dockerfile: the sources of FROM and --from that are not stages."""
    stages = set(re.findall(r"^FROM .+ AS (\S+)$", dockerfile, re.MULTILINE))
    sources = re.findall(r"^FROM (?:--\S+ )*(\S+)|--mount=\S*from=([^,\s]+)|^COPY .*--from=(\S+)", dockerfile, re.M)
    return {source for found in sources for source in found if source} - stages - {"scratch"}


def _run_checks(engine: Engine, context: Path, dockerfile: Path, scratch: Path) -> list[str]:
    """Run ``docker build --check`` with the experimental rules; return its warnings. No registry is queried."""
    text = dockerfile.read_text(encoding="utf-8")
    empty, copy = scratch / "empty", scratch / "Dockerfile"
    empty.mkdir()
    # Without the syntax line, which names an image in a registry. The engine has the same rules.
    copy.write_text(re.sub(r"\A# syntax=.*\n", "", text), encoding="utf-8")
    ignore = dockerfile.with_name("Dockerfile.dockerignore")
    if ignore.exists():
        shutil.copy(ignore, scratch / ignore.name)
    contexts = [f"--build-context={image}={empty}" for image in sorted(_images(text))]
    done = engine.run(
        "buildx",
        "build",
        "--call=check,format=json",
        "--build-arg=BUILDKIT_DOCKERFILE_CHECK=experimental=all",
        f"--file={copy}",
        *contexts,
        str(context),
        check=False,
    )
    report = json.loads(done.stdout) if done.stdout.startswith("{") else None
    assert report is not None, done.stderr
    findings = [f"{warning['ruleName']}: {warning['detail']}" for warning in report["warnings"] or ()]
    assert (done.returncode != 0) == bool(findings), done.stderr
    return findings


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=_name)
def test_the_build_checks_find_nothing(engine: Engine, tmp_path: Path, dockerfile: Path) -> None:
    assert _run_checks(engine, dockerfile.parent, dockerfile, tmp_path) == []


def test_the_build_checks_are_on(engine: Engine, tmp_path: Path) -> None:
    """An experimental rule and a regular one report a warning, even in a stage that is not used."""
    (tmp_path / "context").mkdir()
    bad = tmp_path / "context/Dockerfile"
    bad.write_text("# not its name\nFROM no.such/image:1 AS Unused\nFROM no.such/image:2 AS runtime\n", "utf-8")
    rules = {finding.split(":")[0] for finding in _run_checks(engine, bad.parent, bad, tmp_path)}
    assert rules == {"InvalidDefinitionDescription", "StageNameCasing"}


@pytest.mark.parametrize("file", COMPOSE_FILES, ids=_name)
def test_compose_accepts_its_file(engine: Engine, file: Path) -> None:
    """There is no output if the required variables of the host are set, and an error if they are not."""
    command = ["compose", f"--file={file}", "--env-file=/dev/null", "config", "--quiet"]
    required = set(re.findall(r"(?<!\$)\$\{(\w+):\?", file.read_text(encoding="utf-8")))
    done = engine.run(*command, extra_environment=dict.fromkeys(required, "set"))
    assert done.stdout + done.stderr == ""
    if required:
        refused = engine.run(*command, check=False)
        assert refused.returncode
        assert any(f"set {variable}" in refused.stderr for variable in required)


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
