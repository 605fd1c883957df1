"""Services with a step at every point.

Each step notes that it ran, and fails where it does not stand between the template's own steps.
"""

import json
from typing import Any

Values = dict[str, Any]

# A small package that no image has.
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


def _note(point: str, *conditions: str) -> Values:
    """A step that fails where a condition does not hold, and leaves its point and its user in a file of its stage."""
    commands = [*conditions, f"echo {point} $(id -u) >> /steps"]
    return {"note": {"run": [["sh", "-c", command] for command in commands]}}


def _notes(**conditions: list[str]) -> dict[str, Values]:
    return {point: _note(point, *told) for point, told in conditions.items()}


def _around_packages() -> dict[str, list[str]]:
    return {"before_packages": [f"! command -v {PACKAGE}"], "after_packages": [f"command -v {PACKAGE}"]}


def mounts(run_id: str) -> Values:
    """Two steps with mounts of every type, which leave what they saw; the cache is one of the test run's own."""
    bind = {"type": "bind", "source": "nonce", "target": "/mnt/nonce"}
    secrets = [{"type": "secret", "id": secret} for secret in SECRETS]
    login = [
        "sha256sum < /run/login > /login.sum",
        'printf %s "$TOKEN" | sha256sum > /token.sum',
        "test ! -e /run/hint",
        "ls /sys/class/net > /net",
    ]
    kept = [
        'touch "/mnt/cache/$(cat /mnt/nonce)" && ls /mnt/cache | wc -l > /opt/venv/kept',
        "grep ' /mnt/scratch tmpfs ' /proc/mounts && cp /mnt/nonce /mnt/scratch/nonce",
        "ls /sys/class/net > /no-net",
    ]
    cache = {"type": "cache", "id": f"steps-{run_id}", "target": "/mnt/cache"}
    return {
        "before_dependencies": {
            "login": {"run": [["sh", "-c", command] for command in login], "mounts": [*secrets, bind]}
        },
        "after_dependencies": {
            "kept": {
                "run": [["sh", "-c", command] for command in kept],
                "mounts": [cache, bind, {"type": "tmpfs", "target": "/mnt/scratch"}],
                "network": "none",
            }
        },
    }


def api(run_id: str, variables: dict[str, str], words: list[str]) -> Values:
    """A service of Python; its last step sets these variables and leaves these words, one a line, in /words."""
    steps = _notes(
        **_around_packages(),
        before_dependencies=["test ! -e /opt/venv"],
        after_dependencies=["test -x /opt/venv/bin/python"],
        before_build=["/opt/venv/bin/python -c '' && test -e src/main.py && test ! -e src/__pycache__"],
        after_build=["test -e src/__pycache__"],
        before_runtime=["! getent passwd 10001"],
        after_runtime=["test -e /app/src/main.py"],
    )
    for point, own in mounts(run_id).items():
        steps[point] |= own
    steps["after_runtime"] |= {
        "variables": {"env": variables},
        "words": {"run": [["sh", "-c", "printf '%s\\n' \"$@\" > /words", "sh", *words]]},
        "file": {"copy": "deploy/note", "to": "/etc/demo/note"},
        "folder": {"copy": "deploy/tools", "to": "/etc/demo/tools"},
    }
    return {
        "kind": "python",
        "manager": "pip",
        "command": ["python", "-m", "src.main"],
        "ports": [8000],
        "packages": {"build": [PACKAGE], "runtime": [PACKAGE]},
        "secrets": SECRETS,
        "steps": steps,
    }


def _javascript(**conditions: list[str]) -> Values:
    steps = _notes(
        before_dependencies=["test ! -e package.json"],
        after_dependencies=["test -d node_modules"],
        before_build=["test -e src/build.js && test ! -e dist"],
        after_build=["test -e dist"],
        **conditions,
    )
    steps["before_build"] |= {"greeting": {"env": {"GREETING": "from a step"}}}
    return {"kind": "node", "manager": "npm", "build": "build", "steps": steps}


def web() -> Values:
    """A server of Node that is built; the points around packages are there without packages."""
    own = _javascript(
        before_packages=[],
        after_packages=[],
        before_runtime=["! getent passwd 10001"],
        after_runtime=["test -e /app/dist/server.js"],
    )
    return {**own, "command": ["node", "dist/server.js"], "ports": [3000]}


def site() -> Values:
    """Files that nginx serves, whose image is set to a user of its own."""
    own = _javascript(
        **_around_packages(),
        before_runtime=[f"! command -v {PACKAGE}"],
        after_runtime=["grep 'from a step' /usr/share/nginx/html/index.html"],
    )
    return {**own, "output": "static", "packages": {"build": [PACKAGE], "runtime": [PACKAGE]}}
