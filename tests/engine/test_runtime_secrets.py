"""Secrets of running containers: files for numeric users below read-only roots, and in nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .conftest import ComposeFactory
from .harness import Engine
from .harness.image_search import image_contains
from .harness.repository import write_files, write_spec

PYTHON = "import os, time; print(open(os.environ['TOKEN_FILE']).read(), flush=True); time.sleep(600)"
NODE = 'console.log(require("node:fs").readFileSync("/run/secrets/token", "utf8")); setInterval(() => {}, 1000);\n'
TOKEN: dict[str, Any] = {"file": "secrets/token", "env": "TOKEN_FILE"}
PASSWORD: dict[str, Any] = {"file": "secrets/password", "env": "POSTGRES_PASSWORD_FILE"}
LOCK = '{"name": "web", "lockfileVersion": 3, "packages": {"": {"name": "web"}}}'


def _services() -> dict[str, dict[str, Any]]:
    plain: dict[str, Any] = {"healthcheck": None, "runtime_secrets": {"token": TOKEN}}
    return {
        "api": {
            "kind": "python",
            "path": ".",
            "sources": ["."],
            "command": ["python", "main.py"],
            "ports": [8000],
            **plain,
        },
        "web": {"kind": "node", "path": "web", "command": ["node", "main.cjs"], "ports": [3000], **plain},
        "mails": {"kind": "worker", "image_of": "api", "command": ["python", "main.py"], **plain},
        "db": {
            "kind": "image",
            "presets": ["postgres"],
            "environment": {"POSTGRES_PASSWORD": None},
            "runtime_secrets": {"password": PASSWORD},
        },
    }


def test_each_container_reads_its_file_and_nothing_else_has_it(
    engine: Engine, tmp_path: Path, compose: ComposeFactory, run_id: str
) -> None:
    token, password = f"token-{run_id}-of-this-run", f"password-{run_id}-of-this-run"
    files = {"requirements.txt": "", "main.py": PYTHON, "web/main.cjs": NODE, "web/package-lock.json": LOCK}
    files |= {"web/package.json": '{"name": "web"}', "secrets/token": token, "secrets/password": password}
    write_files(tmp_path, files)
    for name in ("token", "password"):
        (tmp_path / "secrets" / name).chmod(0o444)
    (tmp_path / "secrets").chmod(0o700)
    write_spec(tmp_path, _services())
    assert "secrets/token" in (tmp_path / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    project = compose(tmp_path, ephemeral_ports={"api": 8000, "web": 3000})
    project.run("up", "--detach", "--build")
    project.run("up", "--detach", "--wait", "db")
    for name in ("api", "web", "mails"):
        assert token in project.logs(name)
        seen = project.inspect(name)
        assert seen["HostConfig"]["ReadonlyRootfs"]
        assert token not in json.dumps(seen)
    assert password not in json.dumps(project.inspect("db"))
    # Over the network, so that the server asks for the password.
    query = ["psql", "--host=db", "--username=app", "--dbname=app", "--tuples-only", "--command=select 6 * 7"]
    ask = ["sh", "-c", f'PGPASSWORD="$(cat /run/secrets/password)" exec {" ".join(query[:-1])} "{query[-1]}"']
    assert project.exec("db", ask).stdout.strip() == "42"
    wrong = ["sh", "-c", f'PGPASSWORD=wrong exec {" ".join(query[:-1])} "{query[-1]}"']
    assert "authentication failed" in project.exec("db", wrong, check=False).stderr
    for name in ("api", "web"):
        image = project.inspect(name)["Image"]
        assert not image_contains(engine, image, token)
