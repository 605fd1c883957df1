"""What the stage `lock` keeps of JavaScript manifests and lock files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.scripts.run import run

Json = dict[str, Any]


def _write(folder: Path, name: str, value: Json) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(value), encoding="utf-8")


def _read(folder: Path, name: str) -> Json:
    found: Json = json.loads((folder / name).read_text(encoding="utf-8"))
    return found


def test_a_manifest(tmp_path: Path) -> None:
    kept = {"name": "web", "dependencies": {"a": "^1.0.0"}, "engines": {"node": "24"}, "overrides": {"b": "2.0.0"}}
    dropped = {"scripts": {"build": "tsc"}, "description": "a site", "jest": {}, "type": "module"}
    _write(tmp_path, "package.json", {**kept, **dropped, "version": "1.2.3"})
    assert run("reduce_manifest.cjs", tmp_path) == (0, "")
    assert _read(tmp_path, "package.json") == {**kept, "version": "0.0.0", "private": True}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Write three members, of which two are needed; one of these asks for a range of the other."""
    _write(tmp_path, "package.json", {"name": "root", "version": "9.9.9", "workspaces": ["apps/*", "packages/*"]})
    _write(tmp_path, "apps/web/package.json", {"name": "web", "version": "1.0.0", "dependencies": {"lib": "^2.0.0"}})
    _write(tmp_path, "packages/lib/package.json", {"name": "lib", "version": "2.3.4", "scripts": {"build": "tsc"}})
    _write(tmp_path, "packages/other/package.json", {"name": "other", "version": "1.0.0"})
    return tmp_path


def test_a_workspace(workspace: Path) -> None:
    assert run("reduce_workspace.cjs", workspace, "packages/lib", "apps/web") == (0, "")
    root = _read(workspace, "package.json")
    assert root == {"name": "root", "workspaces": ["packages/lib", "apps/web"], "version": "0.0.0", "private": True}
    assert _read(workspace, "apps/web/package.json")["version"] == "0.0.0"
    assert _read(workspace, "packages/lib/package.json") == {"name": "lib", "version": "2.3.4", "private": True}
    assert _read(workspace, "packages/other/package.json")["version"] == "1.0.0", "what is not named is not touched"


def test_a_workspace_that_is_declared_as_a_mapping(workspace: Path) -> None:
    """Bun has its catalogs there, and Yarn 1 what it does not hoist."""
    more = {"catalogs": {"tools": {"a": "1.0.0"}}, "nohoist": ["**/a"]}
    _write(workspace, "package.json", {"name": "root", "workspaces": {"packages": ["apps/*", "packages/*"], **more}})
    assert run("reduce_workspace.cjs", workspace, "packages/lib", "apps/web") == (0, "")
    assert _read(workspace, "package.json")["workspaces"] == {"packages": ["packages/lib", "apps/web"], **more}


def test_a_workspace_that_another_file_declares(workspace: Path) -> None:
    _write(workspace, "package.json", {"name": "root"})
    assert run("reduce_workspace.cjs", workspace, "packages/lib", "apps/web") == (0, "")
    assert _read(workspace, "package.json")["workspaces"] == ["packages/lib", "apps/web"]


def test_a_version_that_nobody_asks_for(workspace: Path) -> None:
    _write(workspace, "apps/web/package.json", {"name": "web", "dependencies": {"lib": "workspace:*"}})
    assert run("reduce_workspace.cjs", workspace, "packages/lib", "apps/web") == (0, "")
    assert _read(workspace, "packages/lib/package.json")["version"] == "0.0.0"


def test_the_version_in_a_lock_file(tmp_path: Path) -> None:
    packages = {"": {"name": "web", "version": "1.2.3"}, "node_modules/a": {"version": "1.0.0"}}
    _write(tmp_path, "package-lock.json", {"name": "web", "version": "1.2.3", "packages": packages})
    assert run("reset_lock_version.cjs", tmp_path, "package-lock.json") == (0, "")
    found = _read(tmp_path, "package-lock.json")
    assert [found["version"], found["packages"][""]["version"]] == ["0.0.0", "0.0.0"]
    assert found["packages"]["node_modules/a"] == {"version": "1.0.0"}


PNPM_LOCK = """\
lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

importers:

  .: {}

  apps/web:
    dependencies:
      '@scope/a':
        specifier: ^1.0.0
        version: 1.0.0(b@2.0.0)
      lib:
        specifier: workspace:*
        version: link:../../packages/lib

  packages/other:
    dependencies:
      d:
        specifier: ^4.0.0
        version: 4.0.0

packages:

  '@scope/a@1.0.0':
    resolution: {integrity: sha512-a}

  b@2.0.0:
    resolution: {integrity: sha512-b}

  d@4.0.0:
    resolution: {integrity: sha512-d}

snapshots:

  '@scope/a@1.0.0(b@2.0.0)':
    dependencies:
      b: 2.0.0

  b@2.0.0: {}

  d@4.0.0: {}
"""


def test_pnpm_keeps_what_members_reach(tmp_path: Path) -> None:
    lock = tmp_path / "pnpm-lock.yaml"
    lock.write_text(PNPM_LOCK, encoding="utf-8")
    assert run("prune_pnpm_lock.cjs", tmp_path, "pnpm-lock.yaml", "packages/lib", "apps/web") == (0, "")
    text = lock.read_text(encoding="utf-8")
    assert "packages/other" not in text
    assert "d@4.0.0" not in text
    for kept in ("autoInstallPeers", "'@scope/a@1.0.0(b@2.0.0)'", "sha512-a", "sha512-b", "link:../../packages/lib"):
        assert kept in text
    assert run("prune_pnpm_lock.cjs", tmp_path, "pnpm-lock.yaml", "packages/lib", "apps/web") == (0, "")
    assert lock.read_text(encoding="utf-8") == text, "there is nothing more to drop"


def test_pnpm_keeps_what_it_installs_for_itself(tmp_path: Path) -> None:
    lock = tmp_path / "pnpm-lock.yaml"
    front = "---\nlockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    configDependencies: {}\n\nsnapshots: {}\n\n"
    for text in (f"---\n{PNPM_LOCK}", f"{front}---\n{PNPM_LOCK}"):
        lock.write_text(text, encoding="utf-8")
        assert run("prune_pnpm_lock.cjs", tmp_path, "pnpm-lock.yaml", "packages/lib", "apps/web") == (0, "")
        kept = lock.read_text(encoding="utf-8")
        assert kept.startswith(text.removesuffix(PNPM_LOCK))
        assert "packages/other" not in kept


def test_pnpm_of_another_version(tmp_path: Path) -> None:
    (tmp_path / "pnpm-lock.yaml").write_text("lockfileVersion: '6.0'\n", encoding="utf-8")
    done = run("prune_pnpm_lock.cjs", tmp_path, "pnpm-lock.yaml", "apps/web")
    assert done.code != 0
    assert "pnpm-lock.yaml is not of version 9.0" in done.error


YARN_LOCK = """\
# yarn lockfile v1


"@scope/a@^1.0.0":
  version "1.0.0"
  dependencies:
    b "^2.0.0"

b@^2.0.0, b@^2.1.0:
  version "2.1.0"

d@^4.0.0:
  version "4.0.0"
"""


def _yarn(folder: Path, dependencies: Json) -> Path:
    _write(folder, "package.json", {"name": "root", "workspaces": ["apps/web"]})
    _write(folder, "apps/web/package.json", {"name": "web", "dependencies": dependencies})
    lock = folder / "yarn.lock"
    lock.write_text(YARN_LOCK, encoding="utf-8")
    return lock


def test_yarn_keeps_what_members_reach(tmp_path: Path) -> None:
    lock = _yarn(tmp_path, {"@scope/a": "^1.0.0"})
    assert run("prune_yarn_lock.cjs", tmp_path, "yarn.lock", "yarn install", "apps/web") == (0, "")
    assert lock.read_text(encoding="utf-8") == YARN_LOCK.partition("\nd@")[0]


def test_yarn_misses_an_entry(tmp_path: Path) -> None:
    _yarn(tmp_path, {"e": "^5.0.0"})
    done = run("prune_yarn_lock.cjs", tmp_path, "yarn.lock", "yarn install", "apps/web")
    assert done == (1, "yarn.lock has no e@^5.0.0, which web needs; refresh it with: yarn install\n")
