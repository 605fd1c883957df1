"""What a member of a workspace uses without declaring it, and what a build script fetches, is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.pipeline import resolve_spec
from generator.text.errors import Finding
from tests.support import Values, errors_of, warnings_of, write_files

LOCKS: dict[str, tuple[str, str]] = {
    "npm": ("package-lock.json", '{"lockfileVersion": 3, "packages": {}}'),
    "pnpm": ("pnpm-lock.yaml", "lockfileVersion: '9.0'\n"),
    "yarn": ("yarn.lock", "__metadata:\n  version: 10\n"),
    "yarn-classic": ("yarn.lock", "# yarn lockfile v1\n"),
    "bun": ("bun.lock", '{"lockfileVersion": 1, "workspaces": {}, "packages": {}}'),
}
SCRIPTS = {"build": "npm run build:app", "build:app": "NODE_ENV=production cross-env A=1 rimraf dist && vite build"}


def _told(root: Path, files: Values, code: str, manager: str = "npm", **own: Any) -> list[Finding]:
    lock, text = LOCKS[manager]
    members = {"pnpm-workspace.yaml": {"packages": ["web", "lib", "other"]}} if manager == "pnpm" else {}
    service = {"kind": "node", "path": "web", "command": ["node", "dist/main.js"], "ports": [80], **own}
    manifest = {"name": "root", "workspaces": ["web", "lib", "other"]}
    write_files(
        root,
        {
            "services.yaml": {"version": 1, "project": "p", "services": {"web": service}},
            "package.json": manifest,
            lock: text,
            **members,
            **files,
        },
    )
    resolved = resolve_spec(root, "services.yaml")
    assert [one for one in errors_of(resolved) if one.code != "lock-stale"] == []
    return [finding for finding in warnings_of(resolved) if finding.code == code]


def _undeclared(root: Path, files: Values, manager: str = "npm", **own: Any) -> list[tuple[str, str]]:
    told = _told(root, files, "dependency-undeclared", manager, **own)
    return [(str(finding.location), finding.fix) for finding in told]


def _web(**more: Any) -> Values:
    return {"name": "web", "version": "1.0.0", **more}


@pytest.mark.parametrize("manager", [*LOCKS])
def test_a_program_that_another_member_declares_is_told(tmp_path: Path, manager: str) -> None:
    files: Values = {
        "web/package.json": _web(scripts=SCRIPTS),
        "web/main.js": "",
        "other/package.json": {"name": "other", "devDependencies": {"cross-env": "7.0.3", "rimraf": "^5"}},
    }
    [(place, fix)] = _undeclared(tmp_path, files, manager)
    assert place == "web/package.json:1:79", "the script that calls it, and not the one that calls that script"
    assert fix.startswith(
        'add to its dependencies, or devDependencies if nothing of it runs: "cross-env": "7.0.3", "rimraf": "^5"; '
    )


@pytest.mark.parametrize("where", ["package.json", "web/package.json", "lib/package.json"])
def test_what_the_root_the_member_or_what_it_needs_declares_is_not_told(tmp_path: Path, where: str) -> None:
    files: dict[str, Any] = {
        "package.json": {"name": "root", "workspaces": ["web", "lib", "other"]},
        "web/package.json": _web(scripts={"build": "cross-env A=1 node build.js"}, dependencies={"lib": "*"}),
        "web/main.js": "",
        "lib/package.json": {"name": "lib", "version": "1.0.0"},
        "other/package.json": {"name": "other", "devDependencies": {"cross-env": "7.0.3"}},
    }
    files[where] = {**files[where], "devDependencies": {"cross-env": "7.0.3"}}
    assert _undeclared(tmp_path, files) == []


@pytest.mark.parametrize(("manager", "own_range"), [("npm", "*"), ("yarn-classic", "*"), ("pnpm", "workspace:*")])
@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("web/src/main.ts", 'import { a } from "@p/lib/sub";\n'),
        ("web/src/main.ts", "const a = await import('@p/lib');\n"),
        ("web/server.js", 'const a = require("@p/lib");\n'),
        ("web/src/App.vue", "<script>\nimport '@p/lib'\n</script>\n"),
    ],
)
def test_a_member_that_is_imported_and_not_declared_is_told(
    tmp_path: Path, manager: str, own_range: str, file: str, text: str
) -> None:
    files: Values = {"web/package.json": _web(), file: text, "lib/package.json": {"name": "@p/lib"}}
    [(place, fix)] = _undeclared(tmp_path, files, manager)
    assert place.startswith(f"{file}:")
    assert f'"@p/lib": "{own_range}"; then run: ' in fix


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("web/src/main.ts", 'import { a } from "./lib";\nimport b from "libs";\n// reads lib\n'),
        ("web/tests/main.ts", 'import "lib";\n'),
        ("web/src/main.test.ts", 'import "lib";\n'),
        ("web/vite.config.ts", 'import "lib";\n'),
        ("web/src/notes.txt", 'import "lib";\n'),
    ],
)
def test_what_no_code_that_ships_imports_is_not_told(tmp_path: Path, file: str, text: str) -> None:
    files: Values = {"web/package.json": _web(), "web/main.js": "", file: text, "lib/package.json": {"name": "lib"}}
    assert _undeclared(tmp_path, files) == []


def test_what_comes_with_a_told_member_is_told_where_packages_are_strict(tmp_path: Path) -> None:
    files: Values = {
        "web/package.json": _web(),
        "web/main.js": 'import "lib"; import "clsx";\n',
        "lib/package.json": {"name": "lib", "dependencies": {"clsx": "^2"}},
        "lib/index.js": 'import "other";\n',
        "other/package.json": {"name": "other"},
    }
    flat = dict(_undeclared(tmp_path / "flat", files))
    strict = dict(_undeclared(tmp_path / "strict", files, "pnpm"))
    assert {place: "clsx" in fix for place, fix in flat.items()} == {
        "web/main.js:1:9": False,
        "lib/index.js:1:9": False,
    }
    assert {"clsx" in fix for fix in strict.values()} == {True, False}
    assert '"other": "*"' in flat["lib/index.js:1:9"], "the member that is told is looked at in turn"


def test_a_file_that_cannot_be_read_is_no_mistake(tmp_path: Path) -> None:
    files: Values = {"web/package.json": _web(), "web/main.js": "x" * 300_000, "lib/package.json": {"name": "lib"}}
    write_files(tmp_path, {"web/src/other.js": ""})
    (tmp_path / "web/src/other.js").write_bytes(b'\xff\xfe import "lib"')
    assert [place for place, _ in _undeclared(tmp_path, files)] == ["web/src/other.js:1:12"]


@pytest.mark.parametrize(
    ("build", "what"),
    [
        ("bun x @tailwindcss/cli -i a.css", "bun x @tailwindcss/cli"),
        ("tsc && npx degit a/b c", "npx degit"),
        ("npm run fonts", "curl"),
        ("pnpm dlx shadcn add button", "pnpm dlx shadcn"),
    ],
)
def test_a_build_script_that_fetches_is_told_until_it_has_a_network(tmp_path: Path, build: str, what: str) -> None:
    scripts = {"build": build, "fonts": "mkdir -p fonts && curl -O https://example.com/a.woff2"}
    files: Values = {"web/package.json": _web(scripts=scripts), "web/main.js": ""}
    [told] = _told(tmp_path, files, "build-fetches")
    assert f"fetches by {what}, and" in told.message
    assert told.fix.startswith("add build_network: default;")
    assert _told(tmp_path, files, "build-fetches", build_network="default") == []


@pytest.mark.parametrize("build", ["npx vite build", "npx --no-install vite build", "bunx vite build", "echo 'npx x"])
def test_a_build_script_that_runs_what_is_installed_is_not_told(tmp_path: Path, build: str) -> None:
    manifest = _web(scripts={"build": build}, devDependencies={"vite": "^7"})
    assert _told(tmp_path, {"web/package.json": manifest, "web/main.js": ""}, "build-fetches") == []


def test_fonts_that_the_build_downloads_are_told(tmp_path: Path) -> None:
    manifest = _web(scripts={"build": "next build"}, dependencies={"next": "^16"})
    files: Values = {"web/package.json": manifest, "web/app/layout.tsx": "import { Inter } from 'next/font/google'\n"}
    assert [str(told.location) for told in _told(tmp_path, files, "build-fetches")] == ["web/app/layout.tsx:1:24"]
