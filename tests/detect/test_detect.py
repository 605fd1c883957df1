"""What the files of a repository decide, and what a service's own words keep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.layers.layer import Layer
from generator.layers.resolve import Resolved
from generator.pipeline import load, plan, resolve_spec
from tests.support import Values, errors_of, warnings_of, write_files

Files = dict[str, str]

PYPROJECT = '[project]\nname = "api"\n'
PACKAGE = "[build-system]\nrequires = []\n"
NPM_LOCK = '{"packages": {}}'


def _resolved(root: Path, files: Files, **service: Any) -> Resolved:
    """Resolve a project of one service in the folder `app`."""
    own = {"path": "app", "command": ["serve"], "ports": [80], **service}
    spec = {"version": 1, "project": "p", "services": {"app": own}}
    write_files(root, {**files, "services.yaml": spec})
    return load(root, "services.yaml")[0]


def _detected(resolved: Resolved) -> list[Layer]:
    """Return the layers of values that come from the repository."""
    return [layer for layer in resolved.services["app"].layers if layer.name == "repository"]


def _service(root: Path, files: Files, **service: Any) -> Values:
    resolved = _resolved(root, files, **service)
    assert errors_of(resolved) == []
    return resolved.services["app"].values


@pytest.mark.parametrize(
    ("kind", "files", "manager"),
    [
        ("python", {"uv.lock": "", "pyproject.toml": PYPROJECT}, "uv"),
        ("python", {"requirements.txt": "# nothing\n"}, "pip"),
        ("python", {"uv.lock": "", "pyproject.toml": PYPROJECT, "requirements.txt": ""}, "uv"),
        ("python", {"poetry.lock": "", "pyproject.toml": PYPROJECT}, "poetry"),
        ("python", {"pdm.lock": "", "pyproject.toml": PYPROJECT}, "pdm"),
        ("python", {"Pipfile.lock": "{}", "Pipfile": ""}, "pipenv"),
        ("python", {"uv.lock": "", "pyproject.toml": PYPROJECT, "package-lock.json": NPM_LOCK}, "uv"),
        ("node", {"package-lock.json": NPM_LOCK, "package.json": "{}"}, "npm"),
        ("node", {"pnpm-lock.yaml": "", "package.json": "{}"}, "pnpm"),
        ("node", {"yarn.lock": "__metadata:\n", "package.json": "{}"}, "yarn"),
        ("node", {"yarn.lock": "# yarn lockfile v1\n", "package.json": "{}"}, "yarn-classic"),
        ("node", {"bun.lock": "{}", "package.json": "{}"}, "bun"),
        ("node", {"uv.lock": "", "package-lock.json": NPM_LOCK, "package.json": "{}"}, "npm"),
    ],
)
def test_the_lock_file_decides_the_manager(tmp_path: Path, kind: str, files: Files, manager: str) -> None:
    service = _service(tmp_path, {f"app/{name}": text for name, text in files.items()}, kind=kind)
    assert service["manager"] == manager
    assert service["install"]["refresh"], "its facts came with it"


def test_a_manager_that_the_service_names_keeps_its_lock_file(tmp_path: Path) -> None:
    files = {"app/uv.lock": "", "app/poetry.lock": "", "app/pyproject.toml": PYPROJECT}
    assert _service(tmp_path, files, kind="python", manager="poetry")["manager"] == "poetry"


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    resolved = _resolved(tmp_path, {}, kind="python")
    assert (_detected(resolved), resolved.findings) == ([], ())


def test_a_path_out_of_the_repository_is_not_read(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    (tmp_path / "uv.lock").write_text("", encoding="utf-8")
    spec = {"version": 1, "project": "p", "services": {"app": {"kind": "python", "path": "..", "manager": "pip"}}}
    (root / "services.yaml").write_text(json.dumps(spec), encoding="utf-8")
    assert _detected(resolve_spec(root, "services.yaml")) == []


@pytest.mark.parametrize(
    ("files", "own", "python"),
    [
        ({}, {}, "3.13"),
        ({".python-version": "3.12\n"}, {}, "3.12"),
        ({".python-version": "3.12.4\n# comment\n"}, {}, "3.12.4"),
        ({".python-version": "pypy3.10\n"}, {}, "3.13"),
        ({"pyproject.toml": '[project]\nname = "a"\nrequires-python = ">=3.11"\n'}, {}, "3.13"),
        ({"pyproject.toml": '[project]\nname = "a"\nrequires-python = ">=3.11,<3.13"\n'}, {}, "3.12"),
        ({"pyproject.toml": '[project]\nname = "a"\nrequires-python = ">=3.12.3"\n'}, {}, "3.13"),
        ({"pyproject.toml": '[project]\nname = "a"\nrequires-python = "==3.12.3"\n'}, {}, "3.12.3"),
        ({"setup.cfg": "[options]\npython_requires = >=3.9,<3.12  # until the next release\n"}, {}, "3.11"),
        ({".python-version": "3.12\n"}, {"python": "3.12.7"}, "3.12.7"),
    ],
)
def test_the_version_of_python(tmp_path: Path, files: Files, own: Values, python: str) -> None:
    texts = {"uv.lock": "", "pyproject.toml": PYPROJECT, **files}
    service = _service(tmp_path, {f"app/{name}": text for name, text in texts.items()}, kind="python", **own)
    assert service["python"] == python


@pytest.mark.parametrize(
    ("wanted", "python"),
    [
        ("^3.10", "3.13"),
        ("^3.10, <3.13", "3.12"),
        (">=3.9 <3.12", "3.11"),
        ("~3.11", "3.11"),
        ("~3.11.2", "3.11"),
        ("~3", "3.13"),
        ("3.11", "3.11"),
        ("3.11.*", "3.11"),
        ("3.11.7", "3.11.7"),
        ("~3.9 || ~3.10", "3.10"),
        ("*", "3.13"),
        ("no range", "3.13"),
    ],
)
def test_poetry_says_the_version_of_python(tmp_path: Path, wanted: str, python: str) -> None:
    manifest = f'[tool.poetry]\nname = "app"\n[tool.poetry.dependencies]\npython = "{wanted}"\n'
    service = _service(tmp_path, {"app/pyproject.toml": manifest, "app/poetry.lock": ""}, kind="python")
    assert service["python"] == python


def test_a_version_that_is_not_known_has_to_be_named(tmp_path: Path) -> None:
    files = {"api/Pipfile": '[requires]\npython_version = "3.7"\n', "api/Pipfile.lock": '{"default": {}}'}
    service = {"kind": "python", "path": "api", "command": ["serve"], "ports": [8000]}
    root = write_files(
        tmp_path, {"services.yaml": {"version": 1, "project": "p", "services": {"api": service}}, **files}
    )
    [finding] = resolve_spec(root, "services.yaml").findings
    assert (finding.code, str(finding.location)) == ("version-disagrees", "api/Pipfile:2:1")
    assert finding.fix == 'name a version that fits and has an image, as python: "3.7"'


@pytest.mark.parametrize(
    ("requires", "python"),
    [('python_version = "3.10"', "3.10"), ('python_version = "3.10"\npython_full_version = "3.10.14"', "3.10.14")],
)
def test_a_pipfile_says_the_version_of_python(tmp_path: Path, requires: str, python: str) -> None:
    files = {"app/Pipfile": f"[requires]\n{requires}\n", "app/Pipfile.lock": '{"default": {}}'}
    assert _service(tmp_path, files, kind="python")["python"] == python


@pytest.mark.parametrize(
    ("files", "node"),
    [
        ({}, "24"),
        ({".nvmrc": "v22\n"}, "22"),
        ({".nvmrc": "lts/jod\n"}, "22"),
        ({".node-version": "22.1.0"}, "22.1.0"),
        ({".nvmrc": "22", ".node-version": "22.1.0"}, "22"),
        ({"package.json": '{"engines": {"node": ">=20"}}'}, "24"),
        ({"package.json": '{"engines": {"node": "^22.4"}}'}, "22"),
        ({"package.json": '{"engines": {"node": "20 || 22"}}'}, "22"),
    ],
)
def test_the_version_of_node(tmp_path: Path, files: Files, node: str) -> None:
    texts = {"package-lock.json": NPM_LOCK, "package.json": "{}", **files}
    service = _service(tmp_path, {f"app/{name}": text for name, text in texts.items()}, kind="node")
    assert service["node"] == node


def test_a_pin_above_the_folder_counts_in_a_workspace(tmp_path: Path) -> None:
    files = {
        ".nvmrc": "22",
        "package.json": '{"workspaces": ["app"]}',
        "package-lock.json": NPM_LOCK,
        "app/package.json": '{"name": "app"}',
    }
    assert _service(tmp_path, files, kind="node")["node"] == "22"


def test_the_version_of_the_package_manager(tmp_path: Path) -> None:
    files = {"app/package.json": '{"packageManager": "pnpm@10.1.2+sha512.ab"}', "app/pnpm-lock.yaml": ""}
    service = _service(tmp_path, files, kind="node")
    assert (service["manager"], service["install"]["version"]) == ("pnpm", "10.1.2")


def test_an_exact_required_version_of_uv(tmp_path: Path) -> None:
    manifest = PYPROJECT + '[tool.uv]\nrequired-version = "==0.9.1"\n'
    service = _service(tmp_path, {"app/pyproject.toml": manifest, "app/uv.lock": ""}, kind="python")
    assert service["install"]["version"] == "0.9.1"


@pytest.mark.parametrize(
    ("own", "files", "message"),
    [
        ({"python": "3.11"}, {".python-version": "3.12"}, "app has python 3.11, and app/.python-version says 3.12"),
        ({"install": {"version": "0.9.0"}}, {"pyproject.toml": PYPROJECT + '[tool.uv]\nrequired-version = "0.9.1"\n'},
         "app has install.version 0.9.0, and the repository asks for 0.9.1"),
    ],
)  # fmt: skip
def test_a_word_that_overrules_the_repository_is_a_warning(
    tmp_path: Path, own: Values, files: Files, message: str
) -> None:
    texts = {"uv.lock": "", "pyproject.toml": PYPROJECT, **files}
    resolved = _resolved(tmp_path, {f"app/{name}": text for name, text in texts.items()}, kind="python", **own)
    assert [warning.message for warning in warnings_of(resolved)] == [message]
    assert plan(tmp_path).warnings == warnings_of(resolved)


@pytest.mark.parametrize(
    ("manifest", "package"),
    [
        (PYPROJECT, False),
        (PYPROJECT + PACKAGE, True),
        (PYPROJECT + PACKAGE + "[tool.uv]\npackage = false\n", False),
        (PYPROJECT + PACKAGE + "[tool.poetry]\npackage-mode = false\n", False),
        (PYPROJECT + PACKAGE + "[tool.pdm]\ndistribution = false\n", False),
    ],
)
def test_what_is_a_package(tmp_path: Path, manifest: str, package: bool) -> None:
    files = {"app/pyproject.toml": manifest, "app/uv.lock": ""}
    assert _service(tmp_path, files, kind="python")["package"] is package


@pytest.mark.parametrize(
    ("names", "sources"),
    [
        (["src/app/__init__.py", "tests/test_a.py", "README.md"], ["src"]),
        (["main.py", "helpers/__init__.py", "tests/test_a.py", "docs/a.md", ".hidden/a.py"], ["helpers", "main.py"]),
        (["my app/a.py", "main.py"], ["main.py"]),
    ],
)
def test_the_sources_of_a_python_service(tmp_path: Path, names: list[str], sources: list[str]) -> None:
    files = {"app/pyproject.toml": PYPROJECT, "app/uv.lock": "", **{f"app/{name}": "" for name in names}}
    assert _service(tmp_path, files, kind="python")["sources"] == sources


def test_a_package_is_built_from_its_readme_too(tmp_path: Path) -> None:
    manifest = '[project]\nname = "a"\nreadme = "README.md"\nlicense-files = ["LICENSE"]\n' + PACKAGE
    files = {
        "app/pyproject.toml": manifest,
        "app/uv.lock": "",
        "app/src/a.py": "",
        "app/README.md": "",
        "app/LICENSE": "",
    }
    assert _service(tmp_path, files, kind="python")["sources"] == ["src", "README.md", "LICENSE"]


@pytest.mark.parametrize(
    ("scripts", "names", "build", "sources"),
    [
        ({}, ["src/a.js"], None, ["src"]),
        ({}, ["index.js", "lib/a.js", "test/a.js", "eslint.config.js", "README.md"], None, ["index.js", "lib"]),
        ({"build": "tsc"}, ["src/a.ts", "tsconfig.json", "a.test.ts", "dist/a.js"], "build", ["src", "tsconfig.json"]),
        ({"build": "vite build"}, ["index.html", "public/a.svg", "vite.config.ts", "src/a.ts"], "build",
         ["index.html", "public", "src", "vite.config.ts"]),
    ],
)  # fmt: skip
def test_the_sources_and_the_build_of_a_node_service(
    tmp_path: Path, scripts: dict[str, str], names: list[str], build: str | None, sources: list[str]
) -> None:
    files = {"app/package.json": json.dumps({"scripts": scripts}), "app/package-lock.json": NPM_LOCK}
    service = _service(tmp_path, {**files, **{f"app/{name}": "" for name in names}}, kind="node")
    assert (service.get("build"), service["sources"]) == (build, sources)


def test_a_service_can_refuse_the_build(tmp_path: Path) -> None:
    files = {"app/package.json": '{"scripts": {"build": "tsc"}}', "app/package-lock.json": NPM_LOCK}
    assert "build" not in _service(tmp_path, files, kind="node", build=None)


def test_each_manager_reads_its_own_tables_only(tmp_path: Path) -> None:
    manifest = PYPROJECT + '[tool.poetry.dependencies]\nrich = "^14"\n'
    uv = _resolved(tmp_path / "uv", {"app/pyproject.toml": manifest, "app/uv.lock": ""}, kind="python")
    poetry = _resolved(tmp_path / "poetry", {"app/pyproject.toml": manifest, "app/poetry.lock": ""}, kind="python")
    assert [finding.code for found in (uv, poetry) for finding in errors_of(found)] == ["lock-stale"]


@pytest.mark.parametrize(
    ("head", "stale"),
    [
        ('# yarn lockfile v1\n"a@>=1,<2", a@^1:\n', False),
        ('__metadata:\n"a@npm:>=1,<2, a@npm:^1":\n', False),
        ('__metadata:\n? "a@npm:^1, a@npm:>=1,<2"\n:\n', False),
        ("# yarn lockfile v1\na@>=1:\n", True),
        ('# yarn lockfile v1\na@^1:\n  resolved "a@>=1,<2"\n', True),
    ],
)
def test_heads_of_yarn_lock_whose_ranges_have_commas(tmp_path: Path, head: str, stale: bool) -> None:
    files = {"app/package.json": '{"dependencies": {"a": ">=1,<2"}}', "app/yarn.lock": head}
    found = errors_of(_resolved(tmp_path, files, kind="node"))
    assert [finding.code for finding in found] == ["lock-stale"] * stale


def test_settings_that_are_there_are_sent(tmp_path: Path) -> None:
    files = {
        "app/package.json": "{}",
        "app/yarn.lock": "__metadata:\n",
        "app/.yarnrc.yml": "nodeLinker: node-modules\n",
    }
    install = _service(tmp_path, files, kind="node")["install"]
    assert (install["config"], install["linker"]) == ([".yarnrc.yml"], "node-modules")


def test_requirement_files_that_refer_to_others(tmp_path: Path) -> None:
    files = {
        "app/requirements.txt": "-r base.txt\nrich==14.0.0\n",
        "app/base.txt": "-c limits/all.txt\n--requirement=more.txt\n",
        "app/limits/all.txt": "httpx<1\n",
        "app/more.txt": "httpx\n",
    }
    resolved = _resolved(tmp_path, files, kind="python")
    install = resolved.services["app"].values["install"]
    assert install["includes"] == ["base.txt", "limits/all.txt", "more.txt"]
    assert install["hashes"] is False
    assert [warning.message.partition(":")[0] for warning in warnings_of(resolved)] == [
        "app has requirements without hashes"
    ]


def test_requirement_files_for_development_refer_to_others_too(tmp_path: Path) -> None:
    files = {
        "app/requirements.txt": "rich==14.0.0 --hash=sha256:00\n",
        "app/requirements/dev.txt": "-r ../requirements.txt\n-c pins.txt\npytest\n",
        "app/requirements/pins.txt": "pytest==8.4.0\n",
    }
    install = _service(tmp_path, files, kind="python", install={"development": ["requirements/dev.txt"]})["install"]
    assert install["includes"] == ["requirements/pins.txt"]
    assert install["hashes"] is True


def test_a_manifest_without_a_lock_file_is_a_lesser_case_of_pip(tmp_path: Path) -> None:
    resolved = _resolved(tmp_path, {"app/pyproject.toml": PYPROJECT}, kind="python", manager="pip")
    assert "lock" not in resolved.services["app"].values["install"]
    assert "each build installs the newest versions" in warnings_of(resolved)[0].message
    assert errors_of(resolved) == []


def test_where_a_found_value_was_read(tmp_path: Path) -> None:
    files = {
        "app/package.json": '{\n  "packageManager": "pnpm@10.1.2"\n}',
        "app/pnpm-lock.yaml": "",
        "app/.nvmrc": "22",
    }
    resolved = _resolved(tmp_path, files, kind="node")
    assert str(resolved.locate(("services", "app", "install", "version"))) == "app/package.json:2:3"
    assert str(resolved.locate(("services", "app", "node"))) == "app/.nvmrc:1:1"
    assert str(resolved.locate(("services", "app", "kind"))).startswith("services.yaml:1:")


@pytest.mark.parametrize(
    ("manifest", "version"), [({}, "4.5.0"), ({"packageManager": "yarn@4.9.4"}, "4.9.4")], ids=["release", "named"]
)
def test_a_committed_release_of_yarn_says_its_version(tmp_path: Path, manifest: Values, version: str) -> None:
    service = {"kind": "node", "path": "web", "command": ["node", "server.js"], "ports": [80]}
    write_files(
        tmp_path,
        {
            "services.yaml": {"version": 1, "project": "p", "services": {"web": service}},
            "web/package.json": {"name": "web", **manifest},
            "web/.yarnrc.yml": "yarnPath: .yarn/releases/yarn-4.5.0.cjs\n",
            "web/yarn.lock": "__metadata:\n  version: 8\n",
        },
    )
    resolved = resolve_spec(tmp_path, "services.yaml")
    assert errors_of(resolved) == []
    assert resolved.services["web"].values["install"]["version"] == version
