"""Assets of another service: the documented specs render, and the context, the ignore file and the names fit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.pipeline import plan
from tests.support import Values, rendered, write_files

PAGE = Path(__file__).parents[2] / "docs/assets.md"
SPECS = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
PYPROJECT = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.13"\ndependencies = ["django"]\n'
FILES: dict[str, Any] = {
    "pyproject.toml": PYPROJECT,
    "requirements.txt": "django==5.2.8 --hash=sha256:0\n",
    "manage.py": "",
    "shop/wsgi.py": "",
    "shop/static/ui/.gitkeep": "",
}
FRONT: dict[str, Any] = {
    "package.json": {"name": "ui", "scripts": {"build": "vite build"}},
    "package-lock.json": {"name": "ui", "lockfileVersion": 3, "packages": {"": {"name": "ui"}}},
    "vite.config.js": "",
}


@pytest.mark.parametrize(
    ("text", "folder", "sources"), [*zip(SPECS, ("frontend/", ""), ("src", "assets"), strict=True)]
)
def test_the_documented_specs_build_from_what_they_name(tmp_path: Path, text: str, folder: str, sources: str) -> None:
    spec = {"version": 1, "project": "shop", **yaml.safe_load(text)}
    spec["services"]["web"]["manager"] = "pip"
    front = {f"{folder}{name}": content for name, content in {**FRONT, f"{sources}/main.js": ""}.items()}
    write_files(tmp_path, {**FILES, **front, "services.yaml": spec})
    found = plan(tmp_path)
    files = {change.path: change.new or "" for change in found.changes}
    assert files.keys() == {"Dockerfile", "Dockerfile.dockerignore", "compose.yaml"}
    dockerfile = files["Dockerfile"]
    build = dockerfile.split("AS ui-build\n")[1].split("FROM ")[0]
    assert re.findall(r"^COPY (\S+)", build, re.MULTILINE) == [
        f"{folder}package.json", f"{folder}{sources}", f"{folder}vite.config.js"
    ]  # fmt: skip
    app = dockerfile.split(" AS app\n")[1].split("FROM ")[0]
    shipped = set(re.findall(r"^COPY (?!--)(\S+)", app, re.MULTILINE))
    assert "shop" in shipped
    assert not shipped & {"frontend", "assets", "package.json", "package-lock.json"}
    allowed = re.findall(r"^!([^*\n]+)$", files["Dockerfile.dockerignore"], re.MULTILINE)
    assert set(front) - {f"{folder}{sources}/main.js"} <= {*allowed}
    assert [*yaml.safe_load(files["compose.yaml"])["services"]] == ["web"]
    assert [one.code for one in found.warnings] == []


def _fleet(**assets: Values) -> Values:
    ui = {"kind": "assets", "runtime": "node", "path": "web/ui", "build": "build", "sources": ["src"], **assets}
    api = {"kind": "python", "path": "api", "sources": ["shop"], "command": ["serve"], "ports": [8000]}
    spec = {"version": 1, "project": "p", "services": {"prod": ui, "api": {**api, "assets": {"prod": {"dist": "ui"}}}}}
    return rendered(spec)


def test_no_stage_has_the_name_of_another() -> None:
    front = {"kind": "node", "path": "front", "sources": ["src"], "command": ["node", "src"], "ports": [3000]}
    ui = {"kind": "assets", "runtime": "node", "path": "ui", "build": "build", "sources": ["src"]}
    services = {"prod": ui, "front": {**front, "assets": {"prod": {"dist": "public"}}}}
    text = rendered({"version": 1, "project": "p", "services": services})["front/Dockerfile"]
    stages = re.findall(r"^FROM \S+ AS (\S+)$", text, re.MULTILINE)
    assert "prod-deps" in stages
    assert len(stages) == len(set(stages))


def test_a_secret_of_the_assets_is_one_of_the_build() -> None:
    files = _fleet(
        secrets={"npmrc": {"target": "/root/.npmrc", "file": "web/npmrc"}},
        ssh={"known_hosts": "hosts"},
        packages={"build": ["git", "openssh-client"]},
    )
    [service] = yaml.safe_load(files["compose.yaml"])["services"].values()
    assert service["build"]["secrets"] == ["npmrc"]
    assert service["build"]["ssh"] == ["default"]
    assert "source=web/ui/hosts," in files["api/Dockerfile"]
    lines = files["api/Dockerfile.dockerignore"].splitlines()
    assert "!web/ui/hosts" in lines
    assert lines.index("web/npmrc") > max(index for index, line in enumerate(lines) if line == "!web/ui/src")


def test_what_the_service_ignores_is_there_for_its_assets() -> None:
    ui = {"kind": "assets", "runtime": "node", "path": "ui", "build": "build", "sources": ["src"], "ignore": ["*.md"]}
    web = {"kind": "python", "path": ".", "sources": ["."], "ignore": ["ui"], "command": ["serve"], "ports": [8000]}
    services = {"ui": ui, "web": {**web, "assets": {"ui": {"dist": "ui"}}}}
    lines = rendered({"version": 1, "project": "p", "services": services})["Dockerfile.dockerignore"].splitlines()
    assert lines.index("ui") < lines.index("!ui/src") < lines.index("ui/*.md")
