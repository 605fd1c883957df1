"""Files of a package that are no code: setuptools leaves them out of the wheel, and a build has to have its inputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.pipeline import resolve_spec
from tests.support import write_files

PROJECT = '[project]\nname = "app"\nversion = "1"\n'
SETUPTOOLS = '[build-system]\nrequires = ["setuptools>=69"]\n'
PAGE = {"src/app/__init__.py": "", "src/app/web/templates/page.html": ""}


def _resolved(root: Path, files: dict[str, str], manifest: str) -> tuple[list[str], list[str], str]:
    """Give the places of the findings, the sources, and the last fix."""
    service = {"kind": "python", "path": "app", "command": ["serve"], "ports": [8000]}
    write_files(root, {"services.yaml": {"version": 1, "project": "p", "services": {"app": service}}})
    write_files(root / "app", {"uv.lock": "version = 1\n", **files, "pyproject.toml": manifest})
    resolved = resolve_spec(root, "services.yaml")
    told = [one for one in resolved.findings if one.code == "package-data-left-out"]
    fixes = [str(one.fix) for one in told]
    return [str(one.location) for one in told], resolved.services["app"].values["sources"], "".join(fixes)


@pytest.mark.parametrize(
    ("files", "place", "line"),
    [
        (PAGE, "src/app/web/templates/page.html", 'app = ["web/templates/**/*"]'),
        ({"app/__init__.py": "", "app/data.json": ""}, "app/data.json", 'app = ["*.json"]'),
        ({"src/app/__init__.py": "", "src/more/__init__.py": "", "src/more/NOTES": ""}, "src/more/NOTES", "more ="),
    ],
)
def test_data_that_is_in_no_wheel(tmp_path: Path, files: dict[str, str], place: str, line: str) -> None:
    places, _, fix = _resolved(tmp_path, files, PROJECT + SETUPTOOLS)
    assert places == [f"app/{place}"]
    assert line in fix


@pytest.mark.parametrize(
    ("files", "manifest"),
    [
        (PAGE, PROJECT + '[build-system]\nrequires = ["hatchling"]\n'),
        (PAGE, PROJECT + SETUPTOOLS + '[tool.setuptools.package-data]\napp = ["**/*.html"]\n'),
        ({**PAGE, "MANIFEST.in": "graft src\n"}, PROJECT + SETUPTOOLS),
        ({"src/app/__init__.py": "", "src/app/py.typed": "", "src/app/fast.pyx": ""}, PROJECT + SETUPTOOLS),
        (PAGE, PROJECT),
    ],
)
def test_data_that_ships(tmp_path: Path, files: dict[str, str], manifest: str) -> None:
    assert _resolved(tmp_path, files, manifest)[0] == []


@pytest.mark.parametrize(
    ("files", "said", "inputs"),
    [
        ({"MANIFEST.in": ""}, "", ["MANIFEST.in"]),
        ({"requirements.txt": ""}, 'dependencies = {file = ["requirements.txt"]}\n', ["requirements.txt"]),
        (
            {"docs/long.rst": ""},
            'readme = {file = ["docs/long.rst"], content-type = "text/x-rst"}\n',
            ["docs/long.rst"],
        ),
        ({"src/app/VERSION": ""}, 'version = {file = "src/app/VERSION"}\n', []),
    ],
)
def test_what_setuptools_reads_is_sent(tmp_path: Path, files: dict[str, str], said: str, inputs: list[str]) -> None:
    manifest = PROJECT + SETUPTOOLS + (f"[tool.setuptools.dynamic]\n{said}" if said else "")
    assert _resolved(tmp_path, {"src/app/__init__.py": "", **files}, manifest)[1] == ["src", *inputs]
