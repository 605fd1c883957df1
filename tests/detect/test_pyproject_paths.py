"""Dependencies that are folders and files of the repository: what is sent from where, and what is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.layers.resolve import Resolved
from generator.pipeline import plan, resolve_spec
from tests.support import errors_of, warnings_of, write_files

Files = dict[str, Any]

PACKAGE = '[build-system]\nrequires = ["hatchling"]\n'
SHARED = f'[project]\nname = "Shared.Rules"\ndependencies = ["tomlkit"]\n{PACKAGE}'
TOOLS = f'[project]\nname = "tools"\ndependencies = []\n{PACKAGE}'
WHEEL = "audit-1.0.0-py3-none-any.whl"
LIBS = {
    "libs/shared/pyproject.toml": SHARED,
    "libs/shared/src/shared/__init__.py": "",
    "libs/tools/pyproject.toml": TOOLS,
    f"vendor/{WHEEL}": "",
}
UV = f"""\
[project]
name = "api"
dependencies = ["shared-rules", "audit"]

[dependency-groups]
dev = ["tools"]

[tool.uv.sources]
shared-rules = {{path = "../../libs/shared", editable = true}}
tools = [{{path = "../../libs/tools", marker = "sys_platform == 'linux'"}}]
audit = {{path = "../../vendor/{WHEEL}"}}
"""
UV_LOCK = "".join(f'[[package]]\nname = "{name}"\n' for name in ("shared-rules", "tools", "audit", "tomlkit"))
POETRY_LOCK = f"""\
[[package]]
name = "shared-rules"
version = "0.1.0"
optional = false
groups = ["main"]

[package.source]
type = "directory"
url = "../../libs/shared"

[[package]]
name = "tools"
version = "0.1.0"
optional = false
groups = ["dev"]

[package.source]
type = "directory"
url = "../../libs/tools"

[[package]]
name = "audit"
version = "1.0.0"
optional = false
groups = ["main"]

[package.source]
type = "file"
url = "../../vendor/{WHEEL}"
"""
PDM_LOCK = f"""\
[[package]]
name = "shared-rules"
version = "0.1.0"
path = "../../libs/shared"
groups = ["default"]

[[package]]
name = "tools"
version = "0.1.0"
editable = true
path = "../../libs/tools"
groups = ["dev"]

[[package]]
name = "audit"
version = "1.0.0"
path = "../../vendor/{WHEEL}"
groups = ["default"]
"""
PIPFILE_LOCK = {
    "default": {
        "shared-rules": {"editable": True, "path": "../../libs/shared"},
        "audit": {"file": f"../../vendor/{WHEEL}"},
    },
    "develop": {"tools": {"path": "../../libs/tools"}},
}
REQUIREMENTS = f"-e ../../libs/shared\n../../vendor/{WHEEL}\n"
MANIFEST = '[project]\nname = "api"\n'
LAYOUTS: dict[str, Files] = {
    "uv": {"pyproject.toml": UV, "uv.lock": UV_LOCK},
    "pip": {"requirements.txt": REQUIREMENTS, "requirements/dev.txt": "../../libs/tools\n"},
    "poetry": {"pyproject.toml": MANIFEST, "poetry.lock": POETRY_LOCK},
    "pdm": {"pyproject.toml": MANIFEST, "pdm.lock": PDM_LOCK},
    "pipenv": {"Pipfile": "", "Pipfile.lock": json.dumps(PIPFILE_LOCK)},
}


def _resolved(root: Path, files: Files, path: str = "services/api", **own: Any) -> Resolved:
    service = {"kind": "python", "path": path, "command": ["serve"], "ports": [8000], **own}
    spec = {"version": 1, "project": "p", "services": {"api": service}}
    write_files(root, {"services.yaml": spec, **LIBS, **files})
    return resolve_spec(root, "services.yaml")


def _below(folder: str, files: Files) -> Files:
    return {f"{folder}/{name}": text for name, text in files.items()}


def _workspace(root: Path, files: Files, path: str = "services/api", **own: Any) -> dict[str, Any]:
    resolved = _resolved(root, files, path, **own)
    assert errors_of(resolved) == []
    found: dict[str, Any] = resolved.services["api"].values["workspace"]
    return found


def _ships(found: dict[str, Any]) -> dict[str, bool]:
    return {one["path"]: one["ships"] for one in found["local"]}


@pytest.mark.parametrize("manager", LAYOUTS)
def test_packages_beside_the_service_move_the_context_up(tmp_path: Path, manager: str) -> None:
    own: dict[str, Any] = {"install": {"development": ["requirements/dev.txt"]}} if manager == "pip" else {}
    found = _workspace(tmp_path, _below("services/api", LAYOUTS[manager]), **own)
    assert (found["root"], found["lock_folder"]) == (".", "services/api")
    assert "member" not in found
    assert _ships(found) == {"libs/shared": True, "libs/tools": False, f"vendor/{WHEEL}": False}
    read = ["shared-rules", "tools"] if manager in ("uv", "pip") else []
    assert [one["name"] for one in found["local"] if "name" in one] == read


@pytest.mark.parametrize("manager", LAYOUTS)
def test_what_is_sent_is_what_is_needed(tmp_path: Path, manager: str) -> None:
    write_files(tmp_path, {"libs/unrelated/pyproject.toml": TOOLS, "services/api/main.py": ""})
    _workspace(tmp_path, _below("services/api", LAYOUTS[manager]))
    changes = {change.path: change.new or "" for change in plan(tmp_path).changes}
    ignored = changes["services/api/Dockerfile.dockerignore"].splitlines()
    assert {"!libs/shared", f"!vendor/{WHEEL}", "!services/api/main.py"} <= set(ignored)
    assert not [line for line in ignored if "unrelated" in line or line in ("!libs", "!services/api", "!vendor")]
    assert "context: ." in changes["compose.yaml"]


def test_packages_inside_the_folder_leave_the_context(tmp_path: Path) -> None:
    manifest = UV.replace("../../", "")
    files = {"pyproject.toml": manifest, "uv.lock": UV_LOCK, **LIBS}
    found = _workspace(tmp_path, _below("services/api", files))
    assert (found["root"], found.get("lock_folder")) == ("services/api", None)
    assert [one["path"] for one in found["local"]] == ["libs/shared", "libs/tools", f"vendor/{WHEEL}"]


def test_a_selected_group_ships(tmp_path: Path) -> None:
    found = _workspace(tmp_path, _below("services/api", LAYOUTS["uv"]), groups=["dev"])
    assert _ships(found)["libs/tools"]


def test_packages_that_packages_need(tmp_path: Path) -> None:
    sources = '[tool.uv.sources]\ntools = {path = "../tools"}\n'
    needy = SHARED.replace('"tomlkit"', '"tomlkit", "tools"') + sources
    files = {**_below("services/api", LAYOUTS["uv"]), "libs/shared/pyproject.toml": needy}
    found = _workspace(tmp_path, files)
    assert _ships(found) == {"libs/shared": True, "libs/tools": True, f"vendor/{WHEEL}": False}


def test_the_root_of_a_workspace_is_a_service(tmp_path: Path) -> None:
    root = (
        '[project]\nname = "ledger"\ndependencies = ["shared-rules"]\n[dependency-groups]\nlint = ["tools"]\n'
        '[tool.uv.workspace]\nmembers = ["libs/*"]\n'
        "[tool.uv.sources]\nshared-rules = {workspace = true}\ntools = {workspace = true}\n"
    )
    found = _workspace(tmp_path, {"pyproject.toml": root, "uv.lock": UV_LOCK, "main.py": ""}, path=".")
    assert found["member"] == {"name": "ledger", "path": "."}
    assert [(package["path"], package["artifacts"]) for package in found["packages"]] == [
        ("libs/shared", ["."]),
        ("libs/tools", []),
    ]
    dockerfile = next(change.new or "" for change in plan(tmp_path).changes if change.path == "Dockerfile")
    assert "COPY pyproject.toml uv.lock ./\n" in dockerfile
    assert "--target /opt/app ./libs/shared \\\n" in dockerfile


def test_a_pipfile_beside_a_package(tmp_path: Path) -> None:
    lock = json.dumps({"default": {"api": {"editable": True, "path": "."}}})
    files = {"Pipfile": "", "Pipfile.lock": lock, "pyproject.toml": f"{MANIFEST}{PACKAGE}", "src/api/__init__.py": ""}
    resolved = _resolved(tmp_path, _below("services/api", files))
    assert errors_of(resolved) + warnings_of(resolved) == []
    values = resolved.services["api"].values
    assert (values["package"], values["sources"], values["beside"]) == (True, ["src", "pyproject.toml"], [])


def test_requirement_files_above_the_service(tmp_path: Path) -> None:
    files = {
        "services/api/requirements.txt": "-r ../../requirements/base.txt\n",
        "requirements/base.txt": "-c limits.txt\nidna\n",
        "requirements/limits.txt": "idna==3.7\n",
    }
    found = _workspace(tmp_path, files)
    assert (found["root"], found["packages"], found["local"]) == (".", [], [])
    assert found["files"] == ["requirements/base.txt", "requirements/limits.txt"]


@pytest.mark.parametrize(
    "line",
    [
        "-e ../../libs/shared",
        "--editable=../../libs/shared",
        "../../libs/shared",
        "file:../../libs/shared",
        "shared-rules @ file:../../libs/shared",
        "../../libs/shared ; python_version > '3'",
        "-e ../../libs/shared  # editable",
    ],
)
def test_how_a_requirement_names_a_folder(tmp_path: Path, line: str) -> None:
    found = _workspace(tmp_path, {"services/api/requirements.txt": f"idna==3.7\n{line}\n"})
    assert [one["path"] for one in found["local"]] == ["libs/shared"]


@pytest.mark.parametrize(
    "line",
    ["shared @ https://example.com/shared-1.0-py3-none-any.whl", "-e git+https://example.com/a.git#egg=a", "idna==3.7"],
)
def test_what_is_no_path(tmp_path: Path, line: str) -> None:
    resolved = _resolved(tmp_path, {"services/api/requirements.txt": f"{line}\n"})
    assert "workspace" not in resolved.services["api"].values


def test_what_a_package_needs_is_not_known_without_its_manifest(tmp_path: Path) -> None:
    files = {"services/api/requirements.txt": "../../libs/old\n../../libs/shared[fast]\n", "libs/old/setup.py": ""}
    resolved = _resolved(tmp_path, files)
    found = [str(one.location) for one in warnings_of(resolved) if one.code == "dependency-unread"]
    assert found == ["services/api/requirements.txt:1:1", "services/api/requirements.txt:2:1"]


def test_a_requirement_on_the_project_itself(tmp_path: Path) -> None:
    resolved = _resolved(tmp_path, {"services/api/requirements.txt": "idna==3.7\n-e .\n", "services/api/a.py": ""})
    assert [str(one.location) for one in warnings_of(resolved) if one.code == "project-copied"] == [
        "services/api/requirements.txt:2:1"
    ]
    assert resolved.services["api"].values["workspace"]["local"] == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("../../../elsewhere", "file-outside"),
        ("/srv/shared", "file-outside"),
        ("../../libs/absent", "dependency-missing"),
        ("../../libs/link", "dependency-around"),
        ("..", "dependency-around"),
    ],
)
@pytest.mark.parametrize("manager", ["uv", "pip", "poetry", "pdm", "pipenv"])
def test_what_cannot_be_sent_is_an_error(tmp_path: Path, manager: str, path: str, code: str) -> None:
    (tmp_path / "libs").mkdir()
    (tmp_path / "libs/link").symlink_to(tmp_path)
    files = {
        name: (json.dumps(text) if not isinstance(text, str) else text).replace("../../libs/shared", path)
        for name, text in LAYOUTS[manager].items()
    }
    resolved = _resolved(tmp_path, {**_below("services/api", files), "services/pyproject.toml": TOOLS})
    assert {finding.code for finding in errors_of(resolved)} == {code}
