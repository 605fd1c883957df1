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
LOCK = '{"lockfileVersion": 3, "packages": {"": {"name": "assets"}}}'
NODE = {"package.json": '{"name": "web"}', "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {}}}'}


def _findings(
    root: Path, files: dict[str, str], *, others: tuple[str, ...] = (), more: dict[str, Any] | None = None, **own: Any
) -> list[Finding]:
    kind = {"kind": "node"} if "package-lock.json" in files and "main.js" in files else {"kind": "python"}
    services: dict[str, Any] = {"web": {**kind, "path": "web", "command": ["serve"], "ports": [8000], **own}}
    for port, path in enumerate(others, 3000):
        services[f"other-{port}"] = {"kind": "node", "path": path, "command": ["serve"], "ports": [port]}
    services |= more or {}
    write_files(root, {"services.yaml": {"version": 1, "project": "p", "services": services}})
    write_files(root / "web", files)
    return [one for one in resolve_spec(root, "services.yaml").findings if one.code == "manifest-unread"]


@pytest.mark.parametrize("folder", ["", "frontend", "src/js/web"])
def test_assets_that_nothing_builds(tmp_path: Path, folder: str) -> None:
    below = f"{folder}/" if folder else ""
    files = {"requirements.txt": "", "main.py": "", f"{below}package.json": BUILD, f"{below}package-lock.json": LOCK}
    [finding] = _findings(tmp_path, files)
    assert str(finding.location) == f"web/{below}package.json:4:5"
    said, more = finding.fix.split("add the service ")[1].split(", with the folder that the script makes, and to web ")
    maker, taken = yaml.safe_load(said), yaml.safe_load(more.partition(", with")[0])
    assert maker == {"web-assets": {"kind": "assets", "path": f"web/{folder}".rstrip("/"), "artifacts": ["dist"]}}
    assert taken == {"assets": {"web-assets": {"dist": "static"}}}
    assert _findings(tmp_path, files, more=maker, **taken) == []


def test_each_of_several_front_ends_is_a_service_of_its_own(tmp_path: Path) -> None:
    files = {f"{folder}/package.json": BUILD for folder in ("client", "js/client_v2")}
    fixes = [one.fix for one in _findings(tmp_path, {"requirements.txt": "", "main.py": "", **files})]
    assert [fix.partition("the service ")[2].partition(":")[0] for fix in fixes] == ["web-client", "web-js-client-v2"]


@pytest.mark.parametrize("files", [{}, {"frontend/package.json": BUILD}])
def test_a_step_may_build_assets(tmp_path: Path, files: dict[str, str]) -> None:
    steps = {"before_build": {"assets": {"run": [["npm", "ci"], ["npm", "run", "build"]]}}}
    files = {"requirements.txt": "", "package.json": BUILD, **files}
    assert _findings(tmp_path, files, steps=steps) == []


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


def test_hidden_settings_of_tools_are_among_the_sources_of_assets(tmp_path: Path) -> None:
    makers = {"ui": {"kind": "assets", "path": "ui", "artifacts": ["dist"]}}
    web = {"kind": "python", "path": "web", "command": ["serve"], "ports": [80], "assets": {"ui": {"dist": "static"}}}
    write_files(tmp_path, {"services.yaml": {"version": 1, "project": "p", "services": {**makers, "web": web}}})
    write_files(tmp_path / "web", {"requirements.txt": "", "main.py": ""})
    files = {"package.json": BUILD, "package-lock.json": LOCK, ".eslintrc.json": "{}", ".sass-lint.yml": ""}
    write_files(tmp_path / "ui", {**files, "main.js": ""})
    values = resolve_spec(tmp_path, "services.yaml").services["ui"].values
    assert values["sources"] == [".eslintrc.json", "main.js"]
