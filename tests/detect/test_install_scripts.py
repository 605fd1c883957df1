"""What the installation leaves out is told, with the lines that do it, until the spec has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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
IN_NODE_MODULES = ", artifacts: [dist, node_modules/.prisma]"
OUTSIDE = ", and let it write below src with an output of its own, not into node_modules"


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
        'generate"]]}}}, and let it write below packages/db with an output of its own, not into node_modules'
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
