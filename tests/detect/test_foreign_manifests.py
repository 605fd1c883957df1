"""A manifest of another language in the folder of a service: nothing would run its build, or install what it names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.pipeline import resolve_spec
from generator.text.errors import Finding
from tests.support import write_files

BUILD = '{\n  "name": "assets",\n  "scripts": {\n    "build": "esbuild main.js"\n  }\n}\n'
NODE = {"package.json": '{"name": "web"}', "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {}}}'}


def _findings(root: Path, files: dict[str, str], *, others: tuple[str, ...] = (), **own: Any) -> list[Finding]:
    kind = {"kind": "node"} if "package-lock.json" in files and "main.js" in files else {"kind": "python"}
    services: dict[str, Any] = {"web": {**kind, "path": "web", "command": ["serve"], "ports": [8000], **own}}
    for port, path in enumerate(others, 3000):
        services[f"other-{port}"] = {"kind": "node", "path": path, "command": ["serve"], "ports": [port]}
    write_files(root, {"services.yaml": {"version": 1, "project": "p", "services": services}})
    write_files(root / "web", files)
    return [one for one in resolve_spec(root, "services.yaml").findings if one.code == "manifest-unread"]


@pytest.mark.parametrize(
    ("files", "folder", "run"),
    [
        ({"package-lock.json": "{}"}, "", [["npm", "ci"], ["npm", "run", "build"], ["rm", "-rf", "node_modules"]]),
        (
            {"frontend/package-lock.json": "{}"},
            "frontend/",
            [
                ["npm", "ci", "--prefix", "frontend"],
                ["npm", "run", "build", "--prefix", "frontend"],
                ["rm", "-rf", "frontend/node_modules"],
            ],
        ),
        (
            {"theme/pnpm-lock.yaml": ""},
            "theme/",
            [
                ["npx", "--yes", "pnpm", "install", "--frozen-lockfile", "--dir", "theme"],
                ["npm", "run", "build", "--prefix", "theme"],
                ["rm", "-rf", "theme/node_modules"],
            ],
        ),
        ({}, "", [["npm", "install"], ["npm", "run", "build"], ["rm", "-rf", "node_modules"]]),
        (
            {},
            "src/js/web/",
            [
                ["npm", "install", "--prefix", "src/js/web"],
                ["npm", "run", "build", "--prefix", "src/js/web"],
                ["rm", "-rf", "src/js/web/node_modules"],
            ],
        ),
    ],
)
def test_assets_that_nothing_builds(tmp_path: Path, files: dict[str, str], folder: str, run: list[list[str]]) -> None:
    files = {"requirements.txt": "", "main.py": "", **files, f"{folder}package.json": BUILD}
    [finding] = _findings(tmp_path, files)
    assert str(finding.location) == f"web/{folder}package.json:4:5"
    packages, steps = (yaml.safe_load(part) for part in finding.fix.split(", add ")[1].split(" and "))
    assert packages == {"packages": {"build": ["nodejs", "npm"]}}
    assert steps == {"steps": {"before_build": {"assets": {"run": run}}}}
    assert _findings(tmp_path, files, **steps, **packages) == []


@pytest.mark.parametrize(
    "files",
    [
        {"package.json": '{"scripts": {"lint": "prettier ."}}'},
        {"tests/package.json": BUILD},
        {"node_modules/package.json": BUILD},
        {"frontend/package.json": BUILD},
    ],
)
def test_other_manifests_are_no_assets(tmp_path: Path, files: dict[str, str]) -> None:
    assert _findings(tmp_path, {"requirements.txt": "", **files}, others=("web/frontend",)) == []


@pytest.mark.parametrize(
    ("name", "text", "unused"),
    [
        ("requirements.txt", "idna==3.7\n", "# none\n\n"),
        ("pyproject.toml", '[project]\ndependencies = ["idna"]\n', "[tool.black]\nline-length = 100\n"),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "*"\n', ""),
        ("Pipfile", '[packages]\nidna = "*"\n', "[packages]\n"),
    ],
)
def test_requirements_of_python_beside_javascript(tmp_path: Path, name: str, text: str, unused: str) -> None:
    files = {**NODE, "main.js": "", name: text}
    assert _findings(tmp_path, {**files, name: unused}) == []
    [finding] = _findings(tmp_path, files)
    assert str(finding.location) == f"web/{name}:1:1"
    assert "installs no packages of Python" in finding.message
    steps = {"after_packages": {"python": {"run": [["pip", "install", "-r", "requirements.txt"]]}}}
    assert _findings(tmp_path, files, steps=steps) == []
