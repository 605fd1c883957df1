"""Repositories whose services depend on folders, archives and files beside them by their paths."""

from __future__ import annotations

from typing import Any

from tests.attacks.fuzz.seed import SHA256, Files, Seed

_WHEEL = "vendor/a-1-py3-none-any.whl"
_LIB = {
    "project": {"name": "lib", "version": "1", "dependencies": ["rich"]},
    "build-system": {"requires": ["hatchling"]},
}
_LIBS: Files = {
    "libs/lib/pyproject.toml": _LIB,
    "libs/lib/lib.py": ["import rich"],
    "libs/lib/package.json": {"name": "lib", "version": "1.0.0"},
    "libs/tools/pyproject.toml": {**_LIB, "project": {"name": "tools", "dynamic": ["dependencies"]}},
    "libs/tools/package.json": {"name": "tools", "dependencies": {"lib": "file:../lib"}},
    _WHEEL: [""],
    "vendor/a.tgz": [""],
}
_API = "services/api"
_ARCHIVE = "file:../../vendor/a.tgz"
_ABOVE = ("base.txt", "limits.txt")
_PROJECT = {"name": "api", "version": "1", "dependencies": ["lib", "a"]}


def _seed(files: Files, **values: Any) -> Seed:
    below = {path if path in _ABOVE else f"{_API}/{path}": data for path, data in files.items()}
    service = {"path": _API, "command": ["serve"], "ports": [80], **values}
    return Seed({**_LIBS, f"{_API}/main.py": ["import lib"], **below}, service)


def _npm(lock: Files, **dependencies: str) -> Seed:
    return _seed({"package.json": {"name": "api", "dependencies": dependencies}, **lock}, kind="node")


BY_PATH: dict[str, Seed] = {
    "uv-by-path": _seed({
        "pyproject.toml": {
            "project": _PROJECT,
            "dependency-groups": {"dev": ["tools"]},
            "tool": {"uv": {"sources": {
                "lib": {"path": "../../libs/lib", "editable": True},
                "a": [{"path": f"../../{_WHEEL}", "marker": "sys_platform == 'linux'"}],
            }}},
        },
        "uv.lock": {"version": 1, "package": [{"name": name} for name in ("lib", "a", "rich", "tools")]},
    }, kind="python"),
    "pip-by-path": _seed({
        "requirements.txt": ["-r ../../base.txt", "-e ../../libs/lib[fast]", f"../../{_WHEEL}", "-e ."],
        "base.txt": ["rich==14.0.0", "lib @ file:../../libs/lib", "-c limits.txt"],
        "limits.txt": ["rich<15"],
    }, kind="python"),
    "pdm-by-path": _seed({
        "pyproject.toml": {"project": _PROJECT},
        "pdm.lock": {
            "metadata": {"lock_version": "4.5.0"},
            "package": [
                {"name": "lib", "version": "1", "path": "../../libs/lib", "editable": True, "groups": ["default"]},
                {"name": "a", "version": "1", "path": f"../../{_WHEEL}"},
            ],
        },
    }, kind="python"),
    "pipenv-by-path": _seed({
        "Pipfile": {"packages": {"lib": {"path": "../../libs/lib", "editable": True}}},
        "Pipfile.lock": {
            "_meta": {"hash": {"sha256": SHA256}},
            "default": {"lib": {"editable": True, "path": "../../libs/lib"}},
            "develop": {"a": {"file": f"../../{_WHEEL}"}},
        },
    }, kind="python"),
    "npm-by-path": _npm(
        {"package-lock.json": {"lockfileVersion": 3, "packages": {}}, ".npmrc": ["install-links=false"]},
        lib="file:../../libs/lib", a=_ARCHIVE,
    ),
    "pnpm-by-path": _npm(
        {"pnpm-lock.yaml": {"lockfileVersion": "9.0"}, "pnpm-workspace.yaml": {"overrides": {"a": _ARCHIVE}}},
        lib="link:../../libs/lib", tools="file:../../libs/tools",
    ),
    "yarn-by-path": _npm(
        {"yarn.lock": {"__metadata": {"version": 10}}, ".yarnrc.yml": {"plugins": [{"path": "../../libs/lib/lib.py"}]}},
        lib="portal:../../libs/lib", a=_ARCHIVE,
    ),
    "bun-by-path": _npm({"bun.lock": {"lockfileVersion": 1}}, tools="file:../../libs/tools"),
}  # fmt: skip
