"""Files that code names by relative paths are there: those outside of the folder, and those for development."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.pipeline import load, resolve_spec
from generator.render.tree import render
from tests.support import Values, errors_of, write_files

LOCK = '{"lockfileVersion": 3, "packages": {}}'
MEMBERS = {"name": "root", "workspaces": ["apps/*", "packages/*"]}


def _files(root: Path, files: Values, *, member: bool = True) -> Any:
    service = {"kind": "node", "path": "apps/web", "command": ["node", "dist/main.js"], "ports": [80]}
    lock: Values = {"package.json": MEMBERS, "package-lock.json": LOCK}
    manifest = {"name": "web", "version": "1.0.0", "scripts": {"build": "vite build"}}
    write_files(
        root,
        {
            "services.yaml": {"version": 1, "project": "p", "services": {"web": service}},
            "apps/web/package.json": manifest,
            "apps/web/src/index.ts": "",
            **(lock if member else {"apps/web/package-lock.json": LOCK}),
            **files,
        },
    )
    resolved = resolve_spec(root, "services.yaml")
    assert errors_of(resolved) == []
    return resolved.services["web"].values.get("workspace", {}).get("files")


@pytest.mark.parametrize(
    ("file", "text", "target", "sent"),
    [
        ("src/main.ts", 'import a from "../../../shared/config"', "shared/config.ts", "shared/config.ts"),
        ("src/main.ts", 'import a from "../../../shared/text.txt?raw"', "shared/text.txt", "shared/text.txt"),
        ("src/main.ts", 'export * from "../../../shared"', "shared/index.ts", "shared/index.ts"),
        ("server.js", 'const a = require("../../shared/a.json")', "shared/a.json", "shared/a.json"),
        ("vite.config.mts", 'import p from "../../scripts/plugin"', "scripts/plugin.js", "scripts/plugin.js"),
        ("vite.config.ts", 'export default { publicDir: "../../public" }', "public/icon.svg", "public"),
    ],
)
def test_what_is_named_outside_of_the_service_is_sent(
    tmp_path: Path, file: str, text: str, target: str, sent: str
) -> None:
    assert _files(tmp_path, {f"apps/web/{file}": text, target: ""}) == [sent]


def test_what_a_file_that_is_sent_imports_is_sent_too(tmp_path: Path) -> None:
    files = {"apps/web/src/main.ts": 'import "../../../shared/a"', "shared/a.ts": 'import "./b"', "shared/b.ts": ""}
    assert _files(tmp_path, files) == ["shared/a.ts", "shared/b.ts"]


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ("../../../packages/other/src/a", "packages/other/src/a.ts"),  # has to be declared
        ("../../../secrets/key", "secrets/key.ts"),
        ("../../../.env.production", ".env.production"),
        ("../../../dist/a", "dist/a.js"),
        ("../../../package.json", "package.json"),
        ("../../../../outside", "shared/a.ts"),
        ("../../../missing", "shared/a.ts"),
        ("../util", "apps/web/util.ts"),
        ("../..", "apps/web/util.ts"),
    ],
)
def test_what_is_sent_otherwise_or_must_not_be_is_left_alone(tmp_path: Path, said: str, target: str) -> None:
    other = {"packages/other/package.json": {"name": "other"}}
    files: Values = {"package.json": MEMBERS, **other, "apps/web/src/main.ts": f'import a from "{said}"'}
    assert _files(tmp_path, {target: "", **files}) == []


def test_the_build_context_of_a_service_with_a_lock_file_of_its_own_moves_up(tmp_path: Path) -> None:
    files = {"apps/web/src/main.ts": 'import "../../../shared/a"', "shared/a.ts": ""}
    assert _files(tmp_path, files, member=False) == ["shared/a.ts"]
    project = load(tmp_path, "services.yaml")[1]
    texts = render(project)
    assert "COPY shared/a.ts shared/a.ts" in texts["apps/web/Dockerfile"]
    assert "!shared/a.ts" in texts["apps/web/Dockerfile.dockerignore"]


@pytest.mark.parametrize(
    ("file", "text", "target", "sent"),
    [
        ("config.js", '{"documents": {"about": "./about.md"}}', "about.md", True),
        ("src/lib/page.svelte", 'import text from "../../PRIVACY.md?raw"', "PRIVACY.md", True),
        ("scripts/prepare.ts", "import type { A } from '../docs/types'", "docs/types.ts", True),
        ("src/main.ts", "read('./README.md')", "README.md", True),  # below the folder that the service runs in
        ("src/main.ts", "// as README.md says", "README.md", False),
        ("src/main.ts", 'import a from "../dist/a"', "dist/a.js", False),
        ("src/main.ts", 'read("./.env.local")', ".env.local", False),
        ("tests/main.ts", 'read("./README.md")', "README.md", False),
    ],
)
def test_a_document_that_code_names_is_a_source(tmp_path: Path, file: str, text: str, target: str, sent: bool) -> None:
    service = {"kind": "node", "path": "web", "command": ["node", "server.js"], "ports": [80]}
    files: Values = {
        "services.yaml": {"version": 1, "project": "p", "services": {"web": service}},
        "web/package.json": {"name": "web"},
        "web/package-lock.json": LOCK,
        "web/server.js": "",
        f"web/{file}": text,
        f"web/{target}": "",
    }
    write_files(tmp_path, files)
    resolved = resolve_spec(tmp_path, "services.yaml")
    assert errors_of(resolved) == []
    assert (target in resolved.services["web"].values["sources"]) == sent
