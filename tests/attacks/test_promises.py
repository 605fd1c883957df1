"""What docs/security.md promises of the tool itself and of the files of a project that changes no default."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.support import CASES, HERE

SHOP = CASES / "shop"
# Refuse what the audit hooks of Python see of networks and of other programs.
WATCHED = """\
import sys

def refuse(event, arguments):
    if event.startswith(("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto", "subprocess.Popen",
                         "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn")):
        print("REFUSED", event, arguments, file=sys.stderr)
        raise RuntimeError(event)

sys.addaudithook(refuse)
"""


def _watched(root: Path, script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WATCHED + script, str(root)],
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE.parent,
    )


@pytest.mark.parametrize("arguments", [[], ["--check"], ["--check", "--diff"], ["explain", "api", "kind"]])
def test_a_run_makes_no_connection_and_starts_no_process(tmp_path: Path, arguments: list[str]) -> None:
    root = tmp_path / "repository"
    shutil.copytree(CASES / "fragments", root)
    if not arguments:
        (root / "compose.yaml").unlink()
    call = f"from generator.cli.app import main\nsys.exit(main(['-C', sys.argv[1], *{arguments!r}]))"
    done = _watched(root, call)
    assert "REFUSED" not in done.stderr
    assert done.returncode == 0, done.stderr
    assert (root / "compose.yaml").exists()


@pytest.mark.parametrize("script", ["import subprocess; subprocess.run(['true'])", "import os; os.system('true')"])
def test_such_a_process_would_be_seen(tmp_path: Path, script: str) -> None:
    assert "REFUSED" in _watched(tmp_path, script).stderr


def test_the_dependencies_are_those_that_are_told() -> None:
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (HERE.parent / "docs/security.md").read_text(encoding="utf-8")
    (told,) = re.findall(r"There are eight dependencies: (.*?)\.\s", text, re.S)
    names = {re.split(r"[^A-Za-z0-9-]", one)[0].lower() for one in project["dependencies"]}
    assert names == set(re.split(r",? and |, ", told.lower().replace("\n", " ").replace("jinja", "jinja2")))
    assert len(names) == 8


def test_what_a_container_may_do() -> None:
    services = yaml.safe_load((SHOP / "compose.yaml").read_text(encoding="utf-8"))["services"]
    built = {name: service for name, service in services.items() if "build" in service}
    assert len(built) == 3
    for service in built.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert all({"noexec", "nosuid", "nodev"} <= set(re.split("[:,]", mount)) for mount in service["tmpfs"])
        assert {"cpus", "mem_limit", "pids_limit"} <= service.keys()
        assert service["build"]["target"] == "runtime"
    assert all(port.startswith("127.0.0.1:") for service in services.values() for port in service.get("ports", []))


@pytest.mark.parametrize("service", ["api", "jobs", "web"])
def test_what_ships_belongs_to_root(service: str) -> None:
    text = (SHOP / "services" / service / "Dockerfile").read_text(encoding="utf-8")
    runtime = text.rpartition(" AS runtime\n")[2]
    assert "USER 10001:10001" in runtime
    assert "COPY" in runtime
    assert "--chown" not in runtime
