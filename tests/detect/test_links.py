"""Symbolic links among what instructions read: what they lead to is sent, or told."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from generator.layers.resolve import Resolved
from generator.pipeline import plan, resolve_spec
from tests.support import errors_of, warnings_of, write_files

PYTHON = {"kind": "python", "path": "apps/api", "command": ["serve"], "ports": [80]}
NODE = {"kind": "node", "path": "apps/api", "command": ["serve"], "ports": [80]}
FILES = {
    "apps/api/main.py": "",
    "apps/api/requirements.txt": "idna==3.7\n",
    "apps/api/package.json": "{}",
    "apps/api/package-lock.json": '{"lockfileVersion": 3, "packages": {}}',
    "shared/views/page.html": "",
    "shared/words.txt": "",
    "keys/server.key": "",
}


def _resolved(root: Path, links: dict[str, str], files: dict[str, Any] | None = None, **service: Any) -> Resolved:
    """Resolve one service in a repository with links, by what each of them leads to."""
    spec = {"version": 1, "project": "p", "services": {"api": {**PYTHON, **service}}}
    write_files(root, {"services.yaml": spec, **FILES, **(files or {})})
    for path, target in links.items():
        (root / path).unlink(missing_ok=True)
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).symlink_to(target)
    return resolve_spec(root, "services.yaml")


def _workspace(resolved: Resolved) -> Any:
    assert errors_of(resolved) == []
    return resolved.services["api"].values.get("workspace")


@pytest.mark.parametrize(
    ("links", "service", "sent"),
    [
        ({"apps/api/views": "../../shared/views"}, {}, ["shared/views"]),
        ({"apps/api/words.txt": "../../shared/words.txt"}, {}, ["shared/words.txt"]),
        ({"apps/api/words.txt": "../../shared/words.txt", "apps/api/shared": "../../shared"}, {}, ["shared"]),
        ({"apps/api/requirements.txt": "../../other.txt"}, {}, ["other.txt"]),
        ({"apps/api/views": "../../shared/views"}, {"sources": ["main.py", "views/page.html"]},
         ["shared/views/page.html"]),
        ({"apps/api/docs": "../../shared"}, {"extra_sources": ["docs"]}, ["shared"]),
        ({"apps/api/package-lock.json": "../../lock.json"}, NODE, ["lock.json"]),
        ({"apps/api/words.txt": "../../shared/words.txt"},
         {**NODE, "steps": {"before_runtime": {"words": {"copy": "words.txt", "to": "/words.txt"}}}},
         ["shared/words.txt"]),
    ],
)  # fmt: skip
def test_what_a_link_leads_to_is_sent(
    tmp_path: Path, links: dict[str, str], service: dict[str, Any], sent: list[str]
) -> None:
    others = {"other.txt": "idna==3.7\n", "lock.json": FILES["apps/api/package-lock.json"]}
    workspace = _workspace(_resolved(tmp_path, links, others, **service))
    assert (workspace["root"], workspace["lock_folder"], workspace["links"]) == (".", "apps/api", sent)
    [text] = [one.new or "" for one in plan(tmp_path).changes if one.path == "apps/api/Dockerfile.dockerignore"]
    allowed = text.splitlines()
    assert {f"!{path}" for path in (*sent, *links)} - {"!apps/api/views"} <= {*allowed}


def test_a_link_to_what_ships_anyway_moves_nothing(tmp_path: Path) -> None:
    files = {"apps/api/releases/v2/x.txt": ""}
    assert _workspace(_resolved(tmp_path, {"apps/api/latest": "releases/v2"}, files)) is None


def test_a_dependency_by_path_behind_a_link(tmp_path: Path) -> None:
    files = {
        "apps/api/package.json": '{"dependencies": {"lib": "file:./vendor"}}',
        "apps/api/package-lock.json": {
            "lockfileVersion": 3,
            "packages": {
                "": {"dependencies": {"lib": "file:./vendor"}},
                "node_modules/lib": {"resolved": "vendor", "link": True},
                "vendor": {},
            },
        },
        "libs/lib/package.json": '{"name": "lib"}',
    }
    workspace = _workspace(_resolved(tmp_path, {"apps/api/vendor": "../../libs/lib"}, files, **NODE))
    assert [one["path"] for one in workspace["local"]] == ["apps/api/vendor"]
    assert (workspace["root"], workspace["links"]) == (".", ["libs/lib"])


def test_a_folder_that_is_behind_a_link_itself(tmp_path: Path) -> None:
    (tmp_path / "real/api").mkdir(parents=True)
    (tmp_path / "apps").symlink_to("real")
    assert _workspace(_resolved(tmp_path, {"apps/api/latest": "main.py"})) is None


@pytest.mark.parametrize(
    ("target", "code", "message"),
    [
        ("/etc/hostname", "file-outside",
         "api reads apps/api/link, a link that leads to nothing, or out of the repository"),
        ("nowhere", "file-outside", "api reads apps/api/link, a link that leads to nothing, or out of the repository"),
        ("../..", "dependency-around", "api reads apps/api/link, a link to ., which has api itself inside it"),
        ("../../keys/server.key", "secret-linked",
         "api reads apps/api/link, a link to keys/server.key, which looks like a secret"),
    ],
)  # fmt: skip
def test_links_that_cannot_be_sent(tmp_path: Path, target: str, code: str, message: str) -> None:
    resolved = _resolved(tmp_path, {"apps/api/link": target}, sources=["main.py", "link"])
    assert [(one.code, one.message) for one in errors_of(resolved)] == [(code, message)]


def test_a_link_inside_of_a_folder(tmp_path: Path) -> None:
    links = {
        "apps/api/src/views": "../../../shared/views",
        "apps/api/src/same": "other",
        "apps/api/src/beside": "../main.py",
        "apps/api/src/none": "/nowhere",
    }
    files = {"apps/api/src/a.py": "", "apps/api/src/other/b.py": ""}
    _resolved(tmp_path, links, files)
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "add", "--all", "--force"], check=True)
    told = [
        one.message for one in warnings_of(resolve_spec(tmp_path, "services.yaml")) if one.code == "link-not-shipped"
    ]
    assert told == [
        "api ships apps/api/src/none, a link whose target is not in the image",
        "api ships apps/api/src/views, a link to shared/views, which is not in the image",
    ]
