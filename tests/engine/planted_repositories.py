"""Repositories of several layouts, with a token in every file that looks like a secret, and in ordinary sources."""

import json
from pathlib import Path
from typing import Any

from generator.model.confidential import KEYS
from tests.planted import EXAMPLES, SECRETS, in_any_case

from .harness.planted import Planted
from .harness.repository import write_files, write_spec

PLANTED_FOLDERS = {
    "mono": [
        *("", "src/", "app/", "services/", "services/api/", "services/api/src/", "services/api/src/api/"),
        *("services/jobs/", "services/jobs/app/", "services/site/", "services/site/src/", "services/site/public/"),
        *("apps/web/", "apps/web/src/", "packages/shared/", "packages/shared/src/", "packages/shared/id_tools/"),
    ],
    "single": ["", "src/", "app/", "src/deep/er/"],
    "named": ["", "src/", "lib/", "lib/inner/"],
}
CONTROLS = {
    "mono": [
        *("services/api/src/control.txt", "services/api/src/id_work.py", "services/jobs/app/control.txt"),
        *("services/jobs/app/id_tools/a.py", "services/site/src/control.txt", "services/site/public/id_ed25519.pub"),
        *("apps/web/src/control.txt", "packages/shared/control.txt", "packages/shared/id_tools/a.js"),
    ],
    "single": ["src/control.txt", "app/control.txt", "src/id_map.ts"],
    "named": ["lib/control.txt", "lib/.env.production"],
}
# A settings file beside a lock file is read by npm, so a token in it stops the tool.
SETTINGS = {".npmrc", "services/site/.npmrc"}
# What `file` of a secret names, although no pattern would refuse it.
SECRET_FILES = {
    "mono": ["secrets/npmrc", "packages/shared/token.txt"],
    "single": [".npmrc", "src/token.txt"],
    "named": ["lib/token.txt"],
}
PORTS = {
    "mono": {"web": 8001, "api": 8002, "jobs": 8003, "site": 8080},
    "single": {"single": 8001},
    "named": {"named": 8001},
}
LOCKED = {"name": "demo", "version": "0.1.0", "private": True, "scripts": {"build": "node src/build.js"}}
COPY = (
    'const fs = require("fs"); fs.cpSync("src", "dist", {recursive: true});'
    ' fs.writeFileSync("dist/main.js", "");'
    ' if (fs.existsSync("public")) fs.cpSync("public", "dist", {recursive: true});\n'
)
PRINT = 'console.log(require("fs").readFileSync("src/control.txt", "utf8"));\n'
UV_LOCK = """\
version = 1
revision = 3
requires-python = ">=3.13"

[[package]]
name = "demo"
version = "0.1.0"
source = { virtual = "." }
"""
PROJECT = '[project]\nname = "demo"\nversion = "0.1.0"\nrequires-python = ">=3.13"\ndependencies = []\n'


def _npm_lock(*packages: dict[str, Any]) -> str:
    entries = {"": LOCKED, **{key: value for package in packages for key, value in package.items()}}
    return json.dumps({"name": "demo", "version": "0.1.0", "lockfileVersion": 3, "packages": entries})


def write_repository(name: str, root: Path, planted: Planted) -> Path:
    """Write a repository below `root` with its planted files, and generate its own files; return its folder."""
    folder = root / name
    paths = [
        f"{above}{spelled}"
        for above in PLANTED_FOLDERS[name]
        for secret in SECRETS
        for spelled in in_any_case(secret)
        # In a folder that is called like a key, only the usual names of keys are refused.
        if not above.endswith("/id_tools/") or secret not in EXAMPLES[KEYS]
    ]
    planted.plant(folder, [path for path in paths if path not in {*CONTROLS[name], *SETTINGS, *SECRET_FILES[name]}])
    planted.plant(folder, CONTROLS[name])
    planted.plant(folder, SECRET_FILES[name], "//registry.example.com/:_authToken={token}\n")
    files, services = {"mono": _mono, "single": _single, "named": _named}[name]()
    write_files(folder, files)
    write_spec(folder, services)
    return folder


def _mono() -> tuple[dict[str, str], dict[str, Any]]:
    """A Python service with a src layout, one in app/, a static site, and a workspace with a package copied whole."""
    web = {**LOCKED, "name": "web", "dependencies": {"shared": "*"}}
    shared = {"name": "shared", "version": "0.1.0", "main": "src/main.js"}
    workspace = {"name": "demo", "version": "0.1.0", "private": True, "workspaces": ["apps/*", "packages/*"]}
    packages = {
        "": workspace,
        "apps/web": {key: web[key] for key in ("name", "version", "dependencies")},
        "packages/shared": {key: shared[key] for key in ("name", "version")},
        "node_modules/web": {"resolved": "apps/web", "link": True},
        "node_modules/shared": {"resolved": "packages/shared", "link": True},
    }
    lock = {"name": "demo", "version": "0.1.0", "lockfileVersion": 3, "requires": True, "packages": packages}
    npmrc = {"target": "/root/.npmrc", "file": "secrets/npmrc"}
    shown = {"environment": {"RUNTIME_TOKEN": {"variable": "RUNTIME_TOKEN"}}}
    print_control = "print(open('app/control.txt').read(), flush=True); import time; time.sleep(600)"
    return (
        {
            "package.json": json.dumps(workspace),
            "package-lock.json": json.dumps(lock),
            "apps/web/package.json": json.dumps(web),
            "apps/web/src/build.js": COPY,
            "packages/shared/package.json": json.dumps(shared),
            "packages/shared/src/main.js": "module.exports = 1;\n",
            "services/api/pyproject.toml": PROJECT,
            "services/api/uv.lock": UV_LOCK,
            "services/api/src/api/__init__.py": "",
            "services/jobs/requirements.txt": "# none\n",
            "services/jobs/app/__init__.py": "",
            "services/site/package.json": json.dumps({**LOCKED, "name": "site"}),
            "services/site/package-lock.json": _npm_lock(),
            "services/site/src/build.js": COPY,
        },
        {
            "web": {
                "kind": "node",
                "path": "apps/web",
                "command": ["node", "dist/main.js"],
                "ports": [8001],
                "secrets": {"shared": {"env": "SHARED_TOKEN", "file": "packages/shared/token.txt"}},
            },
            "api": {"kind": "python", "path": "services/api", "package": False, "command": ["true"], "ports": [8002]},
            "jobs": {
                "kind": "python",
                "path": "services/jobs",
                "ports": [8003],
                **shown,
                "command": ["python", "-c", print_control],
            },
            "site": {"kind": "node", "path": "services/site", "output": "static", "secrets": {"npmrc": npmrc}},
        },
    )


def _single() -> tuple[dict[str, str], dict[str, Any]]:
    """A service that is the whole repository, whose sources are detected, with a build script."""
    secrets = {
        "npmrc": {"target": "/root/.npmrc", "file": ".npmrc"},
        "other": {"env": "OTHER_TOKEN", "file": "src/token.txt"},
    }
    service = {"kind": "node", "path": ".", "command": ["node", "dist/main.js"], "ports": [8001], "secrets": secrets}
    files = {"package.json": json.dumps(LOCKED), "package-lock.json": _npm_lock(), "src/build.js": PRINT + COPY}
    return files, {"single": service}


def _named() -> tuple[dict[str, str], dict[str, Any]]:
    """A service that names a folder of its sources, and in it one file that looks like a secret."""
    service = {
        "kind": "python",
        "path": ".",
        "sources": ["lib", "lib/.env.production"],
        "command": ["true"],
        "ports": [8001],
        "secrets": {"lib": {"env": "LIB_TOKEN", "file": "lib/token.txt"}},
    }
    return {"requirements.txt": "# none\n", "lib/main.py": ""}, {"named": service}
