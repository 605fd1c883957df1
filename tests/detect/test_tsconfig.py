"""Settings of TypeScript that a service inherits from elsewhere are sent, and move the context where they must."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.pipeline import resolve_spec
from tests.support import errors_of, write_files

SERVICE = {"kind": "node", "path": "apps/web", "command": ["node", "server.js"], "ports": [80]}
SPEC = {"version": 1, "project": "p", "services": {"web": SERVICE}}
ALONE = {
    "services.yaml": SPEC,
    "apps/web/package.json": {"name": "web"},
    "apps/web/package-lock.json": '{"lockfileVersion": 3, "packages": {}}',
    "apps/web/server.js": "",
}
MEMBER = {
    "services.yaml": SPEC,
    "package.json": {"workspaces": ["apps/*", "packages/*"]},
    "package-lock.json": '{"lockfileVersion": 3, "packages": {}}',
    "apps/web/package.json": {"name": "web", "dependencies": {"lib": "*"}},
    "apps/web/server.js": "",
    "packages/lib/package.json": {"name": "lib"},
    "packages/other/package.json": {"name": "other"},
}


def _workspace(root: Path, files: dict[str, Any]) -> Any:
    resolved = resolve_spec(write_files(root, files), "services.yaml")
    assert [one for one in errors_of(resolved) if one.code != "lock-stale"] == []
    return resolved.services["web"].values.get("workspace")


@pytest.mark.parametrize(
    "said",
    ['"../../config/base.json"', '"../../config/base"', '["./own.json", "../../config/base.json"]', '"./own.json"'],
)
def test_the_file_is_sent_with_a_service_of_its_own(tmp_path: Path, said: str) -> None:
    files = {
        **ALONE,
        "apps/web/tsconfig.json": f'{{ // a comment\n  "extends": {said},\n}}',
        "apps/web/own.json": '{\n  "extends": "../../config/base.json"\n}',
        "config/base.json": '{\n  "extends": "./strict.json"\n}',
        "config/strict.json": "{}",
    }
    workspace = _workspace(tmp_path, files)
    assert (workspace["root"], workspace["lock_folder"]) == (".", "apps/web")
    assert workspace["files"] == ["config/base.json", "config/strict.json"]


def test_a_package_may_inherit_from_one_that_is_not_needed(tmp_path: Path) -> None:
    files = {
        **MEMBER,
        "tsconfig.base.json": "{}",
        "apps/web/tsconfig.json": '{\n  "extends": "../../tsconfig.base.json"\n}',
        "packages/lib/tsconfig.build.json": '{\n  "extends": "../other/tsconfig.json"\n}',
        "packages/other/tsconfig.json": "{}",
    }
    workspace = _workspace(tmp_path, files)
    assert workspace["files"] == ["packages/other/tsconfig.json", "tsconfig.base.json"]
    assert [package["name"] for package in workspace["packages"]] == ["lib"]


@pytest.mark.parametrize(
    "said",
    ['"@tsconfig/node24/tsconfig.json"', '"./base.json"', '"../../nowhere.json"', '"../../../outside.json"', "1"],
)
def test_nothing_else_is_sent(tmp_path: Path, said: str) -> None:
    files = {
        **ALONE,
        "apps/web/tsconfig.json": f'{{\n  "extends": {said}\n}}',
        "apps/web/base.json": '{\n  "extends": "./tsconfig.json"\n}',
    }
    assert _workspace(tmp_path, files) is None
