"""Build secrets and SSH: they are available to the step that fetches packages, and are not in the image."""

import base64
import json
import os
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import ComposeFactory
from .harness import CommandFailed, Compose, Engine, eventually
from .harness.image_search import image_contains
from .harness.index import package_index
from .harness.repository import uv_lock, write_files, write_spec

PYPROJECT = """\
[project]
name = "demo"
version = "0.1.0"
requires-python = ">=3.13"
dependencies = ["six==1.17.0"]
"""
REQUIREMENTS = "six==1.17.0 --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274\n"
IS_NUMBER = "sha512-41Cifkg6e8TylSpdtTpeLVMqvSBEVzTttHvERD741+pnZ8ANv0004MRL43QKPDlK9cGvNp6NZWZUBlbGXYxxng=="
NPM_MANIFEST = {"name": "demo", "version": "0.1.0", "dependencies": {"is-number": "7.0.0"}}
NPM_LOCK = {
    "name": "demo",
    "version": "0.1.0",
    "lockfileVersion": 3,
    "packages": {
        "": NPM_MANIFEST,
        "node_modules/is-number": {"version": "7.0.0", "integrity": IS_NUMBER},
    },
}
# How each package manager gets the password of an index: its name, the mount as a file or a variable, and the content.
SECRETS: dict[str, tuple[str, dict[str, str], str]] = {
    "uv-file": ("uv", {"target": "/root/.netrc"}, "machine {host} login user password {password}"),
    "uv-variable": ("uv", {"env": "UV_DEFAULT_INDEX"}, "http://user:{password}@{address}/_pypi/simple/"),
    "pip-file": ("pip", {"target": "/root/.netrc"}, "machine {host} login user password {password}"),
    "pip-variable": ("pip", {"env": "PIP_INDEX_URL"}, "http://user:{password}@{address}/_pypi/simple/"),
    "npm-file": ("npm", {"target": "/root/.npmrc"}, "//{address}/:_authToken={password}"),
}
FILES = {
    "uv": "six-1.17.0-py2.py3-none-any.whl",
    "pip": "six-1.17.0-py2.py3-none-any.whl",
    "npm": "is-number-7.0.0.tgz",
}


def _write_service(engine: Engine, root: Path, manager: str, settings: dict[str, Any]) -> Path:
    """Write a service with one dependency; return its folder."""
    service: dict[str, Any] = {"kind": "python", "manager": manager, "package": False}
    tag = "{version}-slim-trixie"
    if manager == "npm":
        service, tag = {"kind": "node"}, "{version}-trixie-slim"
    # A unique distribution gives the service its own cache mount, so everything in it was fetched by this build.
    image = {"tag": tag, "distribution": f"test-{uuid.uuid4().hex}"}
    common = {"command": ["true"], "ports": [8000], "sources": ["src"], "image": image}
    write_spec(root, {"demo": {**service, **common, **settings}})
    files = {
        "uv": {"pyproject.toml": PYPROJECT},
        "pip": {"requirements.txt": REQUIREMENTS},
        "npm": {"package.json": json.dumps(NPM_MANIFEST), "package-lock.json": json.dumps(NPM_LOCK)},
    }[manager]
    write_files(root / "services/demo", {"src/main": "", **files})
    if manager == "uv":
        uv_lock(engine, root / "services/demo")
    return root / "services/demo"


def _compose(factory: ComposeFactory, root: Path, base_images: dict[str, str], environment: dict[str, str]) -> Compose:
    """Create the generated project, with base images replaced by build contexts."""
    override = {"services": {"demo": {"build": {"additional_contexts": base_images}}}}
    (root / "bases.json").write_text(json.dumps(override), encoding="utf-8")
    return factory(root, files=[root / "compose.yaml", root / "bases.json"], environment=environment)


@pytest.mark.parametrize("method", SECRETS)
def test_a_secret_gives_access_to_a_private_index_and_is_not_in_the_image(
    engine: Engine, compose: ComposeFactory, tmp_path: Path, method: str
) -> None:
    """Without the secret, or with an empty one, the build stops with a message."""
    manager, mount, template = SECRETS[method]
    password = uuid.uuid4().hex
    basic = base64.b64encode(f"user:{password}".encode()).decode()
    settings = {"secrets": {"index-login": {**mount, "variable": "LOGIN"}}}
    context = _write_service(engine, tmp_path, manager, settings)
    with package_index(engine, password) as index:
        base_images = index.base_images("node:24-trixie-slim" if manager == "npm" else "python:3.13-slim-trixie")
        if manager == "uv":
            lock = (context / "uv.lock").read_text(encoding="utf-8")
            (context / "uv.lock").write_text(index.rewrite_lock(lock), encoding="utf-8")

        missing = engine.build(context, build_contexts=base_images, check=False)
        assert not missing.ok
        assert "secret index-login: not found" in missing.log

        with pytest.raises(CommandFailed, match="build secret index-login is empty"):
            _compose(compose, tmp_path, base_images, {"LOGIN": ""}).build()
        assert index.fetched() == []

        host = index.address.split(":")[0]
        value = template.format(host=host, address=index.address, password=password)
        project = _compose(compose, tmp_path, base_images, {"LOGIN": value})
        log = project.build()
        assert set(index.fetched()) == {FILES[manager]}

    image = f"{project.project_name}-demo"
    installed = "/opt/venv" if manager != "npm" else "node_modules/is-number"
    assert image_contains(engine, image, installed), "the search works"
    for text in (password, basic):
        assert not image_contains(engine, image, text)
        assert text not in log
        assert text not in engine.run("history", "--no-trunc", image).stdout
        assert text not in json.dumps(engine.inspect(image, "image"))


def test_credentials_of_a_named_index_reach_it(engine: Engine, compose: ComposeFactory, tmp_path: Path) -> None:
    """Uv gets them in variables for the name of an index that the manifest has for this package alone."""
    password = uuid.uuid4().hex
    with package_index(engine, password) as index:
        secrets = {"index-user": {"env": "UV_INDEX_COMPANY_USERNAME"}, "index": {"env": "UV_INDEX_COMPANY_PASSWORD"}}
        context = _write_service(engine, tmp_path, "uv", {})
        lock = index.rewrite_lock((context / "uv.lock").read_text(encoding="utf-8"))
        named = f'\n[[tool.uv.index]]\nname = "company"\nurl = "{index.simple}"\nexplicit = true\n'
        named += '[tool.uv.sources]\nsix = {index = "company"}\n'
        specifier = 'specifier = "==1.17.0"'
        assert lock.count(specifier) == 1
        lock = lock.replace(specifier, f'{specifier}, index = "{index.simple}"')
        write_files(context, {"pyproject.toml": PYPROJECT + named, "uv.lock": lock})
        spec = json.loads((tmp_path / "services.yaml").read_text(encoding="utf-8"))["services"]["demo"]
        write_spec(tmp_path, {"demo": {**spec, "secrets": secrets}})
        base_images = index.base_images("python:3.13-slim-trixie")
        project = _compose(compose, tmp_path, base_images, {"INDEX_USER": "user", "INDEX": password})
        project.build()
        assert set(index.fetched()) == {FILES["uv"]}
    assert not image_contains(engine, f"{project.project_name}-demo", password)


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[str]:
    """Yield the socket of an SSH agent with a new key."""
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    with tempfile.TemporaryDirectory() as scratch:  # short: the path of a socket has at most 107 bytes
        socket = f"{scratch}/agent"
        process = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
        try:
            environment = {**os.environ, "SSH_AUTH_SOCK": socket}
            add = ["ssh-add", "-q", str(key)]
            eventually(lambda: subprocess.run(add, env=environment, capture_output=True, check=True))
            yield socket
        finally:
            process.terminate()
            process.wait()


def test_ssh_reaches_the_install_step(
    engine: Engine, compose: ComposeFactory, tmp_path: Path, agent: str, tag: Callable[[str], str]
) -> None:
    """Without an agent the build stops before it installs. With an agent, Compose forwards it."""
    settings = {
        "ssh": {"known_hosts": "known_hosts"},
        "packages": {"build": ["git", "openssh-client"]},
    }
    context = _write_service(engine, tmp_path, "pip", settings)
    # Unique content, so that no step is cached by an earlier run: an SSH agent is not part of the cache key.
    (context / "known_hosts").write_text(f"{uuid.uuid4().hex}.example.com ssh-ed25519 AAAA\n", encoding="utf-8")

    missing = engine.build(context, check=False, tag=tag("missing"))
    assert not missing.ok
    assert "unset ssh forward key default" in missing.log
    project = compose(tmp_path, environment={"SSH_AUTH_SOCK": agent})
    log = project.build()
    assert "Successfully installed six-1.17.0" in log
    image = f"{project.project_name}-demo"
    assert image_contains(engine, image, "/opt/venv"), "the search works"
    for line in (tmp_path / "key").read_text(encoding="utf-8").splitlines()[1:-1]:
        assert line not in log
        assert not image_contains(engine, image, line)
