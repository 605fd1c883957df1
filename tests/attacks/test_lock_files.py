"""Lock files and manifests of Node that would crash or hang the parts that search them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.cli.app import main
from tests.support import write_files

SPEC = (
    "version: 1\nproject: p\nservices: {web: {kind: node, path: web, command: [x], ports: [80], healthcheck: null}}\n"
)
NPM = "web/package-lock.json"
DIGITS = "9" * 5_000


@pytest.mark.parametrize(
    "files",
    [
        {"web/pnpm-lock.yaml": f"lockfileVersion: '{DIGITS}'\n"},
        {
            "web/pnpm-lock.yaml": "lockfileVersion: '6.0'\n",
            "web/package.json": {"packageManager": f"pnpm@{DIGITS}.0.0"},
        },
        {"web/yarn.lock": f"__metadata:\n  version: {DIGITS}\n"},
        {
            "web/yarn.lock": "__metadata:\n  version: 8\n",
            "web/package.json": {"packageManager": f"yarn@4.{DIGITS}.0"},
        },
        {NPM: {"lockfileVersion": [1], "packages": {"": 1, "node_modules/": {"optionalDependencies": {"linux": 1}}}}},
        {NPM: {"packages": {"a": {"optionalDependencies": ["linux"]}}}},
        {"web/package.json": {"scripts": {"postinstall": "\x1b[2J" * 1_000}}, NPM: {"packages": {}}},
        {"web/package.json": {"dependencies": {"a": "file:" + "../" * 10_000, "b": "link:\x00"}}, NPM: {}},
        {"web/package.json": {"overrides": [1], "dependencies": {"a": "file:"}}, NPM: {}},
    ],
)
def test_malformed_values_are_told_or_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, Any]
) -> None:
    code = main(["-C", str(write_files(tmp_path, {"services.yaml": SPEC, "web/package.json": "{}", **files}))])
    assert code in (0, 2)
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    ["https://" * 300_000, "git+" * 600_000, "\n" * 3_000_000, "repo: " * 400_000],
    ids=["https", "git", "lines", "repo"],
)
def test_a_search_takes_no_time_by_the_square(tmp_path: Path, text: str) -> None:
    # Each of these would take hours if it did; the run as a whole has a limit.
    files = {"web/yarn.lock": f"# yarn lockfile v1\n{text}", "web/package.json": "{}", "web/.npmrc": "\n" * 3_000_000}
    assert main(["-C", str(write_files(tmp_path, {"services.yaml": SPEC, **files}))]) == 0


def test_folders_that_all_depend_on_each_other_end(tmp_path: Path) -> None:
    names = [f"p{number}" for number in range(150)]
    wanted = {name: f"file:../{name}" for name in names}
    files: dict[str, Any] = {f"{name}/package.json": {"name": name, "dependencies": wanted} for name in names}
    files["web/package.json"] = {"dependencies": wanted}
    files["web/bun.lock"] = "{}"
    assert main(["-C", str(write_files(tmp_path, {"services.yaml": SPEC, **files}))]) == 0
    assert "COPY p149 /lock/p149" in (tmp_path / "web/Dockerfile").read_text(encoding="utf-8")
