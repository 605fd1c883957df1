"""What differs from build to build: the version of a package without git, a label, the environment and a step."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import yaml

from .harness import Engine
from .harness.repository import write_files, write_spec

SERVICE = """\
kind: python
path: .
command: [python, -c, "import shop; print(shop.VERSION)"]
ports: [8000]
variables:
  SETUPTOOLS_SCM_PRETEND_VERSION: {variable: APP_VERSION, default: "0.0.0"}
  APP_VERSION: {default: "0.0.0"}
  GIT_SHA: {default: 'un"kn$own'}
  REPORT: {default: none}
env: {APP_VERSION: {variable: APP_VERSION}}
labels:
  org.opencontainers.image.version: {variable: APP_VERSION}
  org.opencontainers.image.revision: {variable: GIT_SHA}
steps:
  after_build:
    report: {run: [[sh, -c, 'mkdir -p /opt/app && echo "$REPORT" >/opt/app/report']], variables: [REPORT]}
"""
FILES = {
    "pyproject.toml": """\
[project]
name = "shop"
dynamic = ["version"]
requires-python = ">=3.13"
dependencies = []

[build-system]
requires = ["setuptools>=80", "setuptools-scm>=8"]
build-backend = "setuptools.build_meta"

[tool.setuptools_scm]
""",
    "src/shop/__init__.py": 'from importlib.metadata import version\n\nVERSION = version("shop")\n',
    "uv.lock": """\
version = 1
revision = 3
requires-python = ">=3.13"

[[package]]
name = "shop"
source = { editable = "." }
""",
}
NAMES = ["SETUPTOOLS_SCM_PRETEND_VERSION", "APP_VERSION", "GIT_SHA", "REPORT"]


def test_each_variable_reaches_what_names_it_and_runs_nothing_else_again(
    engine: Engine, tmp_path: Path, tag: Callable[[str], str]
) -> None:
    write_files(tmp_path, FILES)
    write_spec(tmp_path, {"shop": yaml.safe_load(SERVICE)})

    def facts(image: str) -> list[str]:
        script = "cat /opt/app/report; python -c 'import os, shop; print(shop.VERSION, os.environ[\"APP_VERSION\"])'"
        return engine.run("run", "--rm", "--entrypoint=", image, "sh", "-c", script).stdout.split()

    def label(image: str, name: str) -> str:
        form = f'{{{{index .Config.Labels "org.opencontainers.image.{name}"}}}}'
        return engine.run("image", "inspect", "--format", form, image).stdout.strip()

    # Values of this run, so that nothing of an earlier one is cached.
    nonce = uuid.uuid4().hex
    plain = engine.build(tmp_path, tag=tag("plain"))
    assert facts(plain.tag) == ["none", "0.0.0", "0.0.0"]
    assert label(plain.tag, "revision") == 'un"kn$own'

    revised = engine.build(tmp_path, tag=tag("revised"), build_args={"GIT_SHA": "ac1d"})
    assert label(revised.tag, "revision") == "ac1d"
    assert [step.name for step in revised.executed if " RUN " in step.name] == []

    given = dict(zip(NAMES, ["1.4.0", "1.4.0", "ac1d", nonce], strict=True))
    released = engine.build(tmp_path, tag=tag("released"), build_args=given)
    assert facts(released.tag) == [nonce, "1.4.0", "1.4.0"]
    assert label(released.tag, "version") == "1.4.0"
    ran = [step.name.partition(" ")[0] for step in released.executed if " RUN " in step.name]
    assert set(ran) == {"[app"}

    engine.build(tmp_path, tag=tag("dev"), target="dev", build_args=given)
    out = engine.run("run", "--rm", tag("dev"), "/opt/venv/bin/python", "-c", "import shop; print(shop.VERSION)")
    assert out.stdout.strip() == "1.4.0"
