"""Whether a project is installed as a package, and what its build reads beside the code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.pipeline import resolve_spec
from generator.text.errors import Finding
from tests.support import write_files

BACKENDS = {
    "poetry": "poetry.core.masonry.api",
    "hatch": "hatchling.build",
    "uv": "uv_build",
    "flit": "flit_core.buildapi",
    "setuptools": "setuptools.build_meta",
    "pdm": "pdm.backend",
}


def _resolved(root: Path, files: list[str], manifest: str, **texts: str) -> tuple[dict[str, Any], list[Finding]]:
    service = {"kind": "python", "path": "app", "command": ["serve"], "ports": [80]}
    spec = {"version": 1, "project": "p", "services": {"app": service}}
    named = {"pyproject.toml": manifest, "uv.lock": "", **dict.fromkeys(files, ""), **texts}
    write_files(root, {"services.yaml": spec, **{f"app/{name}": text for name, text in named.items()}})
    resolved = resolve_spec(root, "services.yaml")
    told = [finding for finding in resolved.findings if finding.code != "sources-left-out"]
    return dict(resolved.services["app"].values), told


def _manifest(backend: str, more: str = "", name: str = "my-shop") -> str:
    return (
        f'[project]\nname = "{name}"\nversion = "1"\n[build-system]\nrequires = []\n'
        f'build-backend = "{BACKENDS[backend]}"\n{more}'
    )


@pytest.mark.parametrize(
    ("backend", "files", "package"),
    [
        ("poetry", ["app/main.py", "core/a.py"], False),
        ("poetry", ["my_shop/__init__.py"], True),
        ("poetry", ["src/my_shop/__init__.py"], True),
        ("poetry", ["my_shop.py"], True),
        ("hatch", ["app/main.py"], False),
        ("hatch", ["my_shop/__init__.py"], True),
        ("hatch", ["acme/my_shop/__init__.py"], True),
        ("uv", ["my_shop/__init__.py"], False),
        ("uv", ["src/my_shop/__init__.py"], True),
        ("flit", ["main.py"], False),
        ("flit", ["my_shop.py"], True),
        ("setuptools", ["app/a.py", "core/a.py"], False),
        ("setuptools", ["app/a.py", "tests/a.py", "scripts/a.py", "static/a.css"], True),
        ("setuptools", ["app/a.py", "core/a.py", "setup.py"], True),
        ("setuptools", ["src/app/a.py", "src/core/a.py", "tools2/a.py"], True),
        ("pdm", ["app/a.py", "core/a.py"], True),
    ],
)
def test_a_project_whose_backend_finds_no_package_is_copied(
    tmp_path: Path, backend: str, files: list[str], package: bool
) -> None:
    values, told = _resolved(tmp_path, files, _manifest(backend))
    assert values["package"] is package
    assert [finding.code for finding in told] == ["project-copied"] * (not package)
    assert values["beside"] == [] or package


@pytest.mark.parametrize(
    ("backend", "setting"),
    [
        ("poetry", '[[tool.poetry.packages]]\ninclude = "app"\n'),
        ("hatch", '[tool.hatch.build.targets.wheel]\npackages = ["app"]\n'),
        ("uv", '[tool.uv.build-backend]\nmodule-name = "app"\n'),
        ("flit", '[tool.flit.module]\nname = "app"\n'),
        ("setuptools", '[tool.setuptools]\npackages = ["app"]\n'),
        ("poetry", "[tool.uv]\npackage = true\n"),
    ],
)
def test_a_setting_says_what_the_package_is(tmp_path: Path, backend: str, setting: str) -> None:
    values, told = _resolved(tmp_path, ["app/a.py", "core/a.py"], _manifest(backend, setting))
    assert (values["package"], told) == (True, [])


def test_what_a_copied_project_is_told(tmp_path: Path) -> None:
    _, [finding] = _resolved(tmp_path, ["app/a.py", "core/a.py"], _manifest("setuptools"))
    assert str(finding.location) == "app/pyproject.toml:4:1"
    assert finding.message == (
        "app is copied, and not installed as a package: setuptools finds more than one package: app, core"
    )
    assert finding.fix.endswith('as tool.setuptools.packages = ["app", "…"]')


FILES = [
    "shop/__init__.py",
    "MANIFEST.in",
    "README.rst",
    "CHANGES.md",
    "requirements/base.txt",
    "tests/a.py",
    "docs/a.md",
]


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        ({}, ["MANIFEST.in"]),
        (
            {"setup.py": "open('README.rst'); open(\"./CHANGES.md\")"},
            ["setup.py", "MANIFEST.in", "CHANGES.md", "README.rst"],
        ),
        ({"setup.py": "open('requirements/' + name)"}, ["setup.py", "MANIFEST.in", "requirements"]),
        ({"setup.py": "open('requirements/base.txt')"}, ["setup.py", "MANIFEST.in", "requirements/base.txt"]),
        ({"setup.py": "find_packages(exclude=['tests', 'docs', '../tests/a.py'])"}, ["setup.py", "MANIFEST.in"]),
        (
            {"setup.cfg": "long_description = file: README.rst, CHANGES.md\n"},
            ["setup.cfg", "MANIFEST.in", "CHANGES.md", "README.rst"],
        ),
    ],
)
def test_what_the_build_of_a_package_reads(tmp_path: Path, texts: dict[str, str], read: list[str]) -> None:
    values, told = _resolved(tmp_path, FILES, _manifest("setuptools", name="shop"), **texts)
    assert (values["sources"], values["beside"], told) == (["shop", *read], [], [])


@pytest.mark.parametrize(
    "setting",
    [
        '[tool.setuptools.dynamic]\ndependencies = {file = ["requirements/base.txt"]}\n',
        '[tool.hatch.build.targets.wheel.force-include]\n"requirements/base.txt" = "shop/base.txt"\n',
        '[tool.hatch.metadata.hooks.requirements_txt]\nfiles = ["requirements/base.txt"]\n',
        '[tool.poetry]\ninclude = ["requirements/base.txt"]\n',
    ],
)
def test_settings_of_a_backend_name_files(tmp_path: Path, setting: str) -> None:
    values, _ = _resolved(tmp_path, FILES[:1] + FILES[4:], _manifest("pdm", setting, "shop"))
    assert values["sources"] == ["shop", "requirements/base.txt"]


def test_what_a_source_distribution_has_is_not_read(tmp_path: Path) -> None:
    setting = '[tool.hatch.build.targets.sdist]\ninclude = ["docs/a.md"]\n'
    values, _ = _resolved(tmp_path, ["shop/__init__.py", "docs/a.md"], _manifest("hatch", setting, "shop"))
    assert values["sources"] == ["shop"]


def test_the_whole_folder_of_a_package(tmp_path: Path) -> None:
    service = {"kind": "python", "path": "apps/shop", "command": ["serve"], "ports": [80], "sources": ["."]}
    spec = {"version": 1, "project": "p", "services": {"app": service}}
    files = {"pyproject.toml": _manifest("hatch", name="shop"), "uv.lock": "", "shop/__init__.py": ""}
    write_files(tmp_path, {"services.yaml": spec, **{f"apps/shop/{name}": text for name, text in files.items()}})
    resolved = resolve_spec(tmp_path, "services.yaml")
    assert ([*resolved.findings], resolved.services["app"].values["beside"]) == ([], [])
