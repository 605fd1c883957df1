"""A preset of another repository, from `presets add` to the image: with fragments, steps and a template."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cli.app import main
from tests.presets.repositories import Platform

from .harness import Engine
from .harness.repository import write_files

pytestmark = pytest.mark.xdist_group("presets")

PRESET = """\
description: What acme's workers have in common
extends: [./common.yaml]
templates:
  node: ./node.jinja
fragments:
  editor:
    packages: {runtime: [vim-tiny]}
  release-notes:
    steps:
      after_runtime:
        notes:
          description: Support reads them.
          run: [[sh, -c, 'echo "$0" >/release-notes', "1: $HOME is text"]]
          network: none
"""
REFERENCED = {
    "presets/common.yaml": """\
built:
  labels: {com.acme.platform: v1}
""",
    "presets/node.jinja": """\
{% extends 'templates/dockerfile/node.jinja' %}
{% from 'templates/dockerfile/quote.jinja' import assigned %}

{% block runtime %}
{{ super() -}}
# Support finds an image by its service.
LABEL com.acme.service={{ assigned(service.name) }}
{% endblock %}
""",
}
SERVICE = {
    "services.yaml": """\
version: 1
project: presets-test
services:
  jobs:
    kind: worker
    runtime: node
    path: .
    command: [node, src/worker.js]
    packages: {runtime: [less]}
    fragments: {editor: true, release-notes: true}
    healthcheck: null
""",
    "package.json": '{"name": "jobs", "version": "1.0.0", "type": "module"}\n',
    "package-lock.json": '{"name": "jobs", "version": "1.0.0", "lockfileVersion": 3, "requires": true, '
    '"packages": {"": {"name": "jobs", "version": "1.0.0"}}}\n',
    "src/worker.js": 'import { readFileSync } from "node:fs";\nconsole.log(readFileSync("/release-notes", "utf8"));\n',
}


def _labels(engine: Engine, image: str) -> dict[str, str]:
    labels: dict[str, str] = engine.inspect(image, "image")["Config"]["Labels"]
    return {name: value for name, value in labels.items() if name.startswith("com.acme.")}


def test_a_shared_preset(engine: Engine, tmp_path: Path, tag: Callable[[str], str]) -> None:
    """Vendor the preset, build and run the service; then update the preset, and build again without its repository."""
    platform, root = Platform(tmp_path / "platform"), tmp_path / "jobs"
    platform.commit(PRESET, tag="v1", files=REFERENCED)
    write_files(root, SERVICE)
    assert main(["-C", str(root), "presets", "add", "--yes", platform.source()]) == 0

    first = engine.build(root, tag=tag("first"))
    assert engine.run("run", "--rm", "--read-only", "--cap-drop=ALL", first.tag).stdout == "1: $HOME is text\n\n"
    assert _labels(engine, first.tag) == {"com.acme.platform": "v1", "com.acme.service": "jobs"}
    files = engine.files_of_image(first.tag)
    assert {"usr/bin/vim.tiny", "usr/bin/less"} <= {path.lstrip("/") for path in files}

    newer = {
        "presets/node.jinja": REFERENCED["presets/node.jinja"].replace("LABEL ", "LABEL com.acme.team=support "),
        "presets/common.yaml": REFERENCED["presets/common.yaml"].replace("v1", "v2"),
    }
    platform.commit(PRESET, tag="v2", files=newer)
    assert main(["-C", str(root), "presets", "update", "--yes"]) == 0
    platform.folder.rename(tmp_path / "gone")
    assert main(["-C", str(root), "--check"]) == 0

    second = engine.build(root, tag=tag("second"))
    assert _labels(engine, second.tag) == {
        "com.acme.platform": "v2",
        "com.acme.service": "jobs",
        "com.acme.team": "support",
    }
    assert [step.name for step in second.executed if step.name.startswith(("[deps", "[runtime"))] == []
