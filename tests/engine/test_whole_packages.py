"""A package of a workspace that is built and ships as a whole, without what is installed in it for development."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from .harness import Engine
from .harness.repository import generate, write_files

_SHARED = {
    "name": "@acme/shared",
    "version": "1.0.0",
    "main": "made/index.js",
    "files": ["."],
    "scripts": {"build": "node build.js"},
}
# The folder is what a package manager leaves where two versions of a package are needed.
_BUILD = """\
const fs = require("node:fs");
fs.mkdirSync("made", { recursive: true });
fs.mkdirSync("node_modules/left", { recursive: true });
fs.writeFileSync("node_modules/left/index.js", "");
fs.writeFileSync("made/index.js", 'module.exports = "built";');
"""
_ROOT = {"name": "root", "private": True, "workspaces": ["apps/*", "packages/*"]}
_WEB = {"name": "@acme/web", "version": "1.0.0", "dependencies": {"@acme/shared": "1.0.0"}}
_LOCK = {
    "name": "root",
    "lockfileVersion": 3,
    "requires": True,
    "packages": {
        "": _ROOT,
        "apps/web": _WEB,
        "packages/shared": {"name": "@acme/shared", "version": "1.0.0"},
        "node_modules/@acme/web": {"resolved": "apps/web", "link": True},
        "node_modules/@acme/shared": {"resolved": "packages/shared", "link": True},
    },
}
_SPEC = {
    "version": 1,
    "project": "p",
    "services": {
        "web": {
            "kind": "worker",
            "runtime": "node",
            "path": "apps/web",
            "command": ["node", "src/main.js"],
            "healthcheck": None,
        }
    },
}


def test_it_ships_what_its_build_has_made(engine: Engine, tmp_path: Path, tag: Callable[[str], str]) -> None:
    write_files(
        tmp_path,
        {
            "services.yaml": json.dumps(_SPEC),
            "package.json": json.dumps(_ROOT),
            "package-lock.json": json.dumps(_LOCK),
            "apps/web/package.json": json.dumps(_WEB),
            "apps/web/src/main.js": 'console.log(require("@acme/shared"));\n',
            "packages/shared/package.json": json.dumps(_SHARED),
            "packages/shared/build.js": _BUILD,
        },
    )
    generate(tmp_path)
    dockerfile = tmp_path / "apps/web/Dockerfile"
    assert "FROM build AS packages" in dockerfile.read_text("utf-8")
    image = engine.build(tmp_path, dockerfile, tag=tag("image")).tag
    assert engine.run("run", "--rm", image).stdout == "built\n"
    assert [path for path in engine.files_of_image(image) if "shared/node_modules" in path] == []
