"""What the stage `lock` reads of Python manifests, and when a lock file of a workspace is stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scripts.run import run

MANIFEST = """\
[project]
name = "web"
dependencies = ["flask>=3", "click"]
[project.optional-dependencies]
fast = ["orjson"]
[dependency-groups]
lint = ["ruff"]
dev = ["pytest", {include-group = "lint"}]
"""


@pytest.mark.parametrize(
    ("arguments", "shipped"),
    [
        ([], ["flask>=3", "click"]),
        (["--extra", "fast"], ["flask>=3", "click", "orjson"]),
        (["--extra", "fast", "--group", "dev"], ["flask>=3", "click", "orjson", "pytest", "ruff"]),
    ],
)
def test_requirements_of_a_manifest(tmp_path: Path, arguments: list[str], shipped: list[str]) -> None:
    (tmp_path / "pyproject.toml").write_text(MANIFEST, encoding="utf-8")
    assert run("read_requirements.py", tmp_path, "pyproject.toml", ".", *arguments) == (0, "")
    assert (tmp_path / "requirements.txt").read_text(encoding="utf-8").splitlines() == shipped
    everything = ["flask>=3", "click", "orjson", "ruff", "pytest", "ruff"]
    assert (tmp_path / "requirements-dev.txt").read_text(encoding="utf-8").splitlines() == everything


UV_LOCK = """\
version = 1
[[package]]
name = "web"
[package.metadata]
requires-dist = [
  {name = "flask", specifier = ">=3"},
  {name = "click"},
  {name = "orjson", marker = "extra == 'fast'"},
]
[package.metadata.requires-dev]
dev = [{name = "pytest"}]
lint = [{name = "ruff"}]
"""


@pytest.mark.parametrize(
    ("old", "new", "stale"),
    [
        ("", "", None),
        ('"click"', '"Click"', None),
        ('"click"', '"web[fast]"', None),
        ('"flask>=3"', '"flask>=4"', "flask>=4"),
        ('"click"', '"click", "httpx"', "httpx"),
        ('"orjson"', '"orjson", "ujson"', "ujson"),
        ('"ruff"', '"ruff", "black"', "black"),
    ],
)
def test_a_lock_file_of_a_workspace(tmp_path: Path, old: str, new: str, stale: str | None) -> None:
    (tmp_path / "uv.lock").write_text(UV_LOCK, encoding="utf-8")
    (tmp_path / "services" / "web").mkdir(parents=True)
    (tmp_path / "services" / "web" / "pyproject.toml").write_text(MANIFEST.replace(old, new), encoding="utf-8")
    done = run("check_uv_lock.py", tmp_path, "uv.lock", "uv lock", "services/web")
    message = f"uv.lock is stale, it has no {stale} of services/web; refresh it with: uv lock\n"
    assert done == ((0, "") if stale is None else (1, message))
