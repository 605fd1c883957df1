"""Dependencies that a manifest names by path are sent with the lock file, and move the context where they must."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.layers.resolve import Resolved
from generator.pipeline import load, resolve_spec
from generator.render.tree import render
from tests.support import errors_of, warnings_of, write_files

LOCKS: dict[str, tuple[str, str]] = {
    "npm": ("package-lock.json", '{"lockfileVersion": 3, "packages": {}}'),
    "pnpm": ("pnpm-lock.yaml", "lockfileVersion: '9.0'\n"),
    "yarn": ("yarn.lock", "__metadata:\n  version: 10\n"),
    "yarn-classic": ("yarn.lock", "# yarn lockfile v1\n"),
    "bun": ("bun.lock", "{}"),
}
LEAF = {"name": "leaf"}


def _repository(root: Path, manager: str, dependencies: dict[str, str], files: dict[str, Any] | None = None) -> Path:
    """Write a service in `apps/web` with these dependencies and a lock file of the manager."""
    service = {"kind": "node", "path": "apps/web", "command": ["node", "server.js"], "ports": [80]}
    name, text = LOCKS[manager]
    return write_files(
        root,
        {
            "services.yaml": {"version": 1, "project": "p", "services": {"web": service}},
            f"apps/web/{name}": text,
            "apps/web/package.json": {"name": "web", "dependencies": dependencies},
            "apps/web/server.js": "",
            **(files or {}),
        },
    )


def _values(resolved: Resolved) -> dict[str, Any]:
    assert errors_of(resolved) == []
    return resolved.services["web"].values


@pytest.mark.parametrize(
    ("manager", "wanted", "linked"),
    [
        ("npm", "file:../../lib", True),
        ("npm", "../../lib", True),
        ("pnpm", "file:../../lib", False),
        ("pnpm", "link:../../lib", True),
        ("yarn", "file:../../lib", False),
        ("yarn", "portal:../../lib", True),
        ("yarn", "link:../../lib", True),
        ("yarn-classic", "file:../../lib", False),
        ("yarn-classic", "link:../../lib", True),
        ("bun", "file:../../lib", False),
    ],
)
def test_a_folder_beside_the_service_moves_the_context(tmp_path: Path, manager: str, wanted: str, linked: bool) -> None:
    root = _repository(tmp_path, manager, {"lib": wanted}, {"lib/package.json": LEAF})
    values = _values(resolve_spec(root, "services.yaml"))
    assert (values["workspace"]["root"], values["workspace"]["lock_folder"]) == (".", "apps/web")
    assert "member" not in values["workspace"]
    assert values["workspace"]["local"] == [{"path": "lib", "ships": linked}]
    project = load(root, "services.yaml")[1]
    text = render(project)["apps/web/Dockerfile"]
    assert "COPY lib /lock/lib\n" in text
    assert ("COPY --link --from=prod-deps /app/lib /app/lib\n" in text) == linked


def test_the_context_is_the_nearest_folder_that_has_everything(tmp_path: Path) -> None:
    root = _repository(tmp_path, "bun", {"lib": "file:../lib"}, {"apps/lib/package.json": LEAF})
    values = _values(resolve_spec(root, "services.yaml"))
    assert values["workspace"]["root"] == "apps"
    assert values["workspace"]["local"] == [{"path": "lib", "ships": False}]


def test_what_is_below_the_service_leaves_the_context_alone(tmp_path: Path) -> None:
    files = {"apps/web/vendor/x.tgz": "", "apps/web/vendor/inner/package.json": LEAF}
    wanted = {"x": "file:vendor/x.tgz", "inner": "file:./vendor/inner"}
    values = _values(resolve_spec(_repository(tmp_path, "npm", wanted, files), "services.yaml"))
    assert (values["workspace"]["root"], values["workspace"].get("lock_folder")) == ("apps/web", None)
    assert values["workspace"]["local"] == [
        {"path": "vendor/inner", "ships": True},
        {"path": "vendor/x.tgz", "ships": False},
    ]


def test_a_folder_brings_those_that_it_depends_on(tmp_path: Path) -> None:
    files = {
        "lib/package.json": {"name": "lib", "dependencies": {"more": "file:./more", "again": "file:../apps/again"}},
        "lib/more/package.json": LEAF,
        "apps/again/package.json": {"name": "again", "dependencies": {"lib": "file:../../lib"}},
    }
    values = _values(resolve_spec(_repository(tmp_path, "bun", {"lib": "file:../../lib"}, files), "services.yaml"))
    assert [one["path"] for one in values["workspace"]["local"]] == ["apps/again", "lib", "lib/more"]


def test_npm_copies_what_is_outside_where_its_settings_say_so(tmp_path: Path) -> None:
    files = {"apps/web/.npmrc": "install-links=true\n", "lib/package.json": {"dependencies": {"ms": "2.1.3"}}}
    values = _values(resolve_spec(_repository(tmp_path, "npm", {"lib": "file:../../lib"}, files), "services.yaml"))
    assert values["workspace"]["local"] == [{"path": "lib", "ships": False}]


def test_the_overrides_of_pnpm_count(tmp_path: Path) -> None:
    files = {"apps/web/pnpm-workspace.yaml": "overrides:\n  ms: file:./ms.tgz\n", "apps/web/ms.tgz": ""}
    values = _values(resolve_spec(_repository(tmp_path, "pnpm", {"ms": "2.1.3"}, files), "services.yaml"))
    assert values["workspace"]["local"] == [{"path": "ms.tgz", "ships": False}]


@pytest.mark.parametrize(
    ("manager", "wanted", "files", "code"),
    [
        ("pnpm", "link:../../lib", {"lib/package.json": {"dependencies": {"ms": "2.1.3"}}}, "dependency-linked"),
        (
            "yarn-classic",
            "link:./lib",
            {"apps/web/lib/package.json": {"dependencies": {"ms": "1"}}},
            "dependency-linked",
        ),
    ],
)
def test_what_cannot_be_built_is_an_error(
    tmp_path: Path, manager: str, wanted: str, files: dict[str, Any], code: str
) -> None:
    resolved = resolve_spec(_repository(tmp_path, manager, {"lib": wanted}, files), "services.yaml")
    assert [finding.code for finding in errors_of(resolved)] == [code]


def test_a_build_script_that_nothing_runs_is_told(tmp_path: Path) -> None:
    files = {"lib/package.json": {"name": "lib", "scripts": {"build": "tsc"}}}
    resolved = resolve_spec(_repository(tmp_path, "npm", {"lib": "file:../../lib"}, files), "services.yaml")
    assert [finding.code for finding in warnings_of(resolved)] == ["dependency-not-built"]


def test_the_plugins_of_yarn_are_there_before_its_first_command(tmp_path: Path) -> None:
    plugin = ".yarn/plugins/@yarnpkg/plugin-version.cjs"
    settings = f"plugins:\n  - path: {plugin}\n    spec: '@yarnpkg/plugin-version'\n"
    files = {"apps/web/.yarnrc.yml": settings, f"apps/web/{plugin}": ""}
    root = _repository(tmp_path, "yarn", {}, files)
    assert _values(resolve_spec(root, "services.yaml"))["workspace"]["local"] == [{"path": plugin, "ships": False}]
    text = render(load(root, "services.yaml")[1])["apps/web/Dockerfile"]
    assert f"COPY {plugin} /lock/{plugin}\n" in text
    assert f"rm -rf .yarn/install-state.gz /app/{plugin}\n" in text


@pytest.mark.parametrize(("manager", "told"), [("pnpm", []), ("yarn", ["dependency-around"])])
def test_a_root_that_links_to_its_members_concerns_only_who_installs_it(
    tmp_path: Path, manager: str, told: list[str]
) -> None:
    name, text = LOCKS[manager]
    service = {"kind": "node", "path": "apps/web", "command": ["node", "server.js"], "ports": [80]}
    files = {
        "services.yaml": {"version": 1, "project": "p", "services": {"web": service}},
        name: text,
        "package.json": {
            "workspaces": ["apps/*"],
            "dependencies": {"web": "link:apps/web", "admin": "link:apps/admin"},
        },
        "pnpm-workspace.yaml": {"packages": ["apps/*"]},
        "apps/web/package.json": {"name": "web"},
        "apps/web/server.js": "",
        "apps/admin/package.json": {"name": "admin", "dependencies": {"leaf": "1.0.0"}},
    }
    resolved = resolve_spec(write_files(tmp_path, files), "services.yaml")
    assert [one.code for one in errors_of(resolved) if one.code != "lock-stale"][:1] == told


@pytest.mark.parametrize("manager", LOCKS)
def test_what_a_tsconfig_extends_is_sent(tmp_path: Path, manager: str) -> None:
    files = {
        "apps/web/tsconfig.json": '// ours\n{"extends": ["./own.json", "../../config/base", "@tsconfig/node24"],}\n',
        "apps/web/own.json": {"extends": "../shared.json"},
        "apps/shared.json": {"extends": "./shared.json"},
        "config/base.json": '{\n  // "extends": "./other.json",\n  "extends": "./strict.json"\n}\n',
        "config/strict.json": "{}",
        "config/other.json": "{}",
    }
    workspace = _values(load(_repository(tmp_path, manager, {}, files), "services.yaml")[0])["workspace"]
    assert (workspace["root"], workspace["lock_folder"], workspace["local"]) == (".", "apps/web", [])
    assert workspace["files"] == ["apps/shared.json", "config/base.json", "config/strict.json"]


@pytest.mark.parametrize("said", ["./.svelte-kit/tsconfig.json", "../../../tsconfig.json", "@acme/tsconfig", "./own"])
def test_what_a_tsconfig_extends_moves_nothing_where_it_is_not_outside(tmp_path: Path, said: str) -> None:
    files = {"apps/web/tsconfig.json": {"extends": said}, "apps/web/own.json": {"extends": "./tsconfig.json"}}
    assert "workspace" not in _values(load(_repository(tmp_path, "npm", {}, files), "services.yaml")[0])


def test_what_the_tsconfig_of_a_package_extends_is_sent(tmp_path: Path) -> None:
    service = {"kind": "node", "path": "apps/web", "command": ["node", "server.js"], "ports": [80]}
    files = {
        "services.yaml": {"version": 1, "project": "p", "services": {"web": service}},
        "package.json": {"workspaces": ["apps/*", "packages/*"]},
        "package-lock.json": LOCKS["npm"][1],
        "tsconfig.json": {"extends": "./config/base.json"},
        "config/base.json": "{}",
        "apps/web/package.json": {"name": "web", "dependencies": {"lib": "*"}},
        "apps/web/server.js": "",
        "packages/lib/package.json": {"name": "lib", "version": "1.0.0"},
        "packages/lib/tsconfig.json": {"extends": "../../config/base.json"},
        "packages/other/package.json": {"name": "other"},
        "packages/other/tsconfig.json": {"extends": "../../config/other.json"},
        "config/other.json": "{}",
    }
    workspace = _values(load(write_files(tmp_path, files), "services.yaml")[0])["workspace"]
    assert workspace["files"] == ["config/base.json", "tsconfig.json"]
