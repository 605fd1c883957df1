"""One repository for each package manager of Python, and each form of its files."""

from __future__ import annotations

from typing import Any

from tests.attacks.fuzz.seed import INDEX, SHA256, Files, Seed

_PYPROJECT = {
    "project": {
        "name": "app",
        "version": "1.0",
        "requires-python": ">=3.11,<4",
        "readme": "README.md",
        "dependencies": ["rich[jupyter]>=13", 'tomli>=2; python_version < "3.11"'],
        "optional-dependencies": {"fast": ["orjson>=3"]},
        "scripts": {"app": "app.main:run"},
    },
    "dependency-groups": {"dev": ["pytest>=8", {"include-group": "web"}], "web": ["uvicorn"]},
    "build-system": {"requires": ["hatchling"], "build-backend": "hatchling.build"},
}
_LOCKED = [
    {"name": name, "version": version, "source": {"registry": INDEX}}
    for name, version in (
        *(("rich", "14.0.0"), ("orjson", "3.10.0"), ("pytest", "8.4.0"), ("uvicorn", "0.30.0"), ("tomli", "2.0.1")),
    )
]


def _python(files: Files, **values: Any) -> Seed:
    sources: Files = {"app/main.py": ["import rich"], "README.md": ["# app"], ".python-version": ["3.13"]}
    return Seed({**sources, **files}, {"kind": "python", "path": ".", "command": ["serve"], "ports": [80], **values})


def _hashed(*requirements: str) -> list[str]:
    return [f"{one} \\\n    --hash={SHA256} \\\n    --hash={SHA256}" for one in requirements]


def _tool(**tables: Any) -> Files:
    return {**_PYPROJECT, "tool": tables}


PYTHON: dict[str, Seed] = {
    "uv": _python({
        "pyproject.toml": _tool(uv={
            "required-version": ">=0.9",
            "package": True,
            "index": [{"name": "ours", "url": INDEX, "explicit": True}],
            "sources": {"rich": {"index": "ours"}},
        }),
        "uv.toml": {"index-url": INDEX, "native-tls": True},
        "uv.lock": {"version": 1, "revision": 3, "requires-python": ">=3.11", "package": _LOCKED},
    }),
    "uv-workspace": _python({
        "pyproject.toml": {
            "project": {"name": "root", "version": "1", "requires-python": ">=3.11"},
            "tool": {"uv": {"workspace": {"members": ["services/*", "packages/**"], "exclude": ["packages/x"]},
                            "sources": {"shared": {"workspace": True}}}},
        },
        "services/api/pyproject.toml": {
            "project": {"name": "api", "version": "1", "dependencies": ["rich", "shared"]},
            "tool": {"uv": {"package": False, "sources": {"shared": {"workspace": True}}}},
        },
        "services/api/main.py": ["import rich"],
        "packages/shared/pyproject.toml": {**_PYPROJECT, "project": {"name": "Shared", "version": "1"}},
        "packages/shared/shared.py": ["x = 1"],
        "uv.lock": {
            "version": 1,
            "manifest": {"members": ["api", "root", "shared"]},
            "package": [*_LOCKED, {"name": "shared", "version": "1", "source": {"editable": "packages/shared"}}],
        },
    }, path="services/api"),
    "poetry": _python({
        "pyproject.toml": _tool(poetry={
            "requires-poetry": ">=2",
            "package-mode": False,
            "readme": ["README.md"],
            "source": [{"name": "ours", "url": INDEX, "priority": "supplemental"}],
            "dependencies": {"python": "^3.11", "rich": {"version": "^14", "source": "ours"}, "orjson": "*"},
            "group": {"dev": {"dependencies": {"pytest": "^8"}}},
        }),
        "poetry.toml": {"virtualenvs": {"create": False}},
        "poetry.lock": {
            "package": [{**one, "files": [{"file": "a.whl", "hash": SHA256}], "groups": ["main"]} for one in _LOCKED],
            "metadata": {"lock-version": "2.1", "python-versions": ">=3.11", "content-hash": "ab" * 32},
        },
    }),
    "pdm": _python({
        "pyproject.toml": _tool(pdm={"distribution": True, "source": [{"url": INDEX, "name": "ours"}]}),
        "pdm.toml": {"pypi": {"url": INDEX, "verify_ssl": True}},
        "pdm.lock": {
            "metadata": {"groups": ["default", "dev"], "lock_version": "4.5.0", "content_hash": SHA256},
            "package": [{**one, "requires_python": ">=3.8", "summary": "x"} for one in _LOCKED],
        },
    }),
    "pipenv": _python({
        "Pipfile": {
            "source": [{"name": "ours", "url": "${PIPINDEX_URL}", "verify_ssl": True}],
            "packages": {"rich": "==14.0.0", "orjson": {"version": "*", "extras": ["x"]}, "a": {"path": "."}},
            "dev-packages": {"pytest": "*"},
            "requires": {"python_version": "3.13"},
        },
        "Pipfile.lock": {
            "_meta": {"hash": {"sha256": "ab" * 32}, "pipfile-spec": 6, "requires": {"python_version": "3.13"}},
            "default": {"rich": {"hashes": [SHA256], "version": "==14.0.0"}, "orjson": {"version": "==3.10.0"}},
            "develop": {"pytest": {"hashes": [SHA256], "version": "==8.4.0"}},
        },
    }),
    "pip": _python({
        "requirements.txt": [
            "# by pip-compile", "--index-url " + INDEX, "-r requirements/base.txt", "-c requirements/limits.txt",
            *_hashed("rich==14.0.0", "uvicorn[standard]==0.30.0"),
        ],
        "requirements.in": ["rich>=13", "-r requirements/base.txt", "uvicorn[standard]  # serves", "-e ."],
        "requirements/base.txt": ["--requirement=more/deep.txt", *_hashed("orjson==3.10.0 ; python_version > '3'")],
        "requirements/more/deep.txt": ["-r ../base.txt", *_hashed("tomli==2.0.1")],
        "requirements/limits.txt": ["rich<15"],
        "requirements/dev.txt": ["-r ../requirements.txt", *_hashed("pytest==8.4.0")],
        "pip.conf": ["[global]", f"index-url = {INDEX}", "timeout = 5"],
    }, install={"requirements": ["requirements/base.txt"], "development": ["requirements/dev.txt"]}),
    "pip-unhashed": _python({"requirements.txt": ["rich==14.0.0", "tomli==2.0.1"], "requirements.in": ["rich"]}),
    "pip-manifest": _python({"pyproject.toml": _PYPROJECT, "setup.cfg": ["[metadata]", "name = app"]}, manager="pip"),
}  # fmt: skip
