"""Services with a step at every point.

Each step records that it ran, and fails if it does not run between the right instructions of the template.
"""

import json
from typing import Any

Values = dict[str, Any]

# A small apt package that is in no base image.
PACKAGE = "hello"
SECRETS = {
    "login": {"target": "/run/login"},
    "token": {"env": "TOKEN"},
    "hint": {"target": "/run/hint", "required": False},
}

_SERVER = """\
import http.server

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"api")

http.server.HTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
"""
_BUILD = """\
const fs = require("node:fs");
fs.mkdirSync("dist", { recursive: true });
fs.writeFileSync("dist/index.html", process.env.GREETING);
fs.copyFileSync("src/server.js", "dist/server.js");
"""
_NODE_SERVER = """\
const fs = require("node:fs");
const page = fs.readFileSync(`${__dirname}/index.html`);
require("node:http").createServer((request, response) => response.end(page)).listen(3000);
"""
_MANIFEST = {"name": "demo", "version": "0.1.0", "scripts": {"build": "node src/build.js"}}
_LOCK = {"name": "demo", "version": "0.1.0", "lockfileVersion": 3, "packages": {"": _MANIFEST}}
_NODE_FILES = {
    "package.json": json.dumps(_MANIFEST),
    "package-lock.json": json.dumps(_LOCK),
    "src/build.js": _BUILD,
    "src/server.js": _NODE_SERVER,
}
FILES = {
    **{f"services/{name}/{path}": text for name in ("web", "site") for path, text in _NODE_FILES.items()},
    "services/api/requirements.txt": "",
    "services/api/src/main.py": _SERVER,
    "services/api/deploy/note": "a note\n",
    "services/api/deploy/tools/run": "#!/bin/sh\necho ran\n",
    "services/api/deploy/tools/data/deep": "deep\n",
    "services/api/deploy/unused": "sent to no builder\n",
}


def _recording_step(point: str, *conditions: str) -> Values:
    """Return a step that checks shell conditions, then appends its point and its user id to /steps in its stage."""
    commands = [*conditions, f"echo {point} $(id -u) >> /steps"]
    return {"note": {"run": [["sh", "-c", command] for command in commands]}}


def _recording_steps(**conditions: list[str]) -> dict[str, Values]:
    """Return a recording step for each point, with its conditions."""
    return {point: _recording_step(point, *commands) for point, commands in conditions.items()}


def _package_conditions() -> dict[str, list[str]]:
    """Return conditions that hold only right before and right after PACKAGE is installed."""
    return {"before_packages": [f"! command -v {PACKAGE}"], "after_packages": [f"command -v {PACKAGE}"]}


def steps_with_mounts(run_id: str) -> Values:
    """Return two steps with mounts of every type. They write what they read to files for the tests.

    The cache mount is unique to the test run.
    """
    bind = {"type": "bind", "source": "nonce", "target": "/mnt/nonce"}
    secrets = [{"type": "secret", "id": secret} for secret in SECRETS]
    login_commands = [
        "sha256sum < /run/login > /login.sum",
        'printf %s "$TOKEN" | sha256sum > /token.sum',
        "test ! -e /run/hint",
        "ls /sys/class/net > /net",
    ]
    kept_commands = [
        'touch "/mnt/cache/$(cat /mnt/nonce)" && ls /mnt/cache | wc -l > /opt/venv/kept',
        "grep ' /mnt/scratch tmpfs ' /proc/mounts && cp /mnt/nonce /mnt/scratch/nonce",
        "ls /sys/class/net > /no-net",
    ]
    cache = {"type": "cache", "id": f"steps-{run_id}", "target": "/mnt/cache"}
    return {
        "before_dependencies": {
            "login": {"run": [["sh", "-c", command] for command in login_commands], "mounts": [*secrets, bind]}
        },
        "after_dependencies": {
            "kept": {
                "run": [["sh", "-c", command] for command in kept_commands],
                "mounts": [cache, bind, {"type": "tmpfs", "target": "/mnt/scratch"}],
                "network": "none",
            }
        },
    }


def api(run_id: str, variables: dict[str, str], words: list[str]) -> Values:
    """Return a Python service whose last steps set ``variables``, and write ``words`` to /words, one per line."""
    steps = _recording_steps(
        **_package_conditions(),
        before_dependencies=["test ! -e /opt/venv"],
        after_dependencies=["test -x /opt/venv/bin/python"],
        before_build=["/opt/venv/bin/python -c '' && test -e src/main.py && test ! -e src/__pycache__"],
        after_build=["test -e src/__pycache__"],
        before_runtime=["! getent passwd 10001"],
        after_runtime=["test -e /app/src/main.py"],
    )
    for point, more in steps_with_mounts(run_id).items():
        steps[point] |= more
    steps["after_runtime"] |= {
        "variables": {"env": variables},
        "words": {"run": [["sh", "-c", "printf '%s\\n' \"$@\" > /words", "sh", *words]]},
        "file": {"copy": "deploy/note", "to": "/etc/demo/note"},
        "folder": {"copy": "deploy/tools", "to": "/etc/demo/tools"},
    }
    return {
        "kind": "python",
        "manager": "pip",
        "sources": ["src"],
        "command": ["python", "-m", "src.main"],
        "ports": [8000],
        "packages": {"build": [PACKAGE], "runtime": [PACKAGE]},
        "secrets": SECRETS,
        "steps": steps,
    }


def _javascript(**conditions: list[str]) -> Values:
    """Return a Node service with a build, and recording steps at the points around it and at those given."""
    steps = _recording_steps(
        before_dependencies=["test ! -e package.json"],
        after_dependencies=["test -d node_modules"],
        before_build=["test -e src/build.js && test ! -e dist"],
        after_build=["test -e dist"],
        **conditions,
    )
    steps["before_build"] |= {"greeting": {"env": {"GREETING": "from a step"}}}
    return {"kind": "node", "manager": "npm", "build": "build", "steps": steps}


def web() -> Values:
    """Return a Node server. It has steps around ``packages``, but no packages."""
    service = _javascript(
        before_packages=[],
        after_packages=[],
        before_runtime=["! getent passwd 10001"],
        after_runtime=["test -e /app/dist/server.js"],
    )
    return {**service, "command": ["node", "dist/server.js"], "ports": [3000]}


def site() -> Values:
    """Return a static site. The image of nginx has another user than the other services."""
    service = _javascript(
        **_package_conditions(),
        before_runtime=[f"! command -v {PACKAGE}"],
        after_runtime=["grep 'from a step' /usr/share/nginx/html/index.html"],
    )
    return {**service, "output": "static", "packages": {"build": [PACKAGE], "runtime": [PACKAGE]}}
