"""Files that Python opens by a path from the folder of the service, and that its image does not have there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.pipeline import resolve_spec
from generator.text.errors import Finding
from tests.support import write_files

PACKAGE = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n[build-system]\nrequires = ["hatchling"]\n'
    'build-backend = "hatchling.build"\n',
    "uv.lock": 'version = 1\n[[package]]\nname = "shop"\nsource = { editable = "." }\n',
    "shop/__init__.py": "",
    "shop/static/a.css": "",
    "shop/migrations/env.py": "",
}
COPIED = {"requirements.txt": "", "shop/__init__.py": "", "CHANGELOG.md": "", "pyproject.toml": "[tool.black]\n"}


def _findings(root: Path, code: str, files: dict[str, str], **own: Any) -> list[Finding]:
    service = {"kind": "python", "path": "api", "command": ["serve"], "ports": [8000], **own}
    write_files(root, {"services.yaml": {"version": 1, "project": "p", "services": {"api": service}}})
    write_files(root / "api", files)
    return [one for one in resolve_spec(root, "services.yaml").findings if one.code == code]


@pytest.mark.parametrize(
    "line",
    [
        'VERSION = tomllib.loads((BASE / "pyproject.toml").read_text())',
        'VERSION = tomllib.load(Path("pyproject.toml").open("rb"))',
        'VERSION = tomllib.load(open(os.path.join(BASE, "./pyproject.toml"), "rb"))',
    ],
)
def test_a_manifest_that_code_opens(tmp_path: Path, line: str) -> None:
    files = {**COPIED, "shop/settings.py": f"import tomllib\n{line}\n"}
    [warning] = _findings(tmp_path, "named-left-out", files)
    assert (warning.location.file, warning.location.line) == ("api/shop/settings.py", 2)
    assert warning.fix == "if it is read when the service runs, add extra_sources: [pyproject.toml]"
    assert not _findings(tmp_path, "named-left-out", files, extra_sources=["pyproject.toml"])


def test_one_line_has_all_that_code_opens(tmp_path: Path) -> None:
    code = 'NEWS = Path("CHANGELOG.md")\nVERSION = Path("pyproject.toml")\nFILE = Path("absent.md")\n'
    files = {**COPIED, "help.txt": "", "main.py": code}
    [warning] = _findings(tmp_path, "named-left-out", files, extra_sources=["help.txt"])
    assert warning.fix.endswith("add extra_sources: [help.txt, CHANGELOG.md, pyproject.toml]")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("shop/a.py", 'print("see pyproject.toml")'),
        ("shop/a.py", 'TESTS = BASE / "tests"'),
        ("shop/tests/a.py", 'NEWS = Path("CHANGELOG.md")'),
        ("scripts/release.py", 'NEWS = Path("CHANGELOG.md")'),
    ],
)
def test_what_is_no_file_for_the_service(tmp_path: Path, name: str, line: str) -> None:
    assert not _findings(tmp_path, "named-left-out", {**COPIED, "tests/a.py": "", name: f"{line}\n"})


@pytest.mark.parametrize(
    ("files", "place", "fix"),
    [
        ({"shop/app.py": 'app.mount("/s", Static(Path("shop", "static")))\n'}, "api/shop/app.py:1:28",
         "copy the project, with package: false; or run it there, with working_dir: /opt/app"),
        ({"shop/app.py": 'app.mount("/s", Static(directory=Path("shop/static")))\n'}, "api/shop/app.py:1:38",
         "copy the project, with package: false; or run it there, with working_dir: /opt/app"),
        ({"alembic.ini": "[alembic]\nscript_location = shop/migrations\n"}, "api/alembic.ini:2:1",
         "copy the project, with package: false"),
        ({"alembic.ini": "[alembic]\nscript_location = %(here)s/shop/migrations\n"}, "api/alembic.ini:2:1",
         "copy the project, with package: false"),
    ],
)  # fmt: skip
def test_a_path_into_an_installed_package(tmp_path: Path, files: dict[str, str], place: str, fix: str) -> None:
    [warning] = _findings(tmp_path, "package-by-path", {**PACKAGE, **files})
    assert (str(warning.location), warning.fix) == (place, fix)
    assert not _findings(tmp_path, "package-by-path", {**PACKAGE, **files}, package=False)


def test_a_path_into_a_package_in_src(tmp_path: Path) -> None:
    files = {name.replace("shop/", "src/shop/"): text for name, text in PACKAGE.items()}
    files["alembic.ini"] = "[alembic]\nscript_location = src/shop/migrations\n"
    [warning] = _findings(tmp_path, "package-by-path", files)
    assert warning.fix == "copy the project, with package: false and env: {PYTHONPATH: /app/src}"


@pytest.mark.parametrize(
    "files",
    [
        {"alembic.ini": "[alembic]\nscript_location = shop:migrations\n"},
        {"shop/app.py": 'app.mount("/s", Static(directory=Path(__file__).parent / "static"))\n'},
        {"shop/app.py": 'route("shop/absent")\n'},
        {"setup.py": 'read("shop/__init__.py")\n'},
    ],
)
def test_no_path_into_a_package(tmp_path: Path, files: dict[str, str]) -> None:
    assert not _findings(tmp_path, "package-by-path", {**PACKAGE, **files})
