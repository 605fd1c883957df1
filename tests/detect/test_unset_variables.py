"""Logins of package indexes that a file takes from a variable, and that nothing gives to the build."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.pipeline import resolve_spec
from generator.text.errors import Finding
from tests.support import write_files

NPM = {"package.json": '{"name": "app"}', "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {}}}'}
BUN = {"package.json": '{"name": "app"}', "bun.lock": '{"lockfileVersion": 1, "workspaces": {"": {}}}'}
PDM = {"pdm.lock": '[metadata]\nlock_version = "4.5.0"\n'}
INDEX = "--extra-index-url https://build:${ACME}@pypi.example.com/simple/\n"
SOURCE = '[[source]]\nname = "acme"\nurl = "https://build:${ACME}@pypi.example.com/simple"\n'


def _findings(root: Path, files: dict[str, str], **own: Any) -> list[Finding]:
    kind = "node" if "package.json" in files else "python"
    service = {"kind": kind, "path": "app", "command": ["serve"], "ports": [8000], **own}
    spec = {"version": 1, "project": "p", "services": {"app": service}}
    write_files(root, {"services.yaml": spec, **{f"app/{name}": text for name, text in files.items()}})
    return [one for one in resolve_spec(root, "services.yaml").findings if one.code == "variable-not-given"]


@pytest.mark.parametrize(
    ("files", "name", "place"),
    [
        ({"requirements.txt": f"idna==3.7\n{INDEX}"}, "ACME", "requirements.txt:2:33"),
        ({"requirements.txt": "-r base.txt\n", "base.txt": INDEX}, "ACME", "base.txt:1:33"),
        ({"requirements.txt": "acme @ https://${ACME}@example.com/acme.tar.gz\n"}, "ACME", "requirements.txt:1:16"),
        ({"Pipfile": SOURCE, "Pipfile.lock": '{"default": {}}'}, "ACME", "Pipfile:3:22"),
        (
            {
                **PDM,
                "pyproject.toml": '[project]\nname = "app"\ndependencies = []\n'
                + f"[[tool.pdm.source]]\n{SOURCE[11:]}",
            },
            "ACME",
            "pyproject.toml:6:22",
        ),
        ({**NPM, ".npmrc": "//npm.example.com/:_authToken=${NPM_TOKEN}\n"}, "NPM_TOKEN", ".npmrc:1:31"),
        ({**NPM, ".npmrc": "//npm.example.com/:_authToken=${GH_PACKAGES}\n"}, "GH_PACKAGES", ".npmrc:1:31"),
        (
            {**BUN, "bunfig.toml": '[install]\nregistry = {url = "https://example.com", token = "$TOKEN"}\n'},
            "TOKEN",
            "",
        ),
    ],
)
def test_a_login_without_a_secret(tmp_path: Path, files: dict[str, str], name: str, place: str) -> None:
    [finding] = _findings(tmp_path, files)
    identifier = name.lower().replace("_", "-")
    assert str(finding.location).startswith(f"app/{place}")
    assert finding.fix == f"give it as a secret: secrets: {{{identifier}: {{env: {name}}}}}"
    assert _findings(tmp_path, files, secrets={identifier: {"env": name}}) == []


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": f"# {INDEX}idna==3.7\n"},
        {"requirements.txt": "idna @ https://${HOST}/idna.tar.gz\n"},
        {"requirements.txt": "idna==3.7  # by somebody@example.com for https://example.com/${ACME}\n"},
        {**NPM, ".npmrc": "//npm.example.com/:_authToken=${NPM_TOKEN-}\ncache=${HOME}/cache\n"},
        {**NPM, ".npmrc": "; //npm.example.com/:_authToken=${NPM_TOKEN}\n"},
        {**NPM, "package.json": '{"name": "app", "scripts": {"deploy": "curl https://${TOKEN}@example.com"}}'},
    ],
)
def test_other_variables_are_no_logins(tmp_path: Path, files: dict[str, str]) -> None:
    assert _findings(tmp_path, files) == []


def test_a_variable_of_a_step_is_given(tmp_path: Path) -> None:
    files = {"requirements.txt": "-r a.txt\n", "a.txt": INDEX * 2}
    steps = {"before_dependencies": {"login": {"env": {"ACME": "public"}}}}
    assert len(_findings(tmp_path, files)) == 1
    assert _findings(tmp_path, files, steps=steps) == []
