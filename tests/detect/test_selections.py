"""Extras and groups that a service takes: unknown ones, and those that exclude each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.layers.resolve import Resolved
from generator.pipeline import resolve_spec
from tests.support import errors_of, warnings_of, write_files

PYPROJECT = """\
[project]
name = "api"
dependencies = []

[project.optional-dependencies]
cpu = ["idna"]
gpu = ["idna"]

[dependency-groups]
Prod_Tools = [{include-group = "base"}]
base = ["idna"]
dev = ["idna"]
old = ["idna"]
"""
CONFLICTS = """
[tool.uv]
default-groups = ["dev", "old"]
conflicts = [
    [{extra = "cpu"}, {extra = "gpu"}],
    [{group = "old"}, {group = "base"}],
]
"""
LOCKED = '[[package]]\nname = "idna"\nversion = "3.7"\n'


def _resolved(root: Path, manifest: str, lock: str, **own: Any) -> Resolved:
    service = {"kind": "python", "path": "api", "command": ["serve"], "ports": [8000], **own}
    spec = {"version": 1, "project": "p", "services": {"api": service}}
    write_files(root, {"services.yaml": spec, "api/pyproject.toml": manifest, f"api/{lock}": LOCKED})
    return resolve_spec(root, "services.yaml")


@pytest.mark.parametrize("lock", ["uv.lock", "poetry.lock", "pdm.lock"])
def test_names_are_compared_as_the_managers_do(tmp_path: Path, lock: str) -> None:
    resolved = _resolved(tmp_path, PYPROJECT, lock, groups=["prod-tools"], extras=["CPU"])
    assert errors_of(resolved) == []


@pytest.mark.parametrize("lock", ["uv.lock", "poetry.lock", "pdm.lock"])
def test_a_name_that_nobody_has(tmp_path: Path, lock: str) -> None:
    resolved = _resolved(tmp_path, PYPROJECT, lock, groups=["base", "prdo"])
    [finding] = errors_of(resolved)
    assert (finding.code, finding.message.partition(",")[0]) == ("selection-unknown", "api takes 'prdo' of groups")
    assert finding.fix.endswith("old, prod-tools")


def test_a_category_of_a_pipfile(tmp_path: Path) -> None:
    write_files(tmp_path, {"api/Pipfile": "[packages]\n[web]\n[requires]\n", "api/Pipfile.lock": "{}"})
    spec = {"kind": "python", "path": "api", "command": ["serve"], "ports": [8000], "groups": ["web", "requires"]}
    write_files(tmp_path, {"services.yaml": {"version": 1, "project": "p", "services": {"api": spec}}})
    [finding] = errors_of(resolve_spec(tmp_path, "services.yaml"))
    assert finding.fix == "use one of packages, web"


def test_what_excludes_each_other(tmp_path: Path) -> None:
    resolved = _resolved(tmp_path, PYPROJECT + CONFLICTS, "uv.lock", extras=["cpu", "gpu"])
    [finding] = errors_of(resolved)
    assert (finding.code, finding.location.line) == ("selection-conflict", 17)
    assert "the extra cpu and the extra gpu" in finding.message


def test_what_excludes_a_default_group_is_for_dev_alone(tmp_path: Path) -> None:
    resolved = _resolved(tmp_path, PYPROJECT + CONFLICTS, "uv.lock", groups=["base"])
    assert errors_of(resolved) == []
    assert [finding.code for finding in warnings_of(resolved)] == ["dev-conflict"]


def test_an_index_that_a_secret_is_for(tmp_path: Path) -> None:
    index = '\n[[tool.uv.index]]\nname = "acme-Internal"\nurl = "https://packages.example.com/simple/"\n'
    secret = {"index": {"env": "UV_INDEX_ACME_INTERNAL_PASSWORD"}}
    resolved = _resolved(tmp_path, PYPROJECT + index, "uv.lock", secrets=secret)
    assert resolved.services["api"].values["install"]["indexes"] == {
        "acme-Internal": "https://packages.example.com/simple/"
    }


def test_an_index_of_a_member_of_a_workspace(tmp_path: Path) -> None:
    """That of the member counts before one of the same name at the root."""
    index = '[[tool.uv.index]]\nname = "acme"\nurl = "https://{}.example.com/simple/"\n'
    member = '[project]\nname = "api"\nversion = "1"\ndependencies = []\n'
    service = {"kind": "python", "path": "apps/api", "command": ["serve"], "ports": [8000]}
    secrets = {"index": {"env": "UV_INDEX_ACME_PASSWORD"}}
    write_files(
        tmp_path,
        {
            "services.yaml": {"version": 1, "project": "p", "services": {"api": {**service, "secrets": secrets}}},
            "pyproject.toml": '[tool.uv.workspace]\nmembers = ["apps/*"]\n' + index.format("root"),
            "uv.lock": "version = 1\n",
            "apps/api/pyproject.toml": member + index.format("member"),
        },
    )
    resolved = resolve_spec(tmp_path, "services.yaml")
    assert resolved.services["api"].values["install"]["indexes"] == {"acme": "https://member.example.com/simple/"}


def test_credentials_of_poetry_are_for_a_source(tmp_path: Path) -> None:
    source = '\n[[tool.poetry.source]]\nname = "acme"\nurl = "https://packages.example.com/simple/"\n'
    secret = {"index": {"env": "POETRY_HTTP_BASIC_ACME_PASSWORD"}}
    resolved = _resolved(tmp_path, PYPROJECT + source, "poetry.lock", secrets=secret)
    assert list(resolved.services["api"].values["install"]["indexes"]) == ["acme"]


def test_credentials_for_no_index(tmp_path: Path) -> None:
    resolved = _resolved(tmp_path, PYPROJECT, "uv.lock", secrets={"index": {"env": "UV_INDEX_ACME_PASSWORD"}})
    assert [finding.code for finding in errors_of(resolved)] == ["index-unknown"]
