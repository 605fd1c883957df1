"""A path that the disk spells otherwise: in another case, or in another form of Unicode."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cli.app import main
from generator.layers.library import Library
from generator.layers.resolve import resolve
from generator.text.documents import parse
from generator.text.errors import Finding
from generator.text.files import Repository
from tests.support import errors_of, values_of, write_files

CAFE = "services/café"
NFC, NFD = unicodedata.normalize("NFC", CAFE), unicodedata.normalize("NFD", CAFE)
PYTHON = {"kind": "python", "command": ["serve"], "ports": [8000]}
PROJECT = {"app.py": "", "requirements.txt": "", ".python-version": "3.11\n"}


def _spec(service: Mapping[str, Any]) -> str:
    spec = {"version": 1, "project": "p", "services": {"api": {**PYTHON, **service}}}
    return yaml.safe_dump(spec, sort_keys=False, allow_unicode=True)


def _errors(root: Path, service: Mapping[str, Any]) -> list[Finding]:
    spec = parse(_spec(service), "services.yaml")
    return errors_of(resolve(spec, Library(root), Repository(root)))


def _below(folder: str, files: Mapping[str, str]) -> dict[str, str]:
    return {f"{folder}/{name}": text for name, text in files.items()}


@pytest.mark.parametrize(
    ("said", "there", "fix"),
    [
        (NFC, NFD, r'write path: "services/cafe\u0301"'),
        (NFD, NFC, f'write path: "{NFC}"'),
        ("services/api", "services/API", "write path: services/API"),
        ("services/api", "Services/api", "write path: Services/api"),
        ("services/straße", "services/STRASSE", "write path: services/STRASSE"),
        ("services/api/v2", "Services/other", "write path: Services/api/v2"),
    ],
)
def test_the_folder_of_a_service(tmp_path: Path, said: str, there: str, fix: str) -> None:
    write_files(tmp_path, _below(there, PROJECT))
    (found,) = _errors(tmp_path, {"path": said})
    assert (found.code, found.fix) == ("path-misspelled", fix)
    assert (found.location.file, found.location.line) == ("services.yaml", 10)
    pasted = yaml.safe_load(f"{{{fix.removeprefix('write ')}}}")
    assert _errors(tmp_path, pasted) == []


def test_a_default_path_is_told_at_the_service(tmp_path: Path) -> None:
    write_files(tmp_path, _below("services/API", PROJECT))
    (found,) = _errors(tmp_path, {})
    assert (found.location.line, found.fix) == (5, "write path: services/API")


@pytest.mark.parametrize("path", [NFC, NFD, "services/ไทย", "services/हिन्दी"])
def test_a_folder_in_any_writing_is_detected(tmp_path: Path, path: str) -> None:
    name = path.partition("/")[2]
    write_files(tmp_path, _below(path, {"requirements.txt": "", ".python-version": "3.11\n", f"{name}/x.py": ""}))
    resolved = resolve(parse(_spec({"path": path}), "services.yaml"), Library(tmp_path), Repository(tmp_path))
    assert errors_of(resolved) == []
    assert values_of(resolved, "api")["python"] == "3.11"
    assert values_of(resolved, "api")["sources"] == [name]


def test_what_detection_takes_for_no_path_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(tmp_path, {"services.yaml": _spec({"path": "services/a\u200db"})})
    assert main(["-C", str(tmp_path)]) == 2
    assert "the character U+200D is not allowed  [value-wrong]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "fix"),
    [
        ({"sources": ["App"]}, "write app"),
        ({"ssh": {"known_hosts": "Known_Hosts"}}, "write known_hosts: known_hosts"),
        ({"ignore": ["app/Data", "app/*.MD"]}, "write app/data"),
        ({"install": {"requirements": ["Extra.txt"]}}, "write extra.txt"),
        ({"secrets": {"a": {"target": "/a", "file": "secrets/A"}}}, "write file: secrets/a"),
        ({"steps": {"before_runtime": {"x": {"copy": "App/data", "to": "/x"}}}}, "write copy: app/data"),
        ({"workspace": {"root": ".", "lock_folder": "Api", "local": []}}, "write lock_folder: api"),
        ({"workspace": {"root": ".", "local": [{"path": "Secrets", "ships": False}]}}, "write path: secrets"),
    ],
)
def test_what_a_service_names(tmp_path: Path, said: dict[str, Any], fix: str) -> None:
    files = ["app/data", "app/x.py", "known_hosts", "extra.txt", "pyproject.toml"]
    write_files(tmp_path, {"secrets/a": "", **_below("api", dict.fromkeys(files, ""))})
    found = [one for one in _errors(tmp_path, {"path": "api", **said}) if one.code == "path-misspelled"]
    assert [one.fix for one in found] == [fix]


def test_what_a_misspelled_folder_has_is_told_as_well(tmp_path: Path) -> None:
    write_files(tmp_path, _below("API", {"app/x.py": ""}))
    assert [one.fix for one in _errors(tmp_path, {"path": "api", "sources": ["App"]})] == [
        "write path: API",
        "write app",
    ]


def test_what_a_preset_ignores_need_not_be_there(tmp_path: Path) -> None:
    write_files(tmp_path, {"api/readme.md": "", "team.yaml": "built: {ignore: [README.md]}\n"})
    assert _errors(tmp_path, {"path": "api", "presets": ["./team.yaml"]}) == []


def test_a_requirements_file_that_another_one_names(tmp_path: Path) -> None:
    write_files(tmp_path, {"api/requirements.txt": "-r more/Base.txt\n", "api/more/base.txt": "a==1\n"})
    (found,) = _errors(tmp_path, {"path": "api"})
    assert (found.code, found.fix) == ("path-misspelled", "write more/base.txt")
    assert str(found.location) == "api/requirements.txt:1:1"


def test_a_member_of_a_workspace(tmp_path: Path) -> None:
    package = '{"name": "ui", "version": "1.0.0"}'
    root = '{"workspaces": ["apps/web", "packages/UI"]}'
    web = '{"name": "web", "dependencies": {"ui": "*"}}'
    files = {
        "package.json": root,
        "package-lock.json": "{}",
        "apps/web/package.json": web,
        "packages/ui/package.json": package,
    }
    write_files(tmp_path, files)
    found = _errors(tmp_path, {"kind": "node", "path": "apps/web"})
    assert ("path-misspelled", "package.json:1:30", "write packages/ui") in [
        (one.code, str(one.location), one.fix) for one in found
    ]


@pytest.mark.parametrize(
    ("files", "fix"),
    [
        ({"presets/Team.yaml": ""}, "write ./presets/Team.yaml"),
        ({"presets/team.yaml": "extends: [./More.yaml]\n", "presets/more.yaml": ""}, "write ./more.yaml"),
        ({"presets/team.yaml": "extends: [../Other/a.yaml]\n", "other/a.yaml": ""}, "write ../other/a.yaml"),
    ],
)
def test_a_preset(tmp_path: Path, files: dict[str, str], fix: str) -> None:
    write_files(tmp_path, {name: text or "defaults: {}\n" for name, text in files.items()})
    (found,) = _errors(tmp_path, {"presets": ["./presets/team.yaml"]})
    assert (found.code, found.fix) == ("path-misspelled", fix)


def test_what_is_there_as_it_is_spelled_counts_first(tmp_path: Path) -> None:
    write_files(tmp_path, {"api/x.py": "", "API/x.py": "", "API/requirements.txt": ""})
    if (tmp_path / "api").samefile(tmp_path / "API"):
        pytest.skip("this disk ignores case")
    assert _errors(tmp_path, {"path": "API"}) == []
