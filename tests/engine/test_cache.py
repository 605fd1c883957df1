"""What a change makes BuildKit do again: the promise of the stages `lock`, `deps` and `prod-deps`."""

import json
import re
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from .harness import BuildResult, Engine
from .harness.index import package_index
from .harness.repository import generate, replace, uv_lock

SERVICES = ("api", "jobs", "web")
SOURCES = {"api": "src/shop_api/jobs.py", "jobs": "shop_jobs/tasks.py", "web": "src/server.ts"}
INSTALLS = {"api": "uv pip sync", "jobs": "pip --python /opt/venv/bin/python install", "web": "npm ci"}

# A package without dependencies of its own that the shop does not use.
PIP_LINE = """\
sortedcontainers==2.4.0 \\
    --hash=sha256:a163dcaede0f1c021485e957a39245190e74249897e2ae4b2aa38595db237ee0
"""
NPM_ENTRY = {
    "version": "7.0.0",
    "integrity": "sha512-41Cifkg6e8TylSpdtTpeLVMqvSBEVzTttHvERD741+pnZ8ANv0004MRL43QKPDlK9cGvNp6NZWZUBlbGXYxxng==",
    "engines": {"node": ">=0.12.0"},
}

pytestmark = pytest.mark.xdist_group("cache")


def _change_source(shop: Path, service: str) -> None:
    """Changes what the program does, for the first time on this engine."""
    path = shop / "services" / service / SOURCES[service]
    text = path.read_text(encoding="utf-8")
    nonce = f'"{time.time_ns()}"'
    path.write_text(text + (f"console.log({nonce});\n" if path.suffix == ".ts" else f"NONCE = {nonce}\n"), "utf-8")


def _bump_version(service: Path) -> None:
    """Gives the project another version, in its manifest and in its lock file."""
    version = f'"0.1.{int(time.time())}"'
    if (service / "pyproject.toml").exists():
        replace(service / "pyproject.toml", 'version = "0.1.0"', f"version = {version}")
        replace(service / "uv.lock", 'name = "shop-api"\nversion = "0.1.0"', f'name = "shop-api"\nversion = {version}')
    else:
        replace(service / "package.json", '"version": "0.1.0"', f'"version": {version}')
        lock = json.loads((service / "package-lock.json").read_text(encoding="utf-8"))
        lock["version"] = lock["packages"][""]["version"] = json.loads(version)
        (service / "package-lock.json").write_text(json.dumps(lock, indent=2), encoding="utf-8")


def _add_dependency(engine: Engine, service: Path) -> str:
    """Adds one package to a service and its lock file, and gives the package's name."""
    if (service / "pyproject.toml").exists():
        replace(service / "pyproject.toml", "dependencies = [\n", 'dependencies = [\n  "sortedcontainers==2.4.0",\n')
        uv_lock(engine, service)
        return "sortedcontainers"
    if (service / "requirements.txt").exists():
        with (service / "requirements.txt").open("a", encoding="utf-8") as file:
            file.write(PIP_LINE)
        return "sortedcontainers"
    manifest = json.loads((service / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((service / "package-lock.json").read_text(encoding="utf-8"))
    manifest["dependencies"]["is-number"] = lock["packages"][""]["dependencies"]["is-number"] = "^7.0.0"
    lock["packages"]["node_modules/is-number"] = NPM_ENTRY
    (service / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
    (service / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    return "is-number"


def _assert_dependencies_cached(build: BuildResult, service: str) -> None:
    assert build.cached(INSTALLS[service])
    dependency_steps = build.matching("[deps ") + build.matching("[prod-deps ")
    assert [step.name for step in dependency_steps if not step.cached] == []


def _start_apart(context: Path) -> None:
    """Gives the build steps that no other build shares.

    A rebuild with --no-cache, of another test or an earlier run, leaves a second layer of each step that has the same
    files with other dates. BuildKit may then take either, and the two images would not have their layers in common.
    """
    dockerfile = context / "Dockerfile"
    text = dockerfile.read_text(encoding="utf-8")
    apart, count = re.subn(
        r"^(FROM .* AS (?:base|runtime))$", rf"\1\nENV TEST_BUILD={uuid.uuid4().hex}", text, flags=re.M
    )
    assert count == 2
    dockerfile.write_text(apart, encoding="utf-8")


@pytest.mark.parametrize("service", SERVICES)
def test_a_source_change_installs_nothing(engine: Engine, shop: Path, tag: Callable[[str], str], service: str) -> None:
    """Every dependency step is cached, and the pull of the new image is less than 20 kB."""
    context = shop / "services" / service
    _start_apart(context)
    old = engine.build(context, tag=tag("old"))
    _change_source(shop, service)
    new = engine.build(context, tag=tag("new"))
    assert new.executed
    assert all(step.cached for step in new.matching("[lock "))
    _assert_dependencies_cached(new, service)
    assert 0 < engine.new_bytes(new.tag, old.tag) < 20_000


@pytest.mark.parametrize("service", ["api", "web"])  # the manifest of pip is the lock file itself
def test_a_version_bump_installs_nothing(engine: Engine, shop: Path, tag: Callable[[str], str], service: str) -> None:
    """A release changes the manifest and the lock file, and the stage `lock` absorbs it."""
    context = shop / "services" / service
    engine.build(context, tag=tag("old"))
    _bump_version(context)
    new = engine.build(context, tag=tag("new"))
    assert any(step.name.startswith("[lock ") for step in new.executed)
    _assert_dependencies_cached(new, service)


_EMPTY = """\
FROM python:3.13-slim-trixie
ARG NONCE
RUN --mount=type=cache,id={id},target=/cache test -d /cache/{holds} && find /cache -mindepth 1 -delete
"""
CACHES = {
    "api": ("uv-python3.13", "wheels-v*"),
    "jobs": ("pip-python3.13", "http-v*"),
    "web": ("npm-node24", "_cacache"),
}


@pytest.fixture
def distribution() -> str:
    """A name for cache ids that nothing else on the engine uses."""
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def isolated_shop(shop: Path, distribution: str) -> Path:
    """The shop with cache mounts of its own, which no other build fills."""
    spec = shop / "services.yaml"
    for setting, tag in (
        ("build: build", "trixie-slim"),
        ("manager: uv", "slim-trixie"),
        ("manager: pip", "slim-trixie"),
    ):
        image = f"image: {{tag: '{{version}}-{tag}', distribution: {distribution}}}"
        replace(spec, f"    {setting}\n", f"    {setting}\n    {image}\n")
    generate(shop)
    return shop


@pytest.mark.parametrize("service", SERVICES)
def test_a_new_dependency_is_all_that_is_fetched(
    engine: Engine, isolated_shop: Path, distribution: str, service: str
) -> None:
    """The cache mount keeps what was fetched before, and its loss costs time but no build."""
    context = isolated_shop / "services" / service
    with package_index(engine) as index:
        bases = index.bases("python:3.13-slim-trixie", "node:24-trixie-slim")

        def build() -> list[str]:
            """The files that a build fetches."""
            before = len(index.fetched())
            if service == "api":
                lock = (context / "uv.lock").read_text(encoding="utf-8")
                (context / "uv.lock").write_text(index.relocate(lock), encoding="utf-8")
            engine.build(context, output="type=cacheonly", build_contexts=bases)
            if service == "api":
                (context / "uv.lock").write_text(lock, encoding="utf-8")
            return index.fetched()[before:]

        first = build()
        assert len(set(first)) > 10

        added = _add_dependency(engine, context)
        second = build()
        assert second
        assert [file for file in second if not file.startswith(added)] == []

        _empty_cache_mount(engine, context.parent, service, distribution)
        _change_source(isolated_shop, service)
        replace(context / "Dockerfile", " AS deps\n", " AS deps\nENV AGAIN=1\n")
        assert set(build()) >= set(first + second)


def _empty_cache_mount(engine: Engine, scratch: Path, service: str, distribution: str) -> None:
    """Does what the engine's garbage collection may do at any time, to one cache mount."""
    name, holds = CACHES[service]
    dockerfile = scratch / "Dockerfile"
    dockerfile.write_text(_EMPTY.format(id=f"{name}-{distribution}", holds=holds), encoding="utf-8")
    engine.build(scratch, dockerfile, output="type=cacheonly", build_args={"NONCE": str(time.time_ns())})
