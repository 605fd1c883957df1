"""Versions in the files of version managers, and the image that there is of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.layers.resolve import Resolved
from generator.pipeline import load, plan
from generator.text.errors import SpecError
from tests.support import warnings_of, write_files

PYTHON = {"app/requirements.txt": ""}
NODE = {"app/package.json": "{}", "app/package-lock.json": '{"packages": {}}'}
BELOW_23 = {"runtime": {"name": "node", "version": "<23"}}
BUN = {"app/package.json": "{}", "app/bun.lock": "{}"}


def _write(root: Path, files: dict[str, Any], **own: Any) -> Path:
    service = {"path": "app", "command": ["serve"], "ports": [80], **own}
    spec = {"version": 1, "project": "p", "services": {"app": service}}
    return write_files(root, {"services.yaml": spec, **files})


def _resolved(root: Path, files: dict[str, Any], **own: Any) -> Resolved:
    return load(_write(root, files, **own), "services.yaml")[0]


def _from(root: Path) -> list[str]:
    [text] = [one.new or "" for one in plan(root).changes if one.path == "app/Dockerfile"]
    return [line.split()[1] for line in text.splitlines() if line.startswith("FROM ") and ":" in line.split()[1]]


@pytest.mark.parametrize(
    ("files", "node"),
    [
        ({"app/.nvmrc": "lts/*\n"}, "26"),
        ({"app/.nvmrc": "lts/Jod\n"}, "22"),
        ({"app/.nvmrc": "# for all\nlts/krypton  # until May\n"}, "24"),
        ({"app/.node-version": "lts-iron"}, "20"),
        ({"app/.nvmrc": "20.x"}, "20"),
        ({"app/.nvmrc": "node"}, "26"),
        ({".nvmrc": "22"}, "22"),
        ({".nvmrc": "22", "app/.nvmrc": "20"}, "20"),
        ({"app/.tool-versions": "# ours\npython 3.12.1\nnodejs 22.19.0 20.1.0\n"}, "22.19.0"),
        ({".tool-versions": "nodejs 22.19.0\r\n"}, "22.19.0"),
        ({"mise.toml": '[tools]\nnode = "22"\n'}, "22"),
        ({"app/.mise.toml": '[tools]\nnode = ["22.19.0", "20"]\n'}, "22.19.0"),
        ({".config/mise/config.toml": '[tools]\n"core:node" = {version = "prefix:22.19"}\n'}, "22.19"),
        ({"app/mise.toml": '[tools]\nnode = "lts"\n'}, "26"),
        ({".prototools": 'pnpm = "10.0.0"\nnode = "22.19.0"\n\n[plugins]\nnode = "x"\n'}, "22.19.0"),
        ({"app/package.json": {"volta": {"node": "22.19.0"}}}, "22.19.0"),
        (
            {
                "app/package.json": {"volta": {"extends": "../tools/package.json"}},
                "tools/package.json": {"volta": {"extends": "./base.json", "npm": "10.9.0"}},
                "tools/base.json": {"volta": {"node": "22.19.0"}},
            },
            "22.19.0",
        ),
        ({"app/package.json": {"volta": {"extends": "./package.json"}}}, "24"),
        ({"app/package.json": {"volta": {"extends": "../../package.json"}}}, "24"),
        ({"app/package.json": {"devEngines": {"runtime": {"name": "node", "version": "^22.4"}}}}, "22"),
        ({"app/package.json": {"devEngines": {"runtime": [{"name": "bun"}, {"name": "node", "version": "20"}]}}}, "20"),
        ({"app/package.json": {"engines": {"node": ">=20"}, "devEngines": BELOW_23}}, "22"),
        ({"app/package.json": {"engines": {"node": "^26"}}}, "26"),
        ({"app/package.json": {"engines": {"node": "22.19.0"}}}, "22.19.0"),
    ],
)  # fmt: skip
def test_the_version_of_node(tmp_path: Path, files: dict[str, Any], node: str) -> None:
    resolved = _resolved(tmp_path, {**NODE, **files}, kind="node")
    assert (resolved.services["app"].values["node"], warnings_of(resolved)) == (node, [])


@pytest.mark.parametrize(
    ("files", "python"),
    [
        ({".tool-versions": "python 3.13.7 3.12.1\n"}, "3.13.7"),
        ({"app/mise.toml": '[tools]\npython = "3.14"\n'}, "3.14"),
        ({"mise.toml": '[tools]\npython = "latest"\n'}, "3.14"),
        ({"app/.python-version": "cpython-3.12\n"}, "3.12"),
        ({".python-version": "3.12\n"}, "3.12"),
        ({"app/runtime.txt": "python-3.12\n"}, "3.12"),
    ],
)
def test_the_version_of_python(tmp_path: Path, files: dict[str, Any], python: str) -> None:
    resolved = _resolved(tmp_path, {**PYTHON, **files}, kind="python")
    assert (resolved.services["app"].values["python"], len(warnings_of(resolved))) == (python, 0)


@pytest.mark.parametrize(
    "files",
    [
        {"app/.bun-version": "1.3.1\n"},
        {".tool-versions": "bun 1.3.1\n"},
        {"app/package.json": {"packageManager": "bun@1.3.1"}},
    ],
)
def test_the_version_of_bun(tmp_path: Path, files: dict[str, Any]) -> None:
    resolved = _resolved(tmp_path, {**BUN, **files}, kind="node", runtime="bun")
    assert resolved.services["app"].values["bun"] == "1.3.1"


@pytest.mark.parametrize(("bun", "told"), [("1.3.14", True), ("1.3", True), ("1.4", False), ("1.4.0", False)])
def test_the_bun_that_runs_a_service_reads_its_lock_file(tmp_path: Path, bun: str, told: bool) -> None:
    files = {**BUN, "app/bun.lock": '{\n  "lockfileVersion": 2,\n}\n', "app/.bun-version": bun}
    found = _resolved(tmp_path, files, kind="node", runtime="bun").findings
    assert [finding.code for finding in found if finding.level == "error"] == ["lock-format"] * told


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        (".nvmrc", "lts/nobody\n", "app/.nvmrc:1:1"),
        (".tool-versions", "python 3.12\nnodejs system\n", "app/.tool-versions:2:1"),
        ("mise.toml", '[tools]\nnode = "ref:main"\n', "app/mise.toml:2:1"),
    ],
)
def test_a_version_without_an_image_is_told(tmp_path: Path, file: str, text: str, place: str) -> None:
    resolved = _resolved(tmp_path, {**NODE, f"app/{file}": text}, kind="node")
    [warning] = warnings_of(resolved)
    assert (str(warning.location), warning.code) == (place, "version-unknown")
    assert warning.fix == 'name one there, or in the service, as node: "24"'


def test_files_of_one_folder_that_disagree(tmp_path: Path) -> None:
    files = {**NODE, "app/.nvmrc": "22", "app/package.json": {"volta": {"node": "20.19.5"}}}
    with pytest.raises(SpecError) as caught:
        plan(_write(tmp_path, files, kind="node"))
    assert str(caught.value).startswith("app/package.json:1:12: app/package.json says 20.19.5, and app/.nvmrc says 22")


@pytest.mark.parametrize(
    ("kind", "version", "distribution"),
    [
        ("python", "3.12.3", "bookworm"),
        ("python", "3.12.11", "trixie"),
        ("python", "3.12", "trixie"),
        ("python", "3.13.6", "trixie"),
        ("python", "3.13.5", "bookworm"),
        ("python", "3.8", "bookworm"),
        ("python", "3.14.0", "trixie"),
        ("node", "20.11.1", "bookworm"),
        ("node", "20.18", "bookworm"),
        ("node", "20.19", "trixie"),
        ("node", "20.19.4", "trixie"),
        ("node", "18", "bookworm"),
        ("node", "23.11.1", "bookworm"),
        ("node", "24.4", "bookworm"),
        ("node", "26", "trixie"),
        ("node", "25.1.0", "trixie"),
    ],
)
def test_an_image_that_is_older_than_the_distribution(
    tmp_path: Path, kind: str, version: str, distribution: str
) -> None:
    root = _write(tmp_path, {**PYTHON, **NODE}, kind=kind, **{kind: version})
    tags = [image.partition(":")[2] for image in _from(root)]
    assert tags
    assert [tag for tag in tags if distribution not in tag] == []


def test_a_version_file_and_an_old_image_come_together(tmp_path: Path) -> None:
    root = _write(tmp_path, {**NODE, ".nvmrc": "20.11.1"}, kind="node")
    assert {*_from(root)} == {"node:20.11.1-bookworm-slim", "debian:bookworm-slim"}
    place = load(root, "services.yaml")[0].locate(("services", "app", "image", "distribution"))
    assert str(place) == ".nvmrc:1:1"


@pytest.mark.parametrize(
    ("files", "kind", "told"),
    [
        ({**NODE, "app/.nvmrc": "8.9.3"}, "node", ("app/.nvmrc:1:1", "node 8.9.3", '"18"')),
        ({**NODE, "app/.nvmrc": "18.12.1"}, "node", ("app/.nvmrc:1:1", "node 18.12.1", '"18"')),
        ({**PYTHON, "app/.python-version": "3.6"}, "python", ("app/.python-version:1:1", "python 3.6", '"3.9"')),
        ({**PYTHON, "app/.python-version": "3.11.2"}, "python", ("app/.python-version:1:1", "python 3.11.2", '"3.11"')),
    ],
)
def test_a_version_that_no_distribution_has(
    tmp_path: Path, files: dict[str, Any], kind: str, told: tuple[str, str, str]
) -> None:
    with pytest.raises(SpecError) as caught:
        plan(_write(tmp_path, files, kind=kind))
    [finding] = caught.value.findings
    assert (str(finding.location), finding.code) == (told[0], "image-version-missing")
    assert finding.message == f"app has {told[1]}, which is older than every image of {kind} here"
    assert finding.fix == f"take a newer {kind}, as {kind}: {told[2]}, or an image of your own that has it"


def test_a_chosen_distribution_without_the_image_is_an_error(tmp_path: Path) -> None:
    root = _write(tmp_path, PYTHON, kind="python", python="3.12.3", image={"distribution": "trixie"})
    with pytest.raises(SpecError) as caught:
        plan(root)
    [finding] = caught.value.findings
    assert finding.message == "app has python 3.12.3 on trixie, and there is no such image"
    assert finding.fix == "take it on bookworm, as image: {distribution: bookworm}, or take a newer python"


@pytest.mark.parametrize(
    "image",
    [
        {"name": "acme/python"},
        {"tag": "{version}-slim-trixie"},
        {"digest": f"sha256:{'a' * 64}"},
        {"distribution": "forky"},
    ],
)
def test_an_image_that_nothing_is_known_of_stays(tmp_path: Path, image: dict[str, str]) -> None:
    root = _write(tmp_path, PYTHON, kind="python", python="3.12.3", image=image)
    assert not [one for one in _from(root) if "bookworm" in one]


def test_a_preset_knows_newer_versions(tmp_path: Path) -> None:
    team = {"runtimes": {"node": {"versions": {"lines": ["28", "26"], "codenames": {"magnesium": "28"}}}}}
    files = {**NODE, "app/.nvmrc": "lts/magnesium", "team.yaml": team}
    resolved = _resolved(tmp_path, files, kind="node", presets=["./team.yaml"])
    assert resolved.services["app"].values["node"] == "28"


@pytest.mark.parametrize(
    ("lock", "files", "version"),
    [
        ({"app/pnpm-lock.yaml": ""}, {"app/package.json": {"volta": {"pnpm": "10.1.2"}}}, "10.1.2"),
        ({"app/pnpm-lock.yaml": ""}, {".tool-versions": "pnpm 10.1.2\n"}, "10.1.2"),
        ({"app/pnpm-lock.yaml": ""}, {"mise.toml": '[tools]\npnpm = "10"\n'}, "10.34.9"),
        ({"app/pnpm-lock.yaml": ""},
         {"app/package.json": {"devEngines": {"packageManager": {"name": "pnpm", "version": "10.1.2"}}}}, "10.1.2"),
        ({"app/pnpm-lock.yaml": ""},
         {"app/package.json": {"packageManager": "pnpm@10.1.3"}, ".tool-versions": "pnpm 10.1.2\n"}, "10.1.3"),
        ({"app/yarn.lock": "# yarn lockfile v1\n"}, {"app/package.json": {"volta": {"yarn": "1.22.19"}}}, "1.22.19"),
        ({"app/yarn.lock": "__metadata:\n"}, {"app/package.json": {"volta": {"yarn": "1.22.19"}}}, "4.18.1"),
        ({"app/yarn.lock": "__metadata:\n"}, {"app/package.json": {"volta": {"yarn": "4.9.1"}}}, "4.9.1"),
    ],
)  # fmt: skip
def test_the_version_of_the_package_manager(
    tmp_path: Path, lock: dict[str, str], files: dict[str, Any], version: str
) -> None:
    resolved = _resolved(tmp_path, {"app/package.json": "{}", **lock, **files}, kind="node")
    assert resolved.services["app"].values["install"]["version"] == version
