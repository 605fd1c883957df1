"""Compose files of somebody else beside the generated one."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.output.write import write
from generator.pipeline import plan
from generator.text.errors import SpecError
from tests.support import write_files

SPEC = {"version": 1, "project": "p", "services": {"db": {"kind": "image", "image": {"name": "redis", "tag": "8"}}}}
HAND_WRITTEN = "services: {}\n"
NAMES = (
    *("compose.yml", "docker-compose.yml", "docker-compose.yaml"),
    *("compose.override.yml", "compose.override.yaml"),
    *("docker-compose.override.yml", "docker-compose.override.yaml"),
)


def _codes(root: Path) -> list[tuple[str, str]]:
    with pytest.raises(SpecError) as caught:
        plan(root)
    return [(one.location.file, one.code) for one in caught.value.findings]


@pytest.mark.parametrize("name", NAMES)
def test_the_first_compose_file_is_not_written_beside_another(tmp_path: Path, name: str) -> None:
    root = write_files(tmp_path, {"services.yaml": SPEC, name: HAND_WRITTEN})
    assert _codes(root) == [(name, "compose-file-foreign")]


@pytest.mark.parametrize("name", NAMES)
def test_force_writes_it_and_an_override_of_ours_is_meant(tmp_path: Path, name: str) -> None:
    root = write_files(tmp_path, {"services.yaml": SPEC, name: HAND_WRITTEN})
    write(root, plan(root, force=True).changes)
    changed = {**SPEC, "project": "q"}
    write_files(root, {"services.yaml": changed})
    assert [str(change) for change in plan(root).changes] == ["update: compose.yaml"]
    assert (root / name).read_text(encoding="utf-8") == HAND_WRITTEN


def test_a_hand_written_compose_file_is_told_with_its_override(tmp_path: Path) -> None:
    files = {"compose.yaml": HAND_WRITTEN, "compose.override.yaml": HAND_WRITTEN}
    root = write_files(tmp_path, {"services.yaml": SPEC, **files})
    assert _codes(root) == [("compose.override.yaml", "compose-file-foreign"), ("compose.yaml", "file-hand-written")]


def test_it_is_told_with_the_mistakes_of_the_spec(tmp_path: Path) -> None:
    spec = {**SPEC, "services": {"db": {"kind": "image"}}}
    root = write_files(tmp_path, {"services.yaml": spec, "compose.yml": HAND_WRITTEN})
    assert ("compose.yml", "compose-file-foreign") in _codes(root)
    assert len(_codes(root)) > 1


@pytest.mark.parametrize("name", ["compose.yml", "docker-compose.yml", "docker-compose.yaml"])
def test_a_file_that_is_added_later_is_not_read(tmp_path: Path, name: str) -> None:
    root = write_files(tmp_path, {"services.yaml": SPEC})
    write(root, plan(root).changes)
    write_files(root, {name: HAND_WRITTEN, "compose.override.yaml": HAND_WRITTEN})
    (warning,) = plan(root).warnings
    assert (warning.code, warning.location.file) == ("compose-file-unread", name)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("COMPOSE_FILE=other.yaml", "read other.yaml alone, and not compose.yaml"),
        (" export COMPOSE_FILE = 'compose.yaml:other.yaml'", "and no override beside it"),
        ("#COMPOSE_FILE=other.yaml", ""),
        ("MY_COMPOSE_FILE=other.yaml", ""),
    ],
)
def test_variables_that_choose_other_files(tmp_path: Path, line: str, said: str) -> None:
    root = write_files(tmp_path, {"services.yaml": SPEC, ".env": f"A=b\n{line}\n"})
    found = [str(one) for one in plan(root).warnings if one.code == "compose-file-unread"]
    assert len(found) == bool(said)
    assert all(one.startswith(".env:2:1: ") and said in one for one in found)


@pytest.mark.parametrize("name", ["compose.yml", "docker-compose.yaml", "stack.yaml"])
def test_the_name_is_a_key(tmp_path: Path, name: str) -> None:
    services = {"site": {"kind": "python", "path": ".", "sources": ["."], "command": ["serve"], "ports": [8000]}}
    spec = {**SPEC, "compose_file": name, "dev": True, "services": services}
    root = write_files(tmp_path, {"services.yaml": spec, "requirements.txt": ""})
    write(root, plan(root).changes)
    assert not (root / "compose.yaml").exists()
    assert f"docker compose -f {name} -f compose.dev.yaml watch" in (root / "compose.dev.yaml").read_text("utf-8")
    assert name in (root / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    found = plan(root)
    assert (found.changes, [one.code for one in found.warnings if one.code.startswith("compose")]) == ([], [])


def test_a_file_of_an_earlier_name_is_told(tmp_path: Path) -> None:
    root = write_files(tmp_path, {"services.yaml": SPEC})
    write(root, plan(root).changes)
    write_files(root, {"services.yaml": {**SPEC, "compose_file": "docker-compose.yml"}})
    write(root, plan(root).changes)
    [warning] = plan(root).warnings
    assert warning.location.file == "compose.yaml"
    assert warning.message.startswith("is read instead of docker-compose.yml")
    assert warning.fix == "remove the file, which has been written under an earlier name"


def test_a_file_that_compose_prefers_is_in_the_way(tmp_path: Path) -> None:
    spec = {**SPEC, "compose_file": "docker-compose.yml"}
    files = {"compose.yaml": HAND_WRITTEN, "docker-compose.yaml": HAND_WRITTEN}
    root = write_files(tmp_path, {"services.yaml": spec, **files})
    assert _codes(root) == [("compose.yaml", "compose-file-foreign"), ("docker-compose.yaml", "compose-file-foreign")]


def test_a_name_that_compose_does_not_find_stands_beside_any_other(tmp_path: Path) -> None:
    spec = {**SPEC, "compose_file": "stack.yaml"}
    files = {"compose.yaml": HAND_WRITTEN, ".env": "COMPOSE_FILE=stack.yaml:more.yaml\n"}
    root = write_files(tmp_path, {"services.yaml": spec, **files})
    write(root, plan(root).changes)
    assert plan(root).warnings == []


@pytest.mark.parametrize("name", ["compose.dev.yaml", "docker-compose.override.yml", "deploy/compose.yaml", "stack", 8])
def test_other_names_are_refused(tmp_path: Path, name: object) -> None:
    root = write_files(tmp_path, {"services.yaml": {**SPEC, "compose_file": name}})
    with pytest.raises(SpecError) as caught:
        plan(root)
    assert [one.location.file for one in caught.value.findings] == ["services.yaml"]
