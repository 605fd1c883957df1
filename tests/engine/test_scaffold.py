"""A repository that Copier has scaffolded builds, runs, responds and stops."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ComposeFactory
from .harness import http_get

ROOT = Path(__file__).parents[2]

# The defaults are all three services, a Python worker, and uv.
ANSWERS = {
    "uv": ("base", "uv", "python"),
    "pip": ("base", "pip", "python"),
    "node-worker": ("base", "uv", "node"),
    "hardened": ("hardened", "uv", "node"),
}


@pytest.mark.parametrize("answers", ANSWERS)
def test_a_scaffold_runs(compose: ComposeFactory, tmp_path: Path, answers: str) -> None:
    """No file is edited between `copier copy` and the first response."""
    preset, manager, worker_runtime = ANSWERS[answers]
    root = tmp_path / "scaffold"
    values = {"preset": preset, "python_manager": manager, "worker_runtime": worker_runtime}
    data = [f"--data={key}={value}" for key, value in values.items()]
    copy = [sys.executable, "-m", "copier", "copy", "--defaults", "--quiet", "--vcs-ref=HEAD", *data]
    subprocess.run([*copy, str(ROOT), str(root)], check=True)

    check = subprocess.run(
        [sys.executable, "-m", "generator", "--check", f"--directory={root}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")

    project = compose(root, ephemeral_ports={"api": 8000, "web": 3000})
    project.up(build=True)
    assert {name: service.health for name, [service] in project.ps().items()} == dict.fromkeys(
        ("api", "web", "jobs"), "healthy"
    )
    assert json.loads(http_get(project.url("api", 8000)).text) == {"message": "Hello from api"}
    assert json.loads(http_get(project.url("web", 3000)).text) == {"message": "Hello from web"}
    for service in ("web", "api", "jobs"):
        stopped = project.stop(service)
        assert (service, stopped.exit_code) == (service, 0)
        assert stopped.seconds < 10
    assert "turn 1 done" in project.logs("jobs")
