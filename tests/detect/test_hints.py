"""What packages of a lock file need of the build and of the image, and lock files that a build would not read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.pipeline import resolve_spec
from generator.text.errors import Finding
from tests.support import write_files

MANIFEST = '[project]\nname = "api"\ndependencies = []\n'
PACKAGE = '[build-system]\nrequires = ["{backend}"]\n'
WINDOWS = 'wheels = [\n    { url = "https://example.com/pkg-1.0-cp313-cp313-win_amd64.whl" },\n]\n'


def _findings(root: Path, files: dict[str, str], **own: Any) -> list[Finding]:
    service = {"kind": "python", "path": "api", "command": ["serve"], "ports": [8000], **own}
    spec = {"version": 1, "project": "p", "services": {"api": service}}
    write_files(root, {"services.yaml": spec, **{f"api/{name}": text for name, text in files.items()}})
    told = resolve_spec(root, "services.yaml").findings
    return [finding for finding in told if finding.code not in ("hashes-missing", "sources-left-out")]


def _uv(package: str, manifest: str = MANIFEST) -> dict[str, str]:
    return {
        "pyproject.toml": manifest,
        "uv.lock": f'version = 1\n\n[[package]]\nname = "pkg"\nversion = "1.0"\n{package}',
    }


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"requirements.txt": "idna==3.7\npkg @ git+https://example.com/pkg@0123\n"}, "requirements.txt:2:1"),
        ({"requirements.txt": "-e git+ssh://git@example.com/pkg#egg=pkg\n"}, "requirements.txt:1:1"),
        (_uv('source = { git = "https://example.com/pkg#0123" }\n'), "uv.lock:3:1"),
        (
            {
                "pyproject.toml": MANIFEST,
                "poetry.lock": '[[package]]\nname = "pkg"\nversion = "1"\n\n[package.source]\ntype = "git"\n',
            },
            "poetry.lock:1:1",
        ),
        (
            {"pyproject.toml": MANIFEST, "pdm.lock": '[[package]]\nname = "pkg"\nversion = "1"\ngit = "https://a.b"\n'},
            "pdm.lock:1:1",
        ),
        ({"Pipfile": "", "Pipfile.lock": '{"default": {"pkg": {"git": "https://a.b"}}}'}, "Pipfile.lock:1:14"),
    ],
)
def test_a_package_from_git_needs_git_and_certificates(tmp_path: Path, files: dict[str, str], place: str) -> None:
    [finding] = _findings(tmp_path, files)
    assert (finding.code, str(finding.location)) == ("git-needed", f"api/{place}")
    assert finding.fix == "add packages: {build: [git, ca-certificates]}"
    assert _findings(tmp_path, files, packages={"build": ["git", "ca-certificates"]}) == []


@pytest.mark.parametrize(
    ("wheels", "told"),
    [
        ("cp313-cp313-win_amd64", True),
        ("cp312-cp312-manylinux_2_17_x86_64", True),
        ("cp313-cp313-manylinux_2_17_x86_64", False),
        ("cp39-abi3-manylinux_2_28_aarch64", False),
        ("cp314-abi3-manylinux_2_28_aarch64", True),
        ("py2.py3-none-any", False),
        ("py3-none-manylinux1_x86_64", False),
    ],
)
def test_a_package_without_a_wheel_for_linux_needs_a_compiler(tmp_path: Path, wheels: str, told: bool) -> None:
    files = _uv(
        'source = { registry = "https://example.com" }\nsdist = { url = "https://example.com/pkg-1.0.tar.gz" }\n'
        f'wheels = [\n    {{ url = "https://example.com/pkg-1.0-{wheels}.whl" }},\n]\n'
    )
    assert [finding.code for finding in _findings(tmp_path, files)] == ["compiler-needed"] * told
    assert _findings(tmp_path, files, packages={"build": ["gcc", "libc6-dev"]}) == []


SDIST = 'sdist = { url = "https://a.b/p.tar.gz" }\nwheels = [\n'


def _locked(name: str, *tags: str, more: str = "") -> str:
    wheels = "".join(f'    {{ url = "https://a.b/p-1-{tag}-manylinux_2_17_x86_64.whl" }},\n' for tag in tags)
    return f'[[package]]\nname = "{name}"\nversion = "1"\n{more}{SDIST}{wheels}]\n\n'


def test_one_line_has_what_all_packages_need(tmp_path: Path) -> None:
    locked = _locked("orjson", "cp312-cp312") + _locked("pkg", "cp312-cp312") + _locked("psycopg", "py2-none")
    files = {"pyproject.toml": MANIFEST, "uv.lock": locked}
    found = _findings(tmp_path, files, python="3.13", packages={"build": ["git"], "runtime": ["curl"]})
    line = "packages: {build: [git, cargo, gcc, libc6-dev, g++, make], runtime: [curl, libpq5]}"
    assert [(one.code, one.fix) for one in found] == [
        ("compiler-needed", f"add {line}"),
        ("library-needed", f"add {line}"),
    ]
    assert found[0].message.startswith("orjson, pkg of api are compiled, for they have no wheel")


@pytest.mark.parametrize(
    ("locked", "wanted", "fix"),
    [
        (_locked("orjson", "cp311-cp311", "cp312-cp312"), "", 'set python: "3.12", for which it has one'),
        (_locked("orjson", "cp311-cp311", "cp312-cp312"), "<3.12", None),
        (_locked("orjson", "cp39-cp39") + _locked("a", "cp310-cp310"), "", "add packages: {build: [cargo, "),
        (_locked("orjson", "cp314-abi3"), "", 'set python: "3.14", for which it has one'),
        (
            _locked("orjson", "cp312-cp312") + _locked("a", "cp312-cp312") + _locked("cffi", "cp310-cp310"),
            "",
            'set python: "3.12", for which all but cffi have one, and add packages: '
            "{build: [gcc, libc6-dev, libffi-dev]}",
        ),
    ],
)
def test_another_version_of_python_has_the_wheels(tmp_path: Path, locked: str, wanted: str, fix: str | None) -> None:
    manifest = MANIFEST + (f'requires-python = "{wanted}"\n' if wanted else "")
    found = _findings(tmp_path, {"pyproject.toml": manifest, "uv.lock": locked})
    assert [one.fix[: len(fix or "")] for one in found] == ([fix] if fix else [])


def test_a_version_of_python_that_a_file_names_is_kept(tmp_path: Path) -> None:
    files = {"pyproject.toml": MANIFEST, "uv.lock": _locked("a", "cp312-cp312"), ".python-version": "3.13\n"}
    assert [one.fix for one in _findings(tmp_path, files)] == ["add packages: {build: [g++, make]}"]


def test_a_well_known_package_with_a_wheel_is_not_compiled(tmp_path: Path) -> None:
    assert _findings(tmp_path, {"pyproject.toml": MANIFEST, "uv.lock": _locked("cffi", "cp313-cp313")}) == []


def test_one_of_two_versions_of_a_package_has_a_wheel(tmp_path: Path) -> None:
    locked = _locked("greenlet", "cp311-cp311") + _locked("greenlet", "cp313-cp313")
    assert _findings(tmp_path, {"pyproject.toml": MANIFEST, "uv.lock": locked}) == []


PROJECT = """[[package]]
name = "api"
version = "1"
source = { virtual = "." }
dependencies = [
    { name = "web" },
]

[package.optional-dependencies]
shots = [
    { name = "playwright" },
]

[package.dev-dependencies]
dev = [
    { name = "playwright" },
]

[package.metadata]
requires-dist = [{ name = "web" }]

[[package]]
name = "web"
version = "1"
dependencies = [
    { name = "selenium" },
]

[package.dev-dependencies]
dev = [
    { name = "playwright" },
]

[[package]]
name = "selenium"
version = "1"

[[package]]
name = "playwright"
version = "1"
"""
PDM = '[[package]]\nname = "playwright"\nversion = "1"\ngroups = ["dev"]\n'
POETRY = '[[package]]\nname = "playwright"\nversion = "1"\noptional = false\ngroups = ["dev"]\n'


@pytest.mark.parametrize(
    ("lock", "told"),
    [
        ({"uv.lock": PROJECT}, ["selenium"]),
        ({"uv.lock": PROJECT.replace('name = "api"', 'name = "other"')}, ["selenium", "playwright"]),
        ({"pdm.lock": PDM}, []),
        ({"pdm.lock": PDM.replace("dev", "default")}, ["playwright"]),
        ({"poetry.lock": POETRY}, []),
        ({"poetry.lock": POETRY.replace("dev", "main")}, ["playwright"]),
        ({"Pipfile": "", "Pipfile.lock": '{"default": {}, "develop": {"playwright": {}}}'}, []),
        ({"Pipfile": "", "Pipfile.lock": '{"default": {"playwright": {}}}'}, ["playwright"]),
    ],
)
def test_what_is_for_development_needs_nothing_in_the_image(
    tmp_path: Path, lock: dict[str, str], told: list[str]
) -> None:
    files = lock if "Pipfile" in lock else {"pyproject.toml": MANIFEST, **lock}
    found = _findings(tmp_path, files)
    assert {one.message.split()[0] for one in found if one.code == "browser-needed"} == {*told}


def test_an_extra_that_ships_counts(tmp_path: Path) -> None:
    manifest = MANIFEST + '[project.optional-dependencies]\nshots = ["playwright"]\n'
    found = _findings(tmp_path, {"pyproject.toml": manifest, "uv.lock": PROJECT}, extras=["shots"])
    assert {one.message.split()[0] for one in found} == {"playwright", "selenium"}


def test_the_version_of_python_decides_about_wheels(tmp_path: Path) -> None:
    wheel = 'sdist = { url = "https://a.b/p.tar.gz" }\nwheels = [{ url = "https://a.b/p-1-cp312-cp312-linux_a.whl" }]\n'
    assert _findings(tmp_path, {**_uv(wheel), ".python-version": "3.12\n"}) == []


@pytest.mark.parametrize("marker", ["sys_platform == 'win32'", "os_name == 'nt'", "platform_system == 'Darwin'"])
def test_a_package_for_another_platform_is_no_matter(tmp_path: Path, marker: str) -> None:
    needed = f'dependencies = [\n    {{ name = "pkg", marker = "{marker}" }},\n]\n'
    use = f'[[package]]\nname = "other"\nversion = "1"\n{needed}'
    files = _uv(f'sdist = {{ url = "https://example.com/pkg-1.0.tar.gz" }}\n{WINDOWS}\n{use}')
    assert _findings(tmp_path, files) == []


def test_what_a_known_package_needs(tmp_path: Path) -> None:
    files = {"requirements.txt": "mysqlclient==2.3.2 --hash=sha256:00\n"}
    [finding] = _findings(tmp_path, files)
    assert finding.fix == (
        "add packages: {build: [gcc, libc6-dev, default-libmysqlclient-dev, pkg-config], runtime: [libmariadb3]}"
    )
    [finding] = _findings(tmp_path, files, packages={"build": ["build-essential", "libmariadb-dev", "pkgconf"]})
    assert (finding.code, finding.fix) == ("library-needed", "add packages: {runtime: [libmariadb3]}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("psycopg==3.2.1\n", True),
        ("psycopg==3.2.1\npsycopg-binary==3.2.2\n", False),
        ("psycopg[pool, binary]>=3.2\n", False),
        ("psycopg[pool]>=3.2\n", True),
    ],
)
def test_a_package_that_loads_a_library(tmp_path: Path, text: str, told: bool) -> None:
    found = _findings(tmp_path, {"requirements.txt": text})
    assert [finding.code for finding in found] == ["library-needed"] * told


def test_a_package_that_fetches_a_browser(tmp_path: Path) -> None:
    files = {"requirements.txt": "playwright==1.49.0\n"}
    [finding] = _findings(tmp_path, files)
    assert finding.code == "browser-needed"
    assert _findings(tmp_path, files, packages={"runtime": ["chromium"]}) == []
    assert _findings(tmp_path, files, env={"PLAYWRIGHT_BROWSERS_PATH": "/opt/venv/browsers"}) == []


SCM = {
    "setuptools-scm>=8": ("", "SETUPTOOLS_SCM_PRETEND_VERSION"),
    "hatch-vcs": ('[tool.hatch.version]\nsource = "vcs"\n', "SETUPTOOLS_SCM_PRETEND_VERSION"),
    "pdm-backend": ('[tool.pdm.version]\nsource = "scm"\n', "PDM_BUILD_SCM_VERSION"),
    "poetry-dynamic-versioning": ("", "POETRY_DYNAMIC_VERSIONING_BYPASS"),
    "uv-dynamic-versioning": ("", "UV_DYNAMIC_VERSIONING_BYPASS"),
}


@pytest.mark.parametrize("backend", SCM)
def test_a_version_from_git(tmp_path: Path, backend: str) -> None:
    settings, variable = SCM[backend]
    manifest = '[project]\nname = "api"\ndynamic = ["version"]\n' + PACKAGE.format(backend=backend) + settings
    files = _uv("", manifest)
    [finding] = _findings(tmp_path, files)
    line = f'variables: {{{variable}: {{variable: APP_VERSION, default: "0.0.0"}}}}'
    assert finding.code == "version-from-git"
    assert finding.fix.startswith(f"add {line}")
    assert _findings(tmp_path, files, steps={"after_dependencies": {"version": {"env": {variable: "1.2.3"}}}}) == []
    assert _findings(tmp_path, files, variables={f"{variable}_FOR_API": {"variable": "APP_VERSION"}}) == []


def test_a_version_with_a_fallback_needs_no_git(tmp_path: Path) -> None:
    manifest = '[project]\nname = "api"\ndynamic = ["version"]\n' + PACKAGE.format(backend="setuptools_scm")
    assert _findings(tmp_path, _uv("", manifest + '[tool.setuptools_scm]\nfallback_version = "0"\n')) == []


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (["gcc"], True),
        (["gcc-14=14.*", "libpq-dev"], True),
        (["gcc", "libc6-dev"], False),
        (["gcc", "g++"], False),
        (["build-essential"], False),
        ([], False),
    ],
)
def test_a_compiler_without_headers(tmp_path: Path, build: list[str], told: bool) -> None:
    found = _findings(tmp_path, {"requirements.txt": ""}, packages={"build": build})
    assert [finding.code for finding in found] == ["headers-missing"] * told


_LOCK = '{"lockfileVersion": 3, "packages": {"": {"name": "api", "version": "1.0.0"}}}'


@pytest.mark.parametrize(
    ("kind", "packages", "fix"),
    [
        ("node", {"build": ["make", "git=1:2.*"]}, "{build: [make, git=1:2.*, ca-certificates]}"),
        ("node", {"runtime": ["curl"]}, "{runtime: [curl, ca-certificates]}"),
        ("node", {"build": ["curl", "ca-certificates"]}, ""),
        ("node", {"build": ["make"]}, ""),
        ("python", {"build": ["git"], "runtime": ["curl"]}, ""),
    ],
)
def test_what_fetches_without_certificates(tmp_path: Path, kind: str, packages: dict[str, list[str]], fix: str) -> None:
    """The images of Node have none; those of Python do."""
    node = {"package.json": '{"name": "api", "version": "1.0.0"}', "package-lock.json": _LOCK}
    files = node if kind == "node" else {"requirements.txt": ""}
    found = _findings(tmp_path, files, kind=kind, packages=packages)
    assert [finding.code for finding in found] == ["certificates-missing"] * bool(fix)
    assert [finding.fix for finding in found] == [f"add packages: {fix}"] * bool(fix)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("pdm.lock", '[metadata]\nlock_version = "4.4.1"\n', "lock-format"),
        ("pdm.lock", '[metadata]\nlock_version = "4.5.0"\n', ""),
        ("pdm.lock", '[[metadata.targets]]\nplatform = "windows_amd64"\n', "lock-platform"),
        ("pdm.lock", '[[metadata.targets]]\nplatform = "linux"\n', ""),
        ("uv.lock", "supported-markers = [\n    \"sys_platform == 'darwin'\",\n]\n", "lock-platform"),
        ("uv.lock", "supported-markers = [\n    \"sys_platform == 'linux'\",\n]\n", ""),
    ],
)
def test_a_lock_file_that_the_build_would_not_read(tmp_path: Path, name: str, text: str, code: str) -> None:
    found = _findings(tmp_path, {"pyproject.toml": MANIFEST, name: text})
    assert [finding.code for finding in found] == ([code] if code else [])


def test_an_older_pdm_reads_its_own_lock_file(tmp_path: Path) -> None:
    files = {"pyproject.toml": MANIFEST, "pdm.lock": '[metadata]\nlock_version = "4.4"\n'}
    assert _findings(tmp_path, files, install={"version": "2.16.1"}) == []


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["requirements/default.txt", "requirements/dev.txt", "requirements/docs.txt"], "requirements/default.txt"),
        (["requirements-prod.txt", "requirements-test.txt"], "requirements-prod.txt"),
        (["requirements/base.txt", "requirements/local.txt", "requirements/production.txt"],
         "requirements/production.txt"),
    ],
)  # fmt: skip
def test_the_only_requirement_file_that_can_ship_is_taken(tmp_path: Path, names: list[str], chosen: str) -> None:
    files = {**dict.fromkeys(names, "idna==3.7 --hash=sha256:0\n"), "main.py": ""}
    [note] = _findings(tmp_path, files)
    service = resolve_spec(tmp_path, "services.yaml").services["api"]
    assert (service.values["manager"], service.values["install"]["lock"]) == ("pip", chosen)
    assert (note.code, note.level, str(note.location)) == ("lock-chosen", "note", f"api/{chosen}:1:1")
    assert note.fix.endswith(f"add manager: pip and install: {{lock: {chosen}}}")


def test_several_requirement_files_that_may_ship_are_an_error(tmp_path: Path) -> None:
    files = {"requirements/api.txt": "idna==3.7\n", "requirements/worker.txt": "idna==3.7\n", "main.py": ""}
    [finding] = _findings(tmp_path, files)
    assert (finding.code, finding.fix) == (
        "lock-renamed",
        "name what ships, as manager: pip and install: {lock: requirements/api.txt}",
    )
    assert _findings(tmp_path, files, install={"lock": "requirements/worker.txt"}) == []


def test_requirement_files_for_development_do_not_ship(tmp_path: Path) -> None:
    files = {
        "requirements-dev.txt": "",
        "requirements/test.txt": "",
        "docs/requirements.txt": "",
        "setup.py": "",
        "a.py": "",
    }
    [finding] = _findings(tmp_path, files)
    assert (finding.code, str(finding.location)) == ("lock-missing", "api/setup.py:1:1")
    assert finding.fix == (
        "lock what it asks for with: uv pip compile --generate-hashes setup.py --output-file requirements.txt"
    )


@pytest.mark.parametrize(
    ("kind", "fix"),
    [
        (
            "python",
            "make pyproject.toml, and uv.lock with: uv lock; a service without packages has an empty requirements.txt",
        ),
        ("node", "make package.json, and package-lock.json with: npm install"),
    ],
)
def test_a_folder_that_nothing_can_be_installed_from(tmp_path: Path, kind: str, fix: str) -> None:
    [finding] = _findings(tmp_path, {"main.py": ""}, kind=kind)
    assert (finding.code, finding.level, finding.fix) == ("lock-missing", "error", fix)


def test_further_requirement_files_are_told(tmp_path: Path) -> None:
    names = [
        "requirements.txt",
        "requirements-server.txt",
        "requirements-dev.txt",
        "requirements_local.txt",
        "base.txt",
    ]
    files = {**dict.fromkeys(names, ""), "requirements.txt": "-r base.txt\n"}
    [finding] = _findings(tmp_path, files)
    assert (finding.code, finding.level, str(finding.location)) == (
        "requirements-left-out",
        "note",
        "api/requirements-server.txt",
    )
    assert finding.fix == "name what ships, as install: {requirements: [requirements-server.txt]}"
    assert _findings(tmp_path, files, install={"requirements": ["requirements-server.txt"]}) == []


def test_requirements_that_are_referred_to_decide_about_hashes(tmp_path: Path) -> None:
    files = {"requirements.txt": "-r requirements/prod.txt\n", "requirements/prod.txt": "idna==3.7\n"}
    _findings(tmp_path, files)
    assert resolve_spec(tmp_path, "services.yaml").services["api"].values["install"]["hashes"] is False


@pytest.mark.parametrize("file", ["setup.py", "setup.cfg"])
def test_entry_points_need_an_installation(tmp_path: Path, file: str) -> None:
    files = {"requirements.txt": "", "app.py": "", file: "\n  entry_points = x\n"}
    [finding] = _findings(tmp_path, files)
    assert (finding.code, str(finding.location)) == ("project-copied", f"api/{file}:2:3")
    manifest = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
    assert _findings(tmp_path, {**files, "pyproject.toml": manifest}, package=True) == []
    assert resolve_spec(tmp_path, "services.yaml").services["api"].values["install"]["manifest"] == "pyproject.toml"


@pytest.mark.parametrize(
    ("sources", "beside"),
    [
        (["src", "alembic.ini", "migrations", "README.md"], ["alembic.ini", "migrations"]),
        (["src"], None),
        (["ledger", "manage.py", "assets"], ["manage.py", "assets"]),
    ],
)
def test_what_lies_beside_a_package(tmp_path: Path, sources: list[str], beside: list[str] | None) -> None:
    manifest = '[project]\nname = "ledger"\nversion = "1"\nreadme = "README.md"\n' + PACKAGE.format(backend="hatchling")
    names = ["src/ledger/__init__.py", "ledger/__init__.py", "alembic.ini", "migrations/env.py", "manage.py"]
    files = {**_uv("", manifest), **dict.fromkeys([*names, "assets/site.css", "README.md"], "")}
    assert _findings(tmp_path, files, sources=sources) == []
    values = resolve_spec(tmp_path, "services.yaml").services["api"].values
    assert values["beside"] == (beside or [])


@pytest.mark.parametrize(
    ("lock", "files", "command"),
    [
        ("requirements.txt", {"requirements.in": "idna\n"}, "requirements.in --output-file requirements.txt"),
        (
            "requirements.txt",
            {},
            "requirements.txt --output-file requirements.lock.txt, and install: {lock: requirements.lock.txt}",
        ),
        (
            "requirements/prod.txt",
            {"pyproject.toml": "[tool.black]\n"},
            "requirements/prod.txt --output-file requirements/prod.lock.txt, "
            "and install: {lock: requirements/prod.lock.txt}",
        ),
        (
            "requirements.txt",
            {"pyproject.toml": '[project]\nname = "a"\ndependencies = ["idna"]\n'},
            "pyproject.toml --output-file requirements.txt",
        ),
        (
            "requirements/prod.txt",
            {"requirements/prod.in": ""},
            "requirements/prod.in --output-file requirements/prod.txt",
        ),
    ],
)
def test_hashes_are_added_from_a_file_that_is_there(
    tmp_path: Path, lock: str, files: dict[str, str], command: str
) -> None:
    service = {"kind": "python", "command": ["serve"], "ports": [8000], "manager": "pip", "install": {"lock": lock}}
    write_files(tmp_path, {"services.yaml": {"version": 1, "project": "p", "services": {"api": service}}})
    write_files(tmp_path / "services/api", {"main.py": "", lock: "idna==3.7\n", **files})
    [finding] = [one for one in resolve_spec(tmp_path, "services.yaml").findings if one.code == "hashes-missing"]
    assert finding.fix == f"add them with: uv pip compile --generate-hashes {command}"


def test_a_stale_lock_file_is_refreshed_under_its_name(tmp_path: Path) -> None:
    own = {"kind": "python", "command": ["serve"], "ports": [8000], "install": {"lock": "requirements/prod.txt"}}
    write_files(tmp_path, {"services.yaml": {"version": 1, "project": "p", "services": {"api": own}}})
    files = {
        "main.py": "",
        "requirements/prod.in": "idna\nrich\n",
        "requirements/prod.txt": "idna==3.7 --hash=sha256:0\n",
    }
    write_files(tmp_path / "services/api", files)
    [finding] = [one for one in resolve_spec(tmp_path, "services.yaml").findings if one.code == "lock-stale"]
    assert str(finding.location) == "services/api/requirements/prod.in:2:1"
    command = "uv pip compile --generate-hashes requirements/prod.in --output-file requirements/prod.txt"
    assert finding.fix == f"refresh it with: {command}"


PINS = {"requirements.txt": "greenlet==3.0.1\nmultidict == 6.0.4\npsycopg2-binary==2.9.9 ; python_version > '3'\n"}
COMPILED = "greenlet, multidict, psycopg2-binary of api are compiled, for they have no wheel for Linux and Python 3.13"


@pytest.mark.parametrize(
    ("files", "own", "fixes"),
    [
        (PINS, {}, ['set python: "3.11", for which all of them have one']),
        (PINS, {"python": "3.11"}, []),
        (PINS, {"python": "3.9"}, []),
        ({**PINS, ".python-version": "3.13\n"}, {},
         ["add packages: {build: [g++, make, gcc, libc6-dev, libpq-dev], runtime: [libpq5]}"]),
        ({"requirements.txt": "greenlet>=3.0.1\nnumpy===1.26.0\nother==1\nidna==3.7\n"}, {}, []),
        ({"requirements.txt": "greenlet==3.1.0\nzope.interface==6.4.post2\n"}, {}, []),
        ({"Pipfile": "", "Pipfile.lock": '{"default": {"greenlet": {"version": "==3.0.1"}}}'}, {},
         ['set python: "3.12", for which it has one']),
        ({"Pipfile": "", "Pipfile.lock": '{"develop": {"greenlet": {"version": "==3.0.1"}}}'}, {}, []),
    ],
)  # fmt: skip
def test_a_pin_that_is_older_than_python_has_no_wheel(
    tmp_path: Path, files: dict[str, str], own: dict[str, Any], fixes: list[str]
) -> None:
    found = _findings(tmp_path, files, **own)
    assert [(one.code, one.fix) for one in found] == [("compiler-needed", fix) for fix in fixes]


def test_pins_without_wheels_are_named(tmp_path: Path) -> None:
    [finding] = _findings(tmp_path, PINS)
    assert (finding.message[: len(COMPILED)], str(finding.location)) == (COMPILED, "api/requirements.txt:1:1")


@pytest.mark.parametrize(
    ("build", "fixes"),
    [
        (["gcc", "libc6-dev"], ["add packages: {build: [gcc, libc6-dev, libffi-dev]}"]),
        (["build-essential"], ["add packages: {build: [build-essential, gcc, libc6-dev, libffi-dev]}"]),
        (["build-essential", "libffi-dev"], []),
        (["g++", "libffi-dev=3.*"], []),
    ],
)
def test_a_compiler_alone_does_not_build_what_needs_more(tmp_path: Path, build: list[str], fixes: list[str]) -> None:
    files = {"pyproject.toml": MANIFEST, "uv.lock": _locked("cffi", "cp39-cp39") + _locked("a", "cp39-cp39")}
    found = _findings(tmp_path, files, python="3.13", packages={"build": build})
    assert [one.fix for one in found] == fixes
