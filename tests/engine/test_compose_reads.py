"""What fixes and docs say of Compose: which files it reads by itself, and where a variable comes from."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cli.app import main
from tests.support import write_files

from .harness import Engine

SERVICE = """\
version: 1
project: p
services:
  a:
    kind: image
    image: {name: nginx, tag: "1"}
    networks: [edge]
    ports: [8000]
    volumes: {data: /data}
    environment: {A: {variable: GIVEN}, LITERAL: "x$GIVEN"}
"""
# What passes through, by the key that it is typed under.
PASSED = {
    "hostname": "name",
    "extra_hosts": ["other:127.0.0.2"],
    "logging": {"driver": "local"},
    "dns": ["192.0.2.1"],
    "labels": {"a.b": "c"},
}


def _config(engine: Engine, root: Path, *arguments: str, **environment: str) -> dict[str, Any]:
    done = engine.run(
        "compose", f"--project-directory={root}", *arguments, "config", "--format=json", cwd=root,
        extra_environment=environment,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)["services"]["a"]
    return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_files(tmp_path, {"services.yaml": SERVICE, ".env": "GIVEN=from the file\n"})


def test_what_a_fix_passes_through_is_read_by_compose(
    engine: Engine, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The lines of the fixes, in the service; an override beside the generated file is for what they cannot say."""
    typed = "".join(f"    {key}: {json.dumps(value)}\n" for key, value in PASSED.items())
    write_files(root, {"services.yaml": SERVICE + typed})
    assert main(["-C", str(root)]) == 2
    shown = re.findall(r"fix: write compose: (.*)", capsys.readouterr().err)
    passed: dict[str, Any] = {}
    for one in shown:
        passed |= yaml.safe_load(one)
    assert passed == PASSED
    write_files(root, {"services.yaml": f"{SERVICE}    compose: {json.dumps(passed)}\n"})
    assert main(["-C", str(root)]) == 0
    # Before the first run it would be taken for that of another Compose file.
    more = {"ports": ["53:53/udp"], "volumes": ["./src:/app"]}
    write_files(root, {"compose.override.yaml": yaml.safe_dump({"services": {"a": more}})})
    assert main(["-C", str(root)]) == 0

    found = _config(engine, root)
    assert (found["hostname"], found["logging"]["driver"], found["dns"]) == ("name", "local", ["192.0.2.1"])
    assert (found["labels"], found["extra_hosts"]) == ({"a.b": "c"}, ["other=127.0.0.2"])
    assert {port["target"] for port in found["ports"]} == {8000, 53}
    assert {volume["target"] for volume in found["volumes"]} == {"/data", "/app"}
    alone = _config(engine, root, f"--file={root / 'compose.yaml'}")
    assert {port["target"] for port in alone["ports"]} == {8000}, "with -f, Compose reads no other file"


def test_a_variable_comes_from_the_shell_and_after_it_from_the_env_file(engine: Engine, root: Path) -> None:
    assert main(["-C", str(root)]) == 0
    assert _config(engine, root)["environment"] == {"A": "from the file", "LITERAL": "x$$GIVEN"}
    assert _config(engine, root, GIVEN="from the shell")["environment"]["A"] == "from the shell"


def test_a_build_needs_the_variables_of_running_and_takes_them_from_a_file(engine: Engine, tmp_path: Path) -> None:
    """docs/running.md, "Building in CI": Compose reads the whole file for every command."""
    spec = "version: 1\nproject: p\nservices:\n"
    spec += "  a: {kind: python, command: [serve], ports: [8000], environment: {A: {variable: PASSWORD}}}\n"
    write_files(tmp_path, {"services.yaml": spec, "ci.env": "PASSWORD=unused\n"})
    assert main(["-C", str(tmp_path)]) == 0

    def compose(*arguments: str, check: bool = True) -> str:
        done = engine.run("compose", *arguments, check=check, cwd=tmp_path)
        assert check or done.returncode
        return done.stdout + done.stderr

    assert "required variable PASSWORD is missing a value: set PASSWORD" in compose("build", "--print", check=False)
    assert re.search(r"^PASSWORD +true", compose("config", "--variables"), re.MULTILINE)
    assert json.loads(compose("--env-file", "ci.env", "build", "--print"))["target"]["a"]["target"] == "runtime"
