"""What the installation leaves out is told, with the lines that do it, until the spec has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.pipeline import resolve_spec
from tests.support import Values, errors_of, warnings_of, write_files


def _told(root: Path, manifest: Values, lock: str = '{"lockfileVersion": 3, "packages": {}}', **own: Any) -> list[str]:
    service = {"kind": "node", "path": "web", "command": ["node", "server.js"], "ports": [80], **own}
    spec = {"version": 1, "project": "p", "services": {"web": service}}
    write_files(root, {"services.yaml": spec, "web/package.json": manifest, "web/package-lock.json": lock})
    resolved = resolve_spec(root, "services.yaml")
    assert errors_of(resolved) == []
    return [f"{finding.code}: {finding.fix}" for finding in warnings_of(resolved)]


def test_a_script_of_the_service_is_told_until_a_step_runs_it(tmp_path: Path) -> None:
    manifest = {"scripts": {"postinstall": "node patch.js"}}
    step = {"run": [["npm", "run", "postinstall"]]}
    assert _told(tmp_path, manifest) == [
        "script-not-run: if the image needs it, add steps: {before_build: {postinstall: {run: "
        "[[npm, run, postinstall]]}}}, and what it makes to artifacts"
    ]
    assert _told(tmp_path, manifest, steps={"before_build": {"patch": step}}) == []


@pytest.mark.parametrize("command", ["husky", "is-ci || husky install", "npm run build", "npx only-allow npm"])
def test_scripts_that_no_image_needs_are_not_told(tmp_path: Path, command: str) -> None:
    assert _told(tmp_path, {"scripts": {"prepare": command, "preinstall": command}}) == []


def test_a_script_that_does_more_than_a_hook_of_git_is_told(tmp_path: Path) -> None:
    [told] = _told(tmp_path, {"scripts": {"postinstall": "simple-git-hooks && nuxt prepare"}})
    assert told.startswith("script-not-run: ")


def test_patches_are_applied_where_packages_ship_from(tmp_path: Path) -> None:
    (told,) = _told(tmp_path, {"scripts": {"postinstall": "patch-package"}})
    assert "after_dependencies" in told
    assert "source: patches" in told


@pytest.mark.parametrize(
    ("section", "name", "code", "done"),
    [
        ("dependencies", "better-sqlite3", "install-script", {"rebuild": ["better-sqlite3"]}),
        ("dependencies", "puppeteer", "browser-needed", {"packages": {"build": [], "runtime": ["chromium"]}}),
        (
            "devDependencies",
            "prisma",
            "install-script",
            {"steps": {"before_build": {"client": {"run": [["npx", "prisma", "generate"]]}}}},
        ),
    ],
)
def test_a_package_that_needs_its_script_is_told_until_it_has_what_it_needs(
    tmp_path: Path, section: str, name: str, code: str, done: Values
) -> None:
    lock = f'{{"packages": {{"": {{"{section}": {{"{name}": "1.0.0"}}}}}}}}'
    manifest = {section: {name: "1.0.0"}}
    (told,) = _told(tmp_path, manifest, lock)
    assert told.startswith(f"{code}: ")
    assert _told(tmp_path, manifest, lock, **done) == []


def test_one_line_rebuilds_all_packages(tmp_path: Path) -> None:
    manifest = {"dependencies": {"@vscode/sqlite3": "5.1.0", "bcrypt": "5.1.0", "canvas": "3.0.0"}}
    lock = json.dumps({"packages": {"": manifest}, "lockfileVersion": 3})
    told = _told(tmp_path, manifest, lock, rebuild=["canvas"], packages={"build": ["g++"]})
    named = [fix for fix in told if fix.startswith("install-script")]
    assert len(named) == 2
    assert all('add rebuild: [canvas, "@vscode/sqlite3", bcrypt], packages: ' in fix for fix in named)


CLIENT = 'generator client {\n  provider = "prisma-client-js"\n}\n'
RUN = "steps: {before_build: {prisma: {run: [[npx, prisma, generate]]}}}"
ENGINES = "packages: {build: [openssl], runtime: [openssl]}"


@pytest.mark.parametrize(
    ("version", "schema", "own", "lines"),
    [
        ("^6.1.0", CLIENT, {}, f"{RUN}, artifacts: [dist, node_modules/.prisma], {ENGINES}"),
        ("^6.1.0", CLIENT, {"artifacts": ["build"]},
         f"{RUN}, artifacts: [build, node_modules/.prisma], {ENGINES}"),
        ("^7.1.0", CLIENT.replace("}", "  output = '../client'\n}"), {}, f"{RUN}, artifacts: [dist, client]"),
        ("^7.1.0", CLIENT.replace("-js", "").replace("}", '  output = "../src/client"\n}'), {}, RUN),
        ("^7.1.0", CLIENT, {"output": "standalone"}, RUN),
    ],
)  # fmt: skip
def test_prisma_writes_where_its_schema_says(
    tmp_path: Path, version: str, schema: str, own: Values, lines: str
) -> None:
    manifest = {"scripts": {"build": "tsc"}, "devDependencies": {"prisma": version}}
    write_files(tmp_path, {"web/prisma/schema.prisma": schema, "web/.next/a": ""})
    lock = f'{{"packages": {{"": {{"devDependencies": {{"prisma": "{version}"}}}}}}}}'
    told = [one for one in _told(tmp_path, manifest, lock, **own) if one.startswith("install-script")]
    assert told == [f"install-script: if the service uses it, add {lines}"]


def test_prisma_gets_the_variables_that_its_settings_ask_for(tmp_path: Path) -> None:
    manifest = {"scripts": {"build": "tsc"}, "devDependencies": {"prisma": "^7.1.0"}}
    config = 'export default { schema: "db/a.prisma", datasource: { url: env("DATABASE_URL"), x: process.env("NO") } }'
    schema = CLIENT.replace("-js", "").replace("}", '  output = "../src/client"\n}')
    write_files(tmp_path, {"web/prisma.config.ts": config, "web/db/a.prisma": schema})
    lock = '{"packages": {"": {"devDependencies": {"prisma": "^7.1.0"}}}}'
    [told] = [one for one in _told(tmp_path, manifest, lock) if one.startswith("install-script")]
    lines = yaml.safe_load("{" + told.partition("add ")[2] + "}")
    assert lines["steps"]["before_build"]["variables"] == {"env": {"DATABASE_URL": "postgresql://localhost/unused"}}
    assert list(lines["steps"]["before_build"]) == ["variables", "prisma"]
    assert not [one for one in _told(tmp_path, manifest, lock, **lines) if one.startswith("install-script")]


def test_prisma_needs_a_folder_of_its_own_where_packages_do_not_lie_beside_each_other(tmp_path: Path) -> None:
    service = {"kind": "node", "path": "web", "command": ["node", "dist/a.js"], "ports": [80]}
    files = {
        "services.yaml": {"version": 1, "project": "p", "services": {"web": service}},
        "web/package.json": {"scripts": {"build": "tsc"}, "dependencies": {"prisma": "7.0.0"}},
        "web/pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
        "web/prisma/schema.prisma": CLIENT,
    }
    resolved = resolve_spec(write_files(tmp_path, files), "services.yaml")
    [told] = [one for one in warnings_of(resolved) if one.code == "install-script"]
    assert str(told.fix).endswith("and let it write below src with an output of its own, not into node_modules")


@pytest.mark.parametrize(("version", "told"), [("^5.1.0", True), ("5", True), ("*", True), ("^6.0.0", False)])
def test_a_package_that_brings_its_binaries_by_now_is_not_told(tmp_path: Path, version: str, told: bool) -> None:
    lock = f'{{"packages": {{"": {{"dependencies": {{"bcrypt": "{version}"}}}}}}}}'
    found = _told(tmp_path, {"dependencies": {"bcrypt": version}}, lock)
    assert [one.startswith("install-script: ") for one in found] == [True] * told


def test_the_name_of_a_package_with_a_scope_can_be_pasted(tmp_path: Path) -> None:
    lock = '{"packages": {"": {"dependencies": {"@louislam/sqlite3": "1.0.0"}}}}'
    [told] = _told(tmp_path, {"dependencies": {"@louislam/sqlite3": "1.0.0"}}, lock)
    lines = yaml.safe_load("{" + told.partition("add ")[2] + "}")
    assert _told(tmp_path, {"dependencies": {"@louislam/sqlite3": "1.0.0"}}, lock, **lines) == []


def test_a_browser_for_tests_is_not_told(tmp_path: Path) -> None:
    lock = '{"packages": {"": {"devDependencies": {"puppeteer": "1.0.0"}}}}'
    assert _told(tmp_path, {"devDependencies": {"puppeteer": "1.0.0"}}, lock) == []


@pytest.mark.parametrize(
    ("resolved", "told"),
    [
        ("git+ssh://git@github.com/vercel/ms.git#1c6264b", True),
        ("git+https://example.com/ms.git#1c6264b", True),
        ("https://example.com/ms.git#1c6264b", True),
        ("repo: https://example.com/ms", True),
        ("ms@git@github.com:vercel/ms.git#commit=1c6264b", True),
        ("simple-git@npm:3.28.0", False),
        ("https://example.com/ms-2.1.3.tgz", False),
    ],
)
def test_a_source_that_git_fetches_is_told_until_git_is_there(tmp_path: Path, resolved: str, told: bool) -> None:
    lock = f'{{"packages": {{"": {{}}, "node_modules/ms": {{"resolved": "{resolved}"}}}}}}'
    found = _told(tmp_path, {}, lock)
    line = "git-needed: add packages: {build: [git, ca-certificates]}"
    assert [one.startswith(line) for one in found] == [True] * told
    packages = {"build": ["git=1:2.*", "ca-certificates"], "runtime": []}
    assert _told(tmp_path, {}, lock, packages=packages) == []


PRISMA = {"devDependencies": {"prisma": "6.19.0"}}
IN_NODE_MODULES = f", artifacts: [dist, node_modules/.prisma], {ENGINES}"
OUTSIDE = f", {ENGINES}, and let it write below src with an output of its own, not into node_modules"


@pytest.mark.parametrize(
    ("lock", "text", "own", "words", "rest"),
    [
        ("package-lock.json", '{"lockfileVersion": 3, "packages": {}}', {}, "npx, prisma", IN_NODE_MODULES),
        ("pnpm-lock.yaml", "lockfileVersion: '9.0'\n", {}, "pnpm, exec, prisma", OUTSIDE),
        ("yarn.lock", "# yarn lockfile v1\n\nprisma@6.19.0:\n  version 6.19.0\n", {}, "yarn, prisma", IN_NODE_MODULES),
        ("bun.lock", "{}", {}, "npx, prisma", IN_NODE_MODULES),
        ("bun.lock", "{}", {"runtime": "bun"}, "bunx, --bun, prisma", IN_NODE_MODULES),
    ],
)
def test_a_generator_is_run_by_what_the_image_has(
    tmp_path: Path, lock: str, text: str, own: Values, words: str, rest: str
) -> None:
    service = {"kind": "node", "path": "web", "command": ["serve"], "ports": [80], **own}
    spec = {"version": 1, "project": "p", "services": {"web": service}}
    write_files(tmp_path, {"services.yaml": spec, "web/package.json": PRISMA, f"web/{lock}": text})
    (told,) = [one for one in warnings_of(resolve_spec(tmp_path, "services.yaml")) if one.code == "install-script"]
    step = f"steps: {{before_build: {{prisma: {{run: [[{words}, generate]]}}}}}}"
    assert told.fix == f"if the service uses it, add {step}{rest}"


def test_a_generator_of_a_package_is_run_in_its_folder(tmp_path: Path) -> None:
    service = {"kind": "node", "path": "apps/api", "command": ["serve"], "ports": [80]}
    files = {
        "services.yaml": {"version": 1, "project": "p", "services": {"api": service}},
        "package.json": {"workspaces": ["apps/*", "packages/*"]},
        "package-lock.json": {"lockfileVersion": 3, "packages": {}},
        "apps/api/package.json": {"name": "api", "dependencies": {"db": "*"}},
        "packages/db/package.json": {"name": "db", "version": "1.0.0", **PRISMA},
    }
    write_files(tmp_path, files)
    (told,) = [one for one in warnings_of(resolve_spec(tmp_path, "services.yaml")) if one.code == "install-script"]
    assert told.fix == (
        'if the service uses it, add steps: {before_build: {prisma: {run: [[sh, -c, "cd packages/db && npx prisma '
        'generate"]]}}}, packages: {build: [openssl], runtime: [openssl]}, and let it write below packages/db with an '
        "output of its own, not into node_modules"
    )


@pytest.mark.parametrize(("asking", "told"), [("apps/api", True), ("packages/db", True), ("apps/web", False)])
def test_a_source_from_git_of_another_member_is_no_matter(tmp_path: Path, asking: str, told: bool) -> None:
    source = "git+ssh://git@github.com/vercel/ms.git#1c6264b"
    manifests: dict[str, Values] = {
        "apps/api": {"name": "api", "dependencies": {"db": "*"}},
        "apps/web": {"name": "web"},
        "packages/db": {"name": "db", "version": "1.0.0"},
    }
    manifests[asking]["optionalDependencies"] = {"ms": "github:vercel/ms#2.1.3"}
    packages = {"": {}, **manifests, "node_modules/ms": {"resolved": source}}
    service = {"kind": "node", "path": "apps/api", "command": ["serve"], "ports": [80]}
    files = {
        "services.yaml": {"version": 1, "project": "p", "services": {"api": service}},
        "package.json": {"workspaces": ["apps/*", "packages/*"]},
        "package-lock.json": {"lockfileVersion": 3, "packages": packages},
        **{f"{folder}/package.json": manifest for folder, manifest in manifests.items()},
    }
    write_files(tmp_path, files)
    found = warnings_of(resolve_spec(tmp_path, "services.yaml"))
    assert [finding.code for finding in found] == ["git-needed"] * told
