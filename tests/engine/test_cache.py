"""Which steps run again after a change, and which of the stages `lock`, `deps` and `prod-deps` are cached."""

import json
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from .harness import BuildResult, Engine
from .harness.index import isolated_images, package_index
from .harness.repository import generate, replace, uv_lock

SERVICES = ("api", "jobs", "web")
SOURCES = {"api": "src/shop_api/jobs.py", "jobs": "shop_jobs/tasks.py", "web": "src/server.ts"}
BASE_IMAGES = ("debian:trixie-slim", "node:24-trixie-slim", "python:3.13-slim-trixie")
INSTALLS = {"api": "uv pip sync", "jobs": "pip --python /opt/venv/bin/python install", "web": "npm ci"}

# A package that the shop does not use, without dependencies.
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
    """Change the source of a service to a text that this engine has not built yet."""
    path = shop / "services" / service / SOURCES[service]
    text = path.read_text(encoding="utf-8")
    nonce = f'"{time.time_ns()}"'
    path.write_text(text + (f"console.log({nonce});\n" if path.suffix == ".ts" else f"NONCE = {nonce}\n"), "utf-8")


def _bump_version(service: Path) -> None:
    """Change the version of the project in its manifest and its lock file."""
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
    """Add a package to a service and its lock file; return the name of the package."""
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


@pytest.mark.parametrize("service", SERVICES)
def test_a_source_change_installs_nothing(engine: Engine, shop: Path, tag: Callable[[str], str], service: str) -> None:
    """Every step of the dependencies is cached, and a pull of the new image transfers less than 20 kB."""
    context = shop / "services" / service
    images = isolated_images(engine, *BASE_IMAGES)
    old = engine.build(context, tag=tag("old"), build_contexts=images)
    _change_source(shop, service)
    new = engine.build(context, tag=tag("new"), build_contexts=images)
    assert new.executed
    assert all(step.cached for step in new.matching("[lock "))
    _assert_dependencies_cached(new, service)
    assert 0 < engine.new_bytes(new.tag, old.tag) < 20_000


@pytest.mark.parametrize("service", ["api", "web"])  # not jobs: with pip the manifest is the lock file itself
def test_a_version_bump_installs_nothing(engine: Engine, shop: Path, tag: Callable[[str], str], service: str) -> None:
    """The stage `lock` removes the version from the manifest and the lock file, so later stages are cached."""
    context = shop / "services" / service
    images = isolated_images(engine, *BASE_IMAGES)
    engine.build(context, tag=tag("old"), build_contexts=images)
    _bump_version(context)
    new = engine.build(context, tag=tag("new"), build_contexts=images)
    assert any(step.name.startswith("[lock ") for step in new.executed)
    _assert_dependencies_cached(new, service)


_EMPTY_CACHE_DOCKERFILE = """\
FROM python:3.13-slim-trixie
ARG NONCE
RUN --mount=type=cache,id={id},target=/cache test -d /cache/{entry} && find /cache -mindepth 1 -delete
"""
# The id of the cache mount of each service, and an entry that a used cache has.
CACHES = {
    "api": ("uv-python3.13", "wheels-v*"),
    "jobs": ("pip-python3.13", "http-v*"),
    "web": ("npm-node24", "_cacache"),
}


@pytest.fixture
def distribution() -> str:
    """Return a name for cache ids that nothing else on the engine uses."""
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def isolated_shop(shop: Path, distribution: str) -> Path:
    """Generate the shop with cache mounts that no other build uses."""
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
def test_only_a_new_dependency_is_fetched(engine: Engine, isolated_shop: Path, distribution: str, service: str) -> None:
    """The cache mount keeps fetched files. With an empty cache mount the build still succeeds."""
    context = isolated_shop / "services" / service
    with package_index(engine) as index:
        base_images = index.base_images("python:3.13-slim-trixie", "node:24-trixie-slim")

        def build() -> list[str]:
            """Build the service; return the files that the build fetched."""
            before = len(index.fetched())
            if service == "api":
                lock = (context / "uv.lock").read_text(encoding="utf-8")
                (context / "uv.lock").write_text(index.rewrite_lock(lock), encoding="utf-8")
            engine.build(context, output="type=cacheonly", build_contexts=base_images)
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
        replace(context / "Dockerfile", " AS deps\n", " AS deps\nENV RUN_AGAIN=1\n")
        assert set(build()) >= set(first + second)


def _empty_cache_mount(engine: Engine, scratch: Path, service: str, distribution: str) -> None:
    """Empty a cache mount, as garbage collection of the engine may do at any time."""
    name, entry = CACHES[service]
    dockerfile = scratch / "Dockerfile"
    dockerfile.write_text(_EMPTY_CACHE_DOCKERFILE.format(id=f"{name}-{distribution}", entry=entry), encoding="utf-8")
    engine.build(scratch, dockerfile, output="type=cacheonly", build_args={"NONCE": str(time.time_ns())})
