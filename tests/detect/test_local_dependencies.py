"""Dependencies by path: what cannot be sent is told in the same words, whichever language names it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.layers.resolve import Resolved
from generator.pipeline import resolve_spec
from generator.text.errors import Finding
from tests.support import errors_of, write_files

PATHS = {
    "/srv/lib": ("file-outside", "{0} needs lib from /srv/lib, which is outside of the repository"),
    "../../../lib": ("file-outside", "{0} needs lib from ../../../lib, which is outside of the repository"),
    "..": (
        "dependency-around",
        "{0} needs lib from .., a folder with {0} itself inside it, and all of it would be sent",
    ),
    "../gone": ("dependency-missing", "{0} needs lib from ../gone, and there is no apps/gone"),
    "../link": (
        "dependency-around",
        "{0} needs lib from ../link, a folder with {0} itself inside it, and all of it would be sent",
    ),
    "../a b": ("path-malformed", "the path 'apps/a b' cannot stand in a Dockerfile"),
    "../LIB": ("path-misspelled", "{0} needs ../LIB, which is on the disk ../lib, in another case"),
}
OTHER_ROOT = ("workspace-disagrees", "{0} needs lib from ../lib, which is outside of apps/{0}, its workspace.root")


def _resolved(root: Path, path: str, **own: Any) -> Resolved:
    """Resolve a service of Python and one of Node that name the same path."""
    command = {"command": ["serve"], "ports": [80]}
    manifest = f'[project]\nname = "api"\ndependencies = ["lib"]\n[tool.uv.sources]\nlib = {{path = "{path}"}}\n'
    services = {
        "api": {"kind": "python", "path": "apps/api", **command, **own},
        "web": {"kind": "node", "path": "apps/web", **command, **own},
    }
    for name in services:
        write_files(root, {f"apps/{name}/main.txt": ""})
    (root / "apps/link").symlink_to(root)
    files = {
        "services.yaml": {"version": 1, "project": "p", "services": services},
        "apps/lib/pyproject.toml": '[project]\nname = "lib"\ndependencies = []\n',
        "apps/lib/package.json": {"name": "lib"},
        "apps/a b/x": "",
        "apps/api/pyproject.toml": manifest,
        "apps/api/uv.lock": '[[package]]\nname = "lib"\n',
        "apps/web/package.json": {"name": "web", "dependencies": {"lib": f"file:{path}"}},
        "apps/web/package-lock.json": '{"lockfileVersion": 3, "packages": {}}',
    }
    return resolve_spec(write_files(root, files), "services.yaml")


def _told(found: list[Finding], name: str) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in found if one.location.file.startswith(f"apps/{name}/")]


@pytest.mark.parametrize("path", PATHS)
def test_the_same_mistake_has_the_same_words_in_both_languages(tmp_path: Path, path: str) -> None:
    found = errors_of(_resolved(tmp_path, path))
    code, message = PATHS[path]
    assert {name: _told(found, name) for name in ("api", "web")} == {
        name: [(code, message.format(name))] for name in ("api", "web")
    }
    assert len({one.fix.removesuffix(one.location.file) for one in found}) == 1


def test_a_root_that_the_service_names_has_to_hold_everything(tmp_path: Path) -> None:
    for name in ("api", "web"):
        found = errors_of(_resolved(tmp_path / name, "../lib", workspace={"root": f"apps/{name}"}))
        code, message = OTHER_ROOT
        assert _told(found, name) == [(code, message.format(name))]


def test_a_root_above_what_is_needed_counts(tmp_path: Path) -> None:
    resolved = _resolved(tmp_path, "../lib", workspace={"root": "."})
    assert errors_of(resolved) == []
    for name in ("api", "web"):
        found = resolved.services[name].values["workspace"]
        assert (found["root"], found["lock_folder"]) == (".", f"apps/{name}")
        assert [one["path"] for one in found["local"]] == ["apps/lib"]


def test_what_the_service_says_of_its_dependencies_counts(tmp_path: Path) -> None:
    resolved = _resolved(tmp_path, "../gone", workspace={"root": "apps", "local": []})
    assert errors_of(resolved) == []
    assert resolved.services["web"].values["workspace"] == {
        "root": "apps",
        "lock_folder": "web",
        "packages": [],
        "local": [],
        "files": [],
    }
