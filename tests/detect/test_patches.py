"""The patches that a manager names are part of what gets installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.layers.resolve import Resolved
from generator.pipeline import load, resolve_spec
from tests.support import Values, errors_of, write_files

LOCKS = {"pnpm": ("pnpm-lock.yaml", ""), "yarn": ("yarn.lock", "__metadata:\n"), "bun": ("bun.lock", "{}")}


def _resolved(root: Path, manager: str, files: dict[str, str | Values], **service: Any) -> Resolved:
    """Resolve a service in `web`, with the manager's lock file there unless the root has one."""
    name, text = LOCKS[manager]
    own = {"kind": "node", "path": "web", "command": ["node", "server.js"], "ports": [80], **service}
    spec = {"version": 1, "project": "p", "services": {"web": own}}
    lock: dict[str, str | Values] = {} if name in files else {f"web/{name}": text}
    write_files(root, {"services.yaml": spec, **lock, **files})
    return resolve_spec(root, "services.yaml")


def _patches(resolved: Resolved) -> list[str]:
    assert errors_of(resolved) == []
    found: list[str] = resolved.services["web"].values["install"]["patches"]
    return found


def test_pnpm_names_them_in_its_own_file_or_in_the_manifest(tmp_path: Path) -> None:
    manifest: Values = {"pnpm": {"patchedDependencies": {"ms@2.1.3": "patches/ms@2.1.3.patch", "a": "./a.patch"}}}
    files: dict[str, str | Values] = {"web/package.json": manifest, "web/a.patch": "", "web/patches/ms@2.1.3.patch": ""}
    assert _patches(_resolved(tmp_path, "pnpm", files)) == ["a.patch", "patches/ms@2.1.3.patch"]
    files["web/pnpm-workspace.yaml"] = "patchedDependencies:\n  a: a.patch\n"
    assert _patches(_resolved(tmp_path, "pnpm", files)) == ["a.patch"]


def test_bun_names_them_in_the_manifest(tmp_path: Path) -> None:
    patch = "patches/@types%2Fms@2.1.0.patch"
    files: dict[str, str | Values] = {
        "web/package.json": {"patchedDependencies": {"@types/ms@2.1.0": patch}},
        f"web/{patch}": "",
    }
    resolved = _resolved(tmp_path, "bun", files)
    assert _patches(resolved) == [patch]
    load(tmp_path, "services.yaml")


@pytest.mark.parametrize(
    ("wanted", "patches"),
    [
        ("patch:ms@npm%3A2.1.3#~/.yarn/patches/ms.patch", [".yarn/patches/ms.patch"]),
        ("patch:ms@npm%3A2.1.3#./one.patch&optional!~/two.patch::version=2.1.3&hash=ab", ["one.patch", "two.patch"]),
        ("patch:ms@patch%3Ams@npm%253A2.1.3%23~/one.patch#~/two.patch", ["one.patch", "two.patch"]),
        ("patch:typescript@npm%3A5.9.3#optional!builtin<compat/typescript>", []),
        ("patch:typescript@npm%3A5.9.3#~builtin<compat/typescript>", []),
        ("catalog:", []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("section", ["dependencies", "devDependencies", "resolutions"])
def test_yarn_names_them_where_it_names_versions(tmp_path: Path, section: str, wanted: str, patches: list[str]) -> None:
    files: dict[str, str | Values] = {"web/package.json": {section: {"x": wanted}}}
    assert _patches(_resolved(tmp_path, "yarn", {**files, **{f"web/{patch}": "" for patch in patches}})) == patches


def test_the_patches_of_a_workspace_are_those_of_its_root_and_of_the_closure(tmp_path: Path) -> None:
    def manifest(name: str, patch: str, **needs: str) -> Values:
        return {"name": name, "dependencies": {"x": f"patch:x@npm%3A1.0.0#{patch}", **needs}}

    files: dict[str, str | Values] = {
        "yarn.lock": "__metadata:\n",
        "package.json": {"workspaces": ["*"], "resolutions": {"y": "patch:y@npm%3A1.0.0#./of-root.patch"}},
        "web/package.json": manifest("web", "./of-web.patch", shared="workspace:*"),
        "shared/package.json": manifest("shared", "~/of-shared.patch"),
        "other/package.json": manifest("other", "~/of-other.patch"),
    }
    for patch in ("of-root.patch", "web/of-web.patch", "of-shared.patch", "of-other.patch"):
        files[patch] = ""
    assert _patches(_resolved(tmp_path, "yarn", files)) == ["of-root.patch", "of-shared.patch", "web/of-web.patch"]


def test_a_patch_has_its_place(tmp_path: Path) -> None:
    manifest = '{\n  "patchedDependencies": {\n    "ms@2.1.3": "../ms.patch"\n  }\n}\n'
    [problem] = errors_of(_resolved(tmp_path, "bun", {"web/package.json": manifest}))
    assert (str(problem.location), problem.message) == (
        "web/package.json:3:18",
        "the patch '../ms.patch' cannot stand in a Dockerfile",
    )


def test_a_service_can_name_them_itself(tmp_path: Path) -> None:
    manifest: Values = {"patchedDependencies": {"ms@2.1.3": "patches/missing.patch"}}
    resolved = _resolved(tmp_path, "bun", {"web/package.json": manifest}, install={"patches": []})
    assert _patches(resolved) == []
