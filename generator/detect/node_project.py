"""What a JavaScript service is made of: its build script, its files, and the settings of its package manager."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generator.detect.detected import Piece, Value
from generator.detect.managers import record_of
from generator.detect.service_folder import Installation, ServiceFolder
from generator.detect.settings import detect_settings
from generator.model.names import with_letters
from generator.text.errors import Finding
from generator.text.files import dig, join, mapping

_NO_SOURCES = frozenset(
    {"node_modules", "dist", "build", "out", "coverage", "test", "tests", "__tests__", "e2e", "docs"}
)
_CODE = (".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx", ".jsx")
_BUILD_INPUT = (*_CODE, ".json", ".html", ".css", ".vue", ".svelte")
_NO_INPUTS = frozenset({"package.json", "package-lock.json", "npm-shrinkwrap.json"})


def detect_node_project(installation: Installation) -> Iterator[Piece]:
    """Yield `build`, `sources` and `install.config` where the service names none, and what the manager's files say."""
    yield from detect_settings(installation)
    yield from record_of(installation.manager).read_files(installation)
    yield from _task_runner(installation)
    service = installation.service
    yield from _public(service)
    manifest = service.in_service("package.json")
    data = installation.repository.json(manifest)
    if data is not None:
        scripts = mapping(data, "scripts")
        build = _build(service, scripts)
        yield from _build_pieces(service, manifest, build, scripts)
        yield from _source_pieces(installation, manifest, isinstance(build, str))


def _task_runner(installation: Installation) -> Iterator[Piece]:
    turbo = installation.beside_lock("turbo.json")
    wanted = installation.is_member and "task_runner" not in installation.service.own
    if wanted and installation.repository.text(turbo) is not None:
        yield Value(path=("task_runner",), value="turbo", place=installation.repository.locate(turbo))


def _public(service: ServiceFolder) -> Iterator[Piece]:
    """Yield `artifacts` with `public`: Next.js leaves it out of its standalone server, so it ships beside it."""
    artifacts = service.merged.get("artifacts")
    ships = service.merged.get("output") == "standalone" and "artifacts" not in service.own
    if ships and service.has("public/") and isinstance(artifacts, list) and "public" not in artifacts:
        place = service.repository.locate(service.in_service("public"))
        yield Value(path=("artifacts",), value=[*artifacts, "public"], place=place)


def _build(service: ServiceFolder, scripts: dict[str, Any]) -> Any:
    """Give the build script that counts: the service's word, the presets', or one called build that Node runs."""
    said = service.own.get("build", service.merged.get("build"))
    found = said is None and "build" not in service.own and "build" in scripts and service.runtime == "node"
    return "build" if found else said


def _build_pieces(service: ServiceFolder, manifest: str, build: Any, scripts: dict[str, Any]) -> Iterator[Piece]:
    if build != service.own.get("build", service.merged.get("build")):
        place = service.repository.locate(manifest, '"scripts"', '"build"')
        yield Value(path=("build",), value=build, place=place)
    if isinstance(build, str) and build not in scripts:
        others = f", or name another one: {', '.join(sorted(scripts))}" if scripts else ""
        yield Finding(
            location=service.locate("build"),
            message=f"{manifest} has no script {build!r}",
            fix=f"add it to scripts{others}",
            code="build-script-missing",
        )


def _source_pieces(installation: Installation, manifest: str, build: bool) -> Iterator[Piece]:
    service = installation.service
    if "sources" not in service.own:
        root = dig(installation.workspace, "member", "path") == "."
        # The packages of a workspace come by themselves, those that its root needs.
        sources = [name for name in _sources(service, build) if not root or not _holds_packages(service, name)]
        if sources and sources != service.merged.get("sources"):
            yield Value(path=("sources",), value=sources, place=service.repository.locate(manifest))


def _holds_packages(service: ServiceFolder, name: str, depth: int = 3) -> bool:
    """Say whether a folder is a package, or has nothing in it but folders that hold packages."""
    names = service.repository.names(service.in_service(name))
    inside = [f"{name}/{one.removesuffix('/')}" for one in names if one.endswith("/")]
    if "package.json" in names:
        return True
    only_folders = bool(inside) and not any(one.endswith(_CODE) for one in names)
    return only_folders and depth > 0 and all(_holds_packages(service, one, depth - 1) for one in inside)


def _sources(service: ServiceFolder, build: bool) -> Iterator[str]:
    """Yield `src` with the files that a build reads, or everything that looks like code."""
    names = service.repository.names(service.path)
    left_out = _NO_SOURCES | _NO_INPUTS | {str(facts.get("lock")) for facts in service.facts.values()}
    if "src/" in names and not build:
        yield "src"
        return
    for name in sorted(names):
        plain = name.removesuffix("/")
        if not re.fullmatch(r"[A-Za-z0-9_][\w.@-]*|\.babelrc|\.swcrc|\.browserslistrc", with_letters(plain)):
            continue
        if plain in left_out or service.is_secret(name) or re.search(r"\.(test|spec)\.\w+$", plain):
            continue
        if name.endswith("/"):
            if build or any(entry.endswith(_CODE) for entry in service.repository.names(join(service.path, plain))):
                yield plain
        elif plain.endswith(_BUILD_INPUT if build else _CODE) and (build or ".config." not in plain):
            yield plain
