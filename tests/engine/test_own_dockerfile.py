"""A Dockerfile that the team writes, with an ignore file of ours: it gets what the spec names, and no secret."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .harness import Engine
from .harness.repository import write_files, write_spec

DOCKERFILE = 'FROM debian:trixie-slim\nCOPY . /srv/\nCMD ["sleep", "60"]\n'
FILES = {
    "index/cmd/main.go": "package main\n",
    "index/cmd/main_test.go": "package main\n",
    "index/go.mod": "module index\n",
    "index/notes/plan.txt": "later\n",
    "index/.env": "TOKEN=1\n",
    "index/cmd/id_rsa": "key\n",
    "index/netrc": "machine example.com\n",
}


@pytest.mark.parametrize(
    ("sources", "dockerfile", "sent"),
    [
        (["cmd", "go.mod"], None, {"cmd/main.go", "go.mod"}),
        (["."], "index.Dockerfile", {"cmd/main.go", "go.mod", "notes/plan.txt"}),
    ],
)
def test_the_builder_is_sent_what_the_spec_names(
    sources: list[str],
    dockerfile: str | None,
    sent: set[str],
    engine: Engine,
    tmp_path: Path,
    tag: Callable[[str], str],
) -> None:
    service: dict[str, Any] = {"kind": "dockerfile", "path": "index", "sources": sources, "ignore": ["**/*_test.go"]}
    service |= {"secrets": {"netrc": {"file": "index/netrc"}}} | ({"dockerfile": dockerfile} if dockerfile else {})
    name = dockerfile or "Dockerfile"
    write_files(tmp_path, {**FILES, f"index/{name}": DOCKERFILE})
    write_spec(tmp_path, {"index": service})
    built = engine.build(tmp_path / "index", tmp_path / "index" / name, tag=tag("index"))
    listed = engine.run("run", "--rm", built.tag, "find", "/srv", "-type", "f", "-printf", "%P\\n").stdout
    assert {*listed.split()} == sent
