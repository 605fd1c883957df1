"""Digests from a registry: pinned, built from, upgraded, and taken over from generated files that a bot has updated."""

import json
import os
import re
import time
from pathlib import Path

import pytest

from generator.cli.app import main
from generator.engine.registry import look_up

from .harness import Engine, http_get

REGISTRY = "127.0.0.1:5000"
PRESET = """\
runtimes:
  node:
    image: {registry: 127.0.0.1:5000/library}
    runtime_image: {registry: 127.0.0.1:5000/library}
"""


@pytest.fixture
def root(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a service whose images come from the registry on the loopback interface."""
    try:
        http_get(f"http://{REGISTRY}/v2/", timeout=1)
    except TimeoutError:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"an engine of the host has no registry on {REGISTRY}")
    for name in ("PATH", "DOCKER_CONFIG"):
        if name in engine.environment:
            monkeypatch.setenv(name, engine.environment[name])
    (tmp_path / "mirror.yaml").write_text(PRESET, encoding="utf-8")
    spec = {
        "version": 1,
        "project": "p",
        "presets": ["./mirror.yaml"],
        "services": {"web": {"kind": "node", "path": ".", "command": ["node", "index.js"], "ports": [80]}},
    }
    (tmp_path / "services.yaml").write_text(json.dumps(spec), encoding="utf-8")
    (tmp_path / "package.json").write_text('{"name": "web"}', encoding="utf-8")
    (tmp_path / "package-lock.json").write_text('{"name": "web", "lockfileVersion": 3, "packages": {"": {}}}', "utf-8")
    (tmp_path / "index.js").write_text("", encoding="utf-8")
    return tmp_path


def _pinned(root: Path) -> dict[str, str]:
    text = (root / "Dockerfile").read_text(encoding="utf-8")
    return dict(re.findall(r"^FROM (\S+)@(sha256:[0-9a-f]{64})", text, re.MULTILINE))


def test_every_image_is_pinned_and_builds(engine: Engine, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """FROM has the digest that the registry has for the image."""
    assert main(["-C", str(root), "lock"]) == 0
    pinned = _pinned(root)
    assert set(pinned) == {f"{REGISTRY}/library/{name}" for name in ("node:24-trixie-slim", "debian:trixie-slim")}
    for reference, digest in pinned.items():
        engine.run("buildx", "imagetools", "inspect", f"{reference}@{digest}")
    engine.build(root, output="type=cacheonly")
    assert main(["-C", str(root), "--check"]) == 0
    capsys.readouterr()
    assert main(["-C", str(root), "lock"]) == 0
    assert capsys.readouterr().out == "", "nothing is looked up twice"


def test_an_update_by_a_bot_is_taken_over(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A digest that a bot changes in a generated file is neither lost nor reported as drift."""
    main(["-C", str(root), "lock"])
    dockerfile = root / "Dockerfile"
    old = _pinned(root)[f"{REGISTRY}/library/node:24-trixie-slim"]
    bumped = look_up(f"{REGISTRY}/library/node:22-trixie-slim")
    dockerfile.write_text(dockerfile.read_text(encoding="utf-8").replace(old, bumped), encoding="utf-8")
    for arguments in (["--check"], []):
        assert main(["-C", str(root), *arguments]) == 2
        assert "take it into the lock file with: gen-dockerfiles lock" in capsys.readouterr().err
    assert main(["-C", str(root), "lock"]) == 0
    assert f"take over: {REGISTRY}/library/node:24-trixie-slim@{bumped}" in capsys.readouterr().out
    assert bumped in (root / "gen-dockerfiles.lock").read_text(encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 0


def test_a_digest_that_the_registry_does_not_have(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is not taken from the generated file, and nothing is written."""
    main(["-C", str(root), "lock"])
    dockerfile, lock, invented = root / "Dockerfile", root / "gen-dockerfiles.lock", "sha256:" + "ab" * 32
    old = _pinned(root)[f"{REGISTRY}/library/node:24-trixie-slim"]
    dockerfile.write_text(dockerfile.read_text(encoding="utf-8").replace(old, invented), encoding="utf-8")
    before = dockerfile.read_bytes(), lock.read_bytes()
    assert main(["-C", str(root), "lock"]) == 2
    assert f"node:24-trixie-slim@{invented}: is not there" in capsys.readouterr().err
    assert (dockerfile.read_bytes(), lock.read_bytes()) == before


def test_a_digest_that_was_edited_in_the_lock_file(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every run accepts it where the generated file was edited as well, and the registry does not have it."""
    main(["-C", str(root), "lock"])
    capsys.readouterr()
    assert main(["-C", str(root), "lock", "--verify"]) == 0
    assert capsys.readouterr().out.count("confirmed: ") == 2
    old, invented = _pinned(root)[f"{REGISTRY}/library/node:24-trixie-slim"], "sha256:" + "ab" * 32
    for file in (root / "gen-dockerfiles.lock", root / "Dockerfile"):
        file.write_text(file.read_text(encoding="utf-8").replace(old, invented), encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 0
    assert main(["-C", str(root), "lock", "--verify"]) == 1
    assert f"node:24-trixie-slim@{invented} is not there" in capsys.readouterr().err


def _use_unique_tag(root: Path) -> str:
    """Make the service use a unique tag, which the test can move at the registry; return the tag."""
    tag = f"{REGISTRY}/library/node:{time.time_ns()}-trixie-slim"
    version = tag.rpartition(":")[2].partition("-")[0]
    text = PRESET.replace("  node:\n", f'  node:\n    node: "{version}"\n')
    (root / "mirror.yaml").write_text(text, encoding="utf-8")
    return tag


def _move_tag(engine: Engine, tag: str, number: int) -> None:
    engine.run("buildx", "imagetools", "create", "--tag", tag, f"{REGISTRY}/library/node:{number}-trixie-slim")


def test_an_upgrade_looks_up_again(engine: Engine, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """If a tag moves at the registry, its pin stays the same until an upgrade."""
    tag = _use_unique_tag(root)
    for number in (24, 22):
        _move_tag(engine, tag, number)
        assert main(["-C", str(root), "lock"]) == 0
        if number == 24:
            first = _pinned(root)[tag]
    assert _pinned(root)[tag] == first
    capsys.readouterr()
    assert main(["-C", str(root), "lock", "--upgrade", tag]) == 0
    assert _pinned(root)[tag] != first
    assert f"pin: {tag}@" in capsys.readouterr().out
    assert main(["-C", str(root), "--check"]) == 0


def test_a_lock_file_pulled_without_its_dockerfile(
    engine: Engine, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A Dockerfile with a digest that the lock file has replaced is stale. It is rewritten, not taken over."""
    tag, dockerfile, lock = _use_unique_tag(root), root / "Dockerfile", root / "gen-dockerfiles.lock"
    _move_tag(engine, tag, 24)
    assert main(["-C", str(root), "lock"]) == 0
    older = dockerfile.read_bytes()
    _move_tag(engine, tag, 22)
    assert main(["-C", str(root), "lock", "--upgrade", tag]) == 0
    newer, locked = dockerfile.read_bytes(), lock.read_bytes()
    for arguments, code in ((["--check"], 1), ([], 0), (["lock"], 0)):
        dockerfile.write_bytes(older)
        capsys.readouterr()
        assert main(["-C", str(root), *arguments]) == code
        verb = "stale" if arguments == ["--check"] else "update"
        assert capsys.readouterr().out == f"{verb}: Dockerfile\n"
        assert dockerfile.read_bytes() == (older if code else newer)
        assert lock.read_bytes() == locked


def test_an_unknown_tag(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown tag is an error with its reference, and nothing is written."""
    (root / "mirror.yaml").write_text(PRESET.replace("  node:\n", '  node:\n    node: "1.2.3"\n'), encoding="utf-8")
    assert main(["-C", str(root), "lock"]) == 2
    assert f"{REGISTRY}/library/node:1.2.3-trixie-slim: cannot be looked up" in capsys.readouterr().err
    assert not (root / "gen-dockerfiles.lock").exists()
    assert main(["-C", str(root), "lock", "--upgrade", "nobody:1"]) == 2
    assert "is not an image of this project" in capsys.readouterr().err
