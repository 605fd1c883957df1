"""The preset for hardened images: a service runs on an image without a shell, with the interpreter of that image."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .harness import Engine, http_get
from .harness.probe import eventually
from .harness.repository import generate, write_files

_PYTHON = """\
import http.server, json, os, pathlib, sys
import sortedcontainers

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        pathlib.Path("/data/uploads/one").write_text("written")
        facts = {"uid": os.getuid(), "prefix": sys.prefix, "interpreter": os.path.realpath(sys.executable)}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(facts).encode())

http.server.HTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
"""
_BUILD = """\
const fs = require("node:fs");
fs.mkdirSync("dist", { recursive: true });
fs.copyFileSync("src/server.js", "dist/server.js");
"""
_NODE = """\
const fs = require("node:fs");
require("node:http").createServer((request, response) => {
  fs.writeFileSync("/data/uploads/one", "written");
  response.end(JSON.stringify({ uid: process.getuid(), interpreter: process.execPath }));
}).listen(8000);
"""
# The stand-ins for builds are those of a user.
PRESET = {"preset": "hardened-images", "with": {"build_root": False}}
_COMMON: dict[str, Any] = {"path": ".", "ports": [8000], "volumes": {"uploads": "/data/uploads"}}
SERVICES: dict[str, dict[str, Any]] = {
    "python": {**_COMMON, "kind": "python", "command": ["python", "src/main.py"]},
    "node": {**_COMMON, "kind": "node", "build": "build", "command": ["node", "dist/server.js"]},
}
FILES = {
    "python": {"requirements.txt": "sortedcontainers==2.4.0\n", "src/main.py": _PYTHON},
    "node": {
        "package.json": json.dumps({"name": "demo", "version": "1.0.0", "scripts": {"build": "node src/build.js"}}),
        "yarn.lock": "# yarn lockfile v1\n\n\n",
        "src/build.js": _BUILD,
        "src/server.js": _NODE,
    },
}
FACTS = {
    "python": {"uid": 65532, "prefix": "/opt/venv", "interpreter": "/opt/python/bin/python3.13"},
    "node": {"uid": 1000, "interpreter": "/opt/node/bin/node"},
}


def _write(root: Path, runtime: str) -> None:
    spec = {"version": 1, "project": "p", "presets": [PRESET], "services": {"demo": SERVICES[runtime]}}
    write_files(root, {**FILES[runtime], "services.yaml": json.dumps(spec)})
    generate(root)


@pytest.mark.parametrize("runtime", SERVICES)
def test_a_service_runs_without_a_shell(
    engine: Engine, tmp_path: Path, tag: Callable[[str], str], runtime: str
) -> None:
    """It is healthy, writes to its volume, and is what the image's own user runs with the image's own interpreter."""
    _write(tmp_path, runtime)
    image = engine.build(tmp_path, tag=tag("image")).tag
    hardened = ["--read-only", "--cap-drop=ALL", "--tmpfs=/tmp", "--volume=/data/uploads"]
    with engine.container(image, options=hardened, ports=[8000]) as container:
        answer = http_get(f"http://127.0.0.1:{container.port(8000)}/")
        assert json.loads(answer.text) == FACTS[runtime]
        assert eventually(lambda: _health(container.inspect())) == "healthy"
    names = {Path(path).name for path in engine.files_of_image(image)}
    assert names & {"sh", "bash", "dash", "busybox", "apt-get", "pip", "pip3", "npm", "yarn"} == set()


def _health(container: dict[str, Any]) -> str:
    status = str(container["State"]["Health"]["Status"])
    assert status != "starting"
    return status


@pytest.mark.parametrize("runtime", SERVICES)
def test_the_stage_for_development_has_a_shell(
    engine: Engine, tmp_path: Path, tag: Callable[[str], str], runtime: str
) -> None:
    """The entry point of the image does not get its command."""
    _write(tmp_path, runtime)
    image = engine.build(tmp_path, tag=tag("image"), target="dev").tag
    assert engine.run("run", "--rm", image, "sh", "-c", "id -u").stdout.strip() == str(FACTS[runtime]["uid"])
