"""Names, targets, contexts, variables, probes and dependencies of random fleets, as Compose and BuildKit read them.

The same fleets are drawn in each run. With `FLEETS=500` there are that many, drawn anew, and one that fails is made
smaller, for at most five minutes.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from generator.cli.app import main
from generator.pipeline import load
from tests.fleets import Fleet, fleets, write_fleet

from .harness import Engine
from .harness.fleet import read_fleet
from .harness.fleet_agreement import disagreements
from .harness.fleet_facts import Fleet as Facts
from .harness.repository import replace

LONG = "FLEETS" in os.environ
FLEETS = int(os.environ.get("FLEETS", "40"))
_PROBE = {"interval": "10s", "timeout": "3s", "start_period": "5s", "start_interval": "1s", "retries": 3}
_EDGES = ["edge", "backend"]
# One of each kind of tie.
SMALL = Fleet(
    spec={
        "version": 1,
        "project": "small",
        "volumes": {"media": {}},
        "services": {
            "web": {
                "kind": "python",
                "command": ["serve"],
                "manager": "pip",
                "ports": [8000],
                "networks": _EDGES,
                "ssh": {"known_hosts": "known_hosts"},
                "packages": {"build": ["git", "openssh-client"]},
                "secrets": {"token": {"env": "TOKEN"}},
                "variables": {"SHA": {"variable": "SHA"}},
                "labels": {"sha": {"variable": "SHA"}},
                "environment": {"GREETING": {"variable": "GREETING", "default": "a $b"}},
                "volumes": {"data": "/data", "media": "/media"},
                "depends_on": {"migrate": "completed", "own": "healthy"},
            },
            "migrate": {"kind": "job", "image_of": "web", "command": ["migrate"]},
            "mails": {"kind": "worker", "image_of": "web", "command": ["mails"], "volumes": {"media": "/media"}},
            "own": {
                "kind": "dockerfile",
                "path": "own",
                "target": "server",
                "healthcheck": {"command": ["/server", "--health"], **_PROBE},
                "bind_mounts": {"/etc/own.conf": "conf/own.conf"},
            },
        },
    },
    files={"own/Dockerfile": "FROM scratch AS server\nFROM server AS tool\n", "conf/own.conf": ""},
    environment={"SHA": "ac1d"},
)
# What is changed in a generated file, and what is said of it then.
CHANGES = [
    ("compose.yaml", "name: small", "name: other", "the name of the project"),
    ("compose.yaml", "context: own", "context: .\n      dockerfile: own/Dockerfile", "context of own"),
    ("compose.yaml", "target: runtime", "target: dev", "target of web"),
    ("compose.yaml", "target: server", "target: tool", "outline of own"),
    ("compose.yaml", '      SHA: "${SHA:?set SHA}"', "      OTHER: x", "args of web that no ARG takes: {'OTHER'}"),
    ("compose.yaml", '"${SHA:?set SHA}"', '"${SHA:+x}"', "ARG of web"),
    ("compose.yaml", "      secrets: [token]\n", "", "build secrets of web"),
    ("compose.yaml", "      ssh: [default]\n", "", "agents of web"),
    ("compose.yaml", "    environment: TOKEN", "    environment: OTHER", "source of token"),
    ("compose.yaml", ":-a $$b}", ":-a b}", "GREETING in the environment of web"),
    ("compose.yaml", "condition: service_completed_successfully", "condition: service_started", "what web waits for"),
    ("compose.yaml", 'test: ["CMD", "/server", "--health"]', 'test: ["NONE"]', "can be healthy for web"),
    ("compose.yaml", 'restart: "no"', "restart: always", "migrate can end for web"),
    ("compose.yaml", "web-data:/data", "web-data:/other", "volumes of web"),
    ("compose.yaml", "target: /etc/own.conf", "target: /etc/other.conf", "bind mounts of own"),
    ("compose.yaml", "127.0.0.1:8000:8000", "0.0.0.0:8000:8000", "ports of web"),
    ("compose.yaml", "internal: true", "internal: false", "backend is internal"),
    ("services/web/Dockerfile", "--retries=3", "--retries=4", "retries of HEALTHCHECK of web"),
    ("services/web/Dockerfile", "EXPOSE", "COPY missing /missing\nEXPOSE", "checks of web: ['CopyIgnoredFile: "),
]


@pytest.mark.flaky(reruns=0)  # another run would ask the same
def test_the_files_of_a_fleet_agree(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEN_DOCKERFILES_NO_CACHE", "1")

    @settings(
        max_examples=FLEETS,
        derandomize=not LONG,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink] if LONG else [Phase.generate],
        print_blob=True,
        suppress_health_check=[*HealthCheck],
    )
    @given(fleets())
    def agrees(fleet: Fleet) -> None:
        shutil.rmtree(tmp_path)
        root = _written(fleet, tmp_path / "repository")
        found = _disagreements(engine, fleet, root)
        assert not found, "\n".join([*found, (root / "services.yaml").read_text("utf-8")])

    agrees()


@pytest.mark.parametrize(("file", "old", "new", "said"), CHANGES)
def test_a_file_that_disagrees_is_told(
    engine: Engine, tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    root = _written(SMALL, tmp_path / "repository")
    replace(root / file, old, new)
    assert said in "\n".join(_disagreements(engine, SMALL, root))


def _written(fleet: Fleet, root: Path) -> Path:
    """Write the repository and its generated files, and beside them ignore files that would hide everything."""
    write_fleet(fleet, root)
    assert main(["-C", str(root)]) == 0, fleet.spec
    assert main(["-C", str(root), "--check"]) == 0, fleet.spec
    for folder in {root, root / "services", *(file.parent for file in root.rglob("*.dockerignore"))}:
        if folder.is_dir():
            (folder / ".dockerignore").write_text("*\n", encoding="utf-8")
    return root


def _disagreements(engine: Engine, fleet: Fleet, root: Path) -> list[str]:
    read = read_fleet(engine, root, fleet.environment, root.with_name("asked"))
    shell = {**engine.environment, **fleet.environment}
    return disagreements(Facts(root, load(root, "services.yaml")[1], shell, read))
