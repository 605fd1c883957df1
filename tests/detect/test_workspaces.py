"""The packages that a service needs of its workspace, from the manifests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.detect.workspace_folders import folders
from generator.pipeline import load, resolve_spec
from generator.render.tree import render
from generator.text.files import Repository
from tests.support import errors_of, write_files

NPM_LOCK = '{"packages": {}}'


def _workspace(root: Path, kind: str, path: str, **own: str) -> dict[str, Any]:
    service = {"kind": kind, "path": path, "command": ["serve"], "ports": [80], **own}
    write_files(root, {"services.yaml": {"version": 1, "project": "p", "services": {"app": service}}})
    resolved = resolve_spec(root, "services.yaml")
    assert errors_of(resolved) == []
    found: dict[str, Any] = resolved.services["app"].values["workspace"]
    return found


@pytest.fixture
def monorepo(tmp_path: Path) -> Path:
    """Write an application that needs `ui`, which needs `core`; it builds with `types`, and never needs `other`."""
    build = {"build": "tsc"}
    write_files(
        tmp_path,
        {
            "package.json": {"name": "root", "workspaces": ["apps/*", "packages/**", "!packages/old"]},
            "package-lock.json": NPM_LOCK,
            "tsconfig.base.json": "{}",
            "apps/web/package.json": {
                "name": "@acme/web",
                "scripts": build,
                "dependencies": {"@acme/ui": "workspace:*", "fastify": "5"},
                "devDependencies": {"@acme/types": "*"},
            },
            "packages/ui/package.json": {
                "name": "@acme/ui",
                "version": "1.2.0",
                "scripts": build,
                "files": ["lib/", "src/*.css"],
                "peerDependencies": {"@acme/core": "^1.0.0"},
            },
            "packages/deep/core/package.json": {"name": "@acme/core", "version": "1.0.1"},
            "packages/types/package.json": {"name": "@acme/types", "scripts": build},
            "packages/other/package.json": {"name": "@acme/other"},
            "packages/old/package.json": {"name": "@acme/old"},
            "packages/ui/node_modules/x/package.json": {"name": "x"},
        },
    )
    return tmp_path


def test_what_is_needed_by_a_node_service(monorepo: Path) -> None:
    assert _workspace(monorepo, "node", "apps/web") == {
        "root": ".",
        "member": {"name": "@acme/web", "path": "apps/web"},
        "packages": [
            {"name": "@acme/types", "path": "packages/types", "artifacts": [], "build": "build"},
            {"name": "@acme/core", "path": "packages/deep/core", "artifacts": ["."]},
            {"name": "@acme/ui", "path": "packages/ui", "artifacts": ["lib"], "build": "build"},
        ],
        "files": ["tsconfig.base.json"],
    }


def test_a_published_package_of_the_same_name_is_no_member(monorepo: Path) -> None:
    write_files(monorepo, {"packages/deep/core/package.json": {"name": "@acme/core", "version": "2.0.0"}})
    names = [package["name"] for package in _workspace(monorepo, "node", "apps/web")["packages"]]
    assert names == ["@acme/types", "@acme/ui"]


def test_pnpm_links_only_what_says_workspace(monorepo: Path) -> None:
    (monorepo / "package-lock.json").unlink()
    write_files(monorepo, {"pnpm-workspace.yaml": "packages: ['apps/*', 'packages/*']\n", "pnpm-lock.yaml": ""})
    names = [package["name"] for package in _workspace(monorepo, "node", "apps/web")["packages"]]
    assert names == ["@acme/ui"]


def test_a_manager_that_the_service_names_ignores_the_workspaces_of_others(monorepo: Path) -> None:
    write_files(monorepo, {"pnpm-workspace.yaml": "packages: ['apps/*', 'packages/*']\n"})
    assert len(_workspace(monorepo, "node", "apps/web", manager="npm")["packages"]) == 3


def test_packages_that_need_each_other_end(monorepo: Path) -> None:
    core = {"name": "@acme/core", "version": "1.0.1", "dependencies": {"@acme/ui": "*"}}
    write_files(monorepo, {"packages/deep/core/package.json": core})
    names = [package["name"] for package in _workspace(monorepo, "node", "apps/web")["packages"]]
    assert sorted(names) == ["@acme/core", "@acme/types", "@acme/ui"]


def test_what_is_needed_by_a_uv_service(tmp_path: Path) -> None:
    workspace = '[tool.uv.workspace]\nmembers = ["libs/*", "services/*"]\nexclude = ["libs/old"]\n'
    sources = "[tool.uv.sources]\nshared = { workspace = true }\nThe_Core = { workspace = true }\n"
    package = "[build-system]\nrequires = []\n"
    write_files(
        tmp_path,
        {
            "pyproject.toml": workspace + sources,
            "uv.lock": '[[package]]\nname = "shared"\n[[package]]\nname = "the-core"\n',
            "services/api/pyproject.toml": f'[project]\nname = "api"\ndependencies = ["shared[x]>=1"]\n{package}',
            "libs/shared/pyproject.toml": f'[project]\nname = "shared"\ndependencies = ["the_core"]\n{package}',
            "libs/core/pyproject.toml": f'[project]\nname = "The.Core"\n{package}',
            "libs/other/pyproject.toml": '[project]\nname = "other"\n',
        },
    )
    assert _workspace(tmp_path, "python", "services/api") == {
        "root": ".",
        "member": {"name": "api", "path": "services/api"},
        "packages": [
            {"name": "the-core", "path": "libs/core", "artifacts": ["."]},
            {"name": "shared", "path": "libs/shared", "artifacts": ["."]},
        ],
        "files": [],
    }


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["packages/*"], ["packages/a", "packages/b"]),
        (["packages/**"], ["packages/a", "packages/b", "packages/b/c"]),
        (["./packages/b/"], ["packages/b"]),
        (["**/c"], ["packages/b/c"]),
        (["**"], ["packages/a", "packages/b", "packages/b/c"]),
        (["packages/*", "!packages/a"], ["packages/b"]),
        (["pack*/[ab]"], []),
        (["../*"], []),
    ],
)
def test_the_patterns_of_a_workspace(tmp_path: Path, patterns: list[str], expected: list[str]) -> None:
    for folder in ("packages/a", "packages/b", "packages/b/c", "packages/b/node_modules/d"):
        write_files(tmp_path, {f"{folder}/package.json": "{}"})
    (tmp_path / "packages/link").symlink_to(tmp_path)
    assert folders(Repository(tmp_path), ".", patterns, "package.json") == expected


@pytest.mark.parametrize("name", [{"name": "app"}, {}])
def test_the_root_of_a_workspace_is_a_service(tmp_path: Path, name: dict[str, str]) -> None:
    root = {"workspaces": ["packages/*", "docs"], "dependencies": {"clock": "*"}, "devDependencies": {"tools": "*"}}
    write_files(
        tmp_path,
        {
            "package.json": {**name, **root, "scripts": {"build": "node build.js"}},
            "package-lock.json": NPM_LOCK,
            "build.js": "",
            "lib/index.js": "",
            "packages/clock/package.json": {"name": "clock", "version": "1.0.0"},
            "packages/tools/package.json": {"name": "tools", "version": "1.0.0"},
            "docs/package.json": {"name": "docs"},
        },
    )
    assert _workspace(tmp_path, "node", ".") == {
        "root": ".",
        "member": {"name": name.get("name", "."), "path": "."},
        "packages": [
            {"name": "clock", "path": "packages/clock", "artifacts": ["."]},
            {"name": "tools", "path": "packages/tools", "artifacts": []},
        ],
        "files": [],
    }
    resolved, project = load(tmp_path, "services.yaml")
    assert resolved.services["app"].values["sources"] == ["build.js", "lib"]
    files = render(project)
    assert "npm ci --omit=dev --include-workspace-root --workspace='packages/clock' --ignore" in files["Dockerfile"]
    assert "docs" not in files["Dockerfile.dockerignore"]


def test_a_member_that_is_not_there_is_an_error(monorepo: Path) -> None:
    manifest = {"name": "@acme/web", "dependencies": {"@acme/gone": "workspace:*"}}
    service = {"kind": "node", "path": "apps/web", "command": ["serve"], "ports": [80]}
    spec = {"version": 1, "project": "p", "services": {"app": service}}
    write_files(monorepo, {"services.yaml": spec, "apps/web/package.json": manifest})
    errors = errors_of(resolve_spec(monorepo, "services.yaml"))
    assert [finding.code for finding in errors] == ["workspace-member-unknown"]


@pytest.mark.parametrize(("lock", "there"), [("package-lock.json", True), ("pnpm-lock.yaml", False)])
def test_what_the_root_depends_on_is_there_where_the_manager_needs_it(monorepo: Path, lock: str, there: bool) -> None:
    root = {"name": "root", "workspaces": ["apps/*", "packages/**"], "devDependencies": {"@acme/old": "workspace:*"}}
    write_files(monorepo, {"package.json": root})
    if lock == "pnpm-lock.yaml":
        (monorepo / "package-lock.json").unlink()
        write_files(monorepo, {lock: "", "pnpm-workspace.yaml": "packages: ['apps/*', 'packages/*']\n"})
    packages = _workspace(monorepo, "node", "apps/web")["packages"]
    assert ({"name": "@acme/old", "path": "packages/old", "artifacts": []} in packages) == there


@pytest.mark.parametrize("locked", [False, True])
def test_a_lock_file_makes_a_root_inside_a_workspace_one_of_its_own(monorepo: Path, locked: bool) -> None:
    inner = {"apps/web/package.json": {"name": "@acme/web", "workspaces": ["parts/*"]}}
    write_files(monorepo, {**inner, **({"apps/web/package-lock.json": NPM_LOCK} if locked else {})})
    found = _workspace(monorepo, "node", "apps/web")
    assert (found["root"], found["member"]["path"]) == (("apps/web", ".") if locked else (".", "apps/web"))


@pytest.mark.parametrize("kind", ["node", "python"])
def test_a_member_that_needs_the_root_is_an_error(tmp_path: Path, kind: str) -> None:
    manifest = '[project]\nname = "app"\ndependencies = ["top"]\n[tool.uv.sources]\ntop = {workspace = true}\n'
    service = {"kind": kind, "path": "apps/app", "command": ["serve"], "ports": [80]}
    files: dict[str, Any] = {
        "services.yaml": {"version": 1, "project": "p", "services": {"app": service}},
        "package.json": {"name": "top", "workspaces": ["apps/*"]},
        "package-lock.json": NPM_LOCK,
        "apps/app/package.json": {"name": "app", "dependencies": {"top": "*"}},
        "pyproject.toml": '[project]\nname = "top"\n[tool.uv.workspace]\nmembers = ["apps/*"]\n[build-system]\n',
        "uv.lock": '[[package]]\nname = "top"\n',
        "apps/app/pyproject.toml": manifest,
    }
    (found,) = errors_of(resolve_spec(write_files(tmp_path, files), "services.yaml"))
    told = "app needs the root of its workspace, a folder with app itself inside it"
    assert (found.code, found.message) == ("dependency-around", told)


def test_pnpm_puts_what_it_installs_for_itself_in_front(tmp_path: Path) -> None:
    lock = (
        "---\nlockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    packageManagerDependencies:\n      pnpm:\n"
        "        specifier: 11.10.0\n        version: 11.10.0\n\npackages:\n\n  pnpm@11.10.0: {}\n\n---\n"
        "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      ms:\n"
        "        specifier: ^2.1.3\n        version: 2.1.3\n\npackages:\n\n  ms@2.1.3: {}\n"
    )
    files = {
        "services.yaml": {
            "version": 1,
            "project": "p",
            "services": {"web": {"kind": "node", "path": ".", "command": ["node", "a.js"], "ports": [80]}},
        },
        "package.json": {"packageManager": "pnpm@11.10.0", "dependencies": {"ms": "^2.1.3"}},
        "a.js": "",
    }
    for text, codes in ((lock, []), (lock.replace("^2.1.3", "^2.0.0"), ["lock-stale"])):
        write_files(tmp_path, {**files, "pnpm-lock.yaml": text})
        assert [one.code for one in errors_of(resolve_spec(tmp_path, "services.yaml"))] == codes


def test_a_member_without_a_name_is_told_so(tmp_path: Path) -> None:
    files = {
        "services.yaml": {
            "version": 1,
            "project": "p",
            "services": {"web": {"kind": "node", "path": "apps/web", "command": ["node", "a.js"], "ports": [80]}},
        },
        "package.json": {"workspaces": ["apps/*"]},
        "package-lock.json": NPM_LOCK,
        "apps/web/package.json": {"private": True},
        "apps/web/a.js": "",
    }
    [finding] = errors_of(resolve_spec(write_files(tmp_path, files), "services.yaml"))
    assert finding.code == "workspace-member-missing"
    assert finding.fix == 'add "name": "web" to apps/web/package.json'
    assert str(finding.location) == "apps/web/package.json:1:1"


def test_a_root_without_a_manifest_is_told(tmp_path: Path) -> None:
    files = {
        "services.yaml": {
            "version": 1,
            "project": "p",
            "services": {"web": {"kind": "node", "path": "apps/web", "command": ["node", "a.js"], "ports": [80]}},
        },
        "pnpm-workspace.yaml": {"packages": ["apps/*"]},
        "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
        "apps/web/package.json": {"name": "web"},
        "apps/web/a.js": "",
    }
    [finding] = errors_of(resolve_spec(write_files(tmp_path, files), "services.yaml"))
    assert (finding.code, finding.location.file) == ("workspace-without-manifest", "pnpm-workspace.yaml")


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        ({}, ["dist"]),
        ({"main": "./lib/index.js"}, ["lib"]),
        ({"main": "index.js"}, ["dist"]),
        ({"main": "src/index.ts", "exports": {".": {"require": {"default": "./dist/cjs/index.js"}}}}, ["dist"]),
        (
            {"exports": {".": {"import": "./esm/a.js", "require": "./cjs/a.js", "types": "./types/a.d.ts"}}},
            ["esm", "cjs"],
        ),
        ({"exports": "./build/index.js", "main": "src/index.ts"}, ["build"]),
        ({"exports": {"./package.json": "./package.json"}, "main": "lib/a.js"}, ["lib"]),
        ({"exports": {".": "./build/a.js"}, "files": ["lib"]}, ["lib"]),
    ],
)
def test_what_ships_of_a_package_is_what_it_exports(
    tmp_path: Path, manifest: dict[str, Any], expected: list[str]
) -> None:
    lib = {"name": "lib", "version": "1.0.0", "scripts": {"build": "tsc"}, **manifest}
    write_files(
        tmp_path,
        {
            "package.json": {"name": "root", "workspaces": ["web", "lib"]},
            "package-lock.json": NPM_LOCK,
            "web/package.json": {"name": "web", "dependencies": {"lib": "*"}},
            "lib/package.json": lib,
        },
    )
    [package] = _workspace(tmp_path, "node", "web")["packages"]
    assert package["artifacts"] == expected
