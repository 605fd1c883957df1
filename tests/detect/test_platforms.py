"""Whether what a lock file of npm has is for the images: Debian, with glibc, on both common processors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.pipeline import resolve_spec
from tests.support import write_files

BINARIES = [
    "@img/tool-darwin-arm64",
    "@img/tool-linux-arm64",
    "@img/tool-linux-x64",
    "@img/tool-linuxmusl-x64",
    "@img/tool-win32-x64",
]


def _told(root: Path, locked: list[str], package: str = "node_modules/tool") -> list[tuple[str, str]]:
    """Give the codes and messages for a lock file that has these of the binaries of a package."""
    entry = {"version": "1.0.0", "optionalDependencies": dict.fromkeys(BINARIES, "1.0.0")}
    binaries = {f"node_modules/{name}": {"version": "1.0.0", "optional": True} for name in locked}
    lock = {"lockfileVersion": 3, "packages": {"": {"dependencies": {"tool": "1.0.0"}}, package: entry, **binaries}}
    service = {"kind": "node", "path": "web", "command": ["node", "server.js"], "ports": [80]}
    spec = {"version": 1, "project": "p", "services": {"web": service}}
    manifest = {"dependencies": {"tool": "1.0.0"}}
    write_files(
        root, {"services.yaml": spec, "web/package.json": manifest, "web/package-lock.json": json.dumps(lock, indent=1)}
    )
    return [(finding.code, finding.message) for finding in resolve_spec(root, "services.yaml").findings]


@pytest.mark.parametrize(
    ("locked", "has"),
    [
        (["@img/tool-darwin-arm64"], "@img/tool-darwin-arm64 for tool"),
        (["@img/tool-win32-x64"], "@img/tool-win32-x64 for tool"),
        (["@img/tool-linuxmusl-x64"], "@img/tool-linuxmusl-x64 for tool"),
        ([], "tool"),
    ],
)
def test_a_lock_file_of_another_platform_is_an_error(tmp_path: Path, locked: list[str], has: str) -> None:
    message = f"web/package-lock.json has {has}, and nothing for Linux, as @img/tool-linux-x64"
    assert _told(tmp_path, locked) == [("lock-platform", message)]
    assert _told(tmp_path, locked, "node_modules/other/node_modules/tool") == [("lock-platform", message)]


@pytest.mark.parametrize(("has", "lacks"), [("x64", "arm64"), ("arm64", "x64")])
def test_one_processor_of_linux_alone_is_a_warning(tmp_path: Path, has: str, lacks: str) -> None:
    message = (
        f"web/package-lock.json has @img/tool-linux-{has} for tool, and not @img/tool-linux-{lacks}, so that other "
        "processors cannot use it"
    )
    assert _told(tmp_path, ["@img/tool-darwin-arm64", f"@img/tool-linux-{has}"]) == [("lock-processor", message)]


def test_a_lock_file_of_npm_has_them_all(tmp_path: Path) -> None:
    assert _told(tmp_path, BINARIES) == []
