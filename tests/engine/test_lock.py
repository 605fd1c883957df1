"""Digests from a registry: pinned, built from, upgraded, and taken back from what an update bot has written."""

import json
import os
import re
import time
from pathlib import Path

import pytest

from generator.cli.app import main

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
    """A service whose images come from the registry on the loopback interface."""
    try:
        http_get(f"http://{REGISTRY}/v2/", timeout=1)
    except TimeoutError:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"a host's own engine comes without the registry on {REGISTRY}")
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
    """The digest is the one that the registry serves, literally in FROM."""
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


def test_a_bump_by_a_bot_is_taken_back(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A digest that changed in a generated file is not lost, and not taken for drift."""
    main(["-C", str(root), "lock"])
    dockerfile, bumped = root / "Dockerfile", "sha256:" + "ab" * 32
    old = _pinned(root)[f"{REGISTRY}/library/node:24-trixie-slim"]
    dockerfile.write_text(dockerfile.read_text(encoding="utf-8").replace(old, bumped), encoding="utf-8")
    for arguments in (["--check"], []):
        assert main(["-C", str(root), *arguments]) == 2
        assert "take it into the lock file with: gen-dockerfiles lock" in capsys.readouterr().err
    assert main(["-C", str(root), "lock"]) == 0
    assert f"take back: {REGISTRY}/library/node:24-trixie-slim@{bumped}" in capsys.readouterr().out
    assert bumped in (root / "gen-dockerfiles.lock").read_text(encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 0


def _own_tag(root: Path) -> str:
    """A tag of the service's own, which a test can move at the registry."""
    tag = f"{REGISTRY}/library/node:{time.time_ns()}-trixie-slim"
    version = tag.rpartition(":")[2].partition("-")[0]
    text = PRESET.replace("  node:\n", f'  node:\n    node: "{version}"\n')
    (root / "mirror.yaml").write_text(text, encoding="utf-8")
    return tag


def _move(engine: Engine, tag: str, number: int) -> None:
    engine.run("buildx", "imagetools", "create", "--tag", tag, f"{REGISTRY}/library/node:{number}-trixie-slim")


def test_an_upgrade_looks_again(engine: Engine, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A tag that has moved at the registry stays as it was pinned until an upgrade is asked for."""
    tag = _own_tag(root)
    for number in (24, 22):
        _move(engine, tag, number)
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
    """A Dockerfile with a digest that the lock file has replaced is stale: it is rewritten, and nothing taken back."""
    tag, dockerfile, lock = _own_tag(root), root / "Dockerfile", root / "gen-dockerfiles.lock"
    _move(engine, tag, 24)
    assert main(["-C", str(root), "lock"]) == 0
    older = dockerfile.read_bytes()
    _move(engine, tag, 22)
    assert main(["-C", str(root), "lock", "--upgrade", tag]) == 0
    newer, locked = dockerfile.read_bytes(), lock.read_bytes()
    for arguments, code in ((["--check"], 1), ([], 0), (["lock"], 0)):
        dockerfile.write_bytes(older)
        capsys.readouterr()
        assert main(["-C", str(root), *arguments]) == code
        told = "stale" if arguments == ["--check"] else "update"
        assert capsys.readouterr().out == f"{told}: Dockerfile\n"
        assert dockerfile.read_bytes() == (older if code else newer)
        assert lock.read_bytes() == locked


def test_what_cannot_be_looked_up(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A tag that is not there is an error with its reference, and nothing is written."""
    (root / "mirror.yaml").write_text(PRESET.replace("  node:\n", '  node:\n    node: "1.2.3"\n'), encoding="utf-8")
    assert main(["-C", str(root), "lock"]) == 2
    assert f"{REGISTRY}/library/node:1.2.3-trixie-slim: cannot be looked up" in capsys.readouterr().err
    assert not (root / "gen-dockerfiles.lock").exists()
    assert main(["-C", str(root), "lock", "--upgrade", "nobody:1"]) == 2
    assert "is not an image of this project" in capsys.readouterr().err
