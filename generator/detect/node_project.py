"""What a JavaScript service is made of: its build script, its files, and the settings of its package manager."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.detect.detected import Piece, Value
from generator.detect.managers import record_of
from generator.detect.paths.folder_entries import folder_entries
from generator.detect.paths.folder_findings import CODE, listed, told
from generator.detect.paths.named_documents import named_documents
from generator.detect.service_folder import Installation, ServiceFolder
from generator.detect.settings import detect_settings
from generator.model.names import ASSETS
from generator.text.errors import Finding
from generator.text.files import mapping, texts
from generator.text.quote import quoted

# Folders that servers send and read as they are, code or not.
_READ = frozenset({"public", "static", "assets", "www", "views", "templates", "partials", "layouts", "emails"})
_READ |= {"locales", "locale", "i18n", "lang", "migrations", "seeds", "seeders", "database", "databases", "db"}
_READ |= {"prisma", "drizzle"}
_CODE_OR_SETTINGS = (*CODE, ".json", ".html", ".css", ".vue", ".svelte")


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
        found = folder_entries(installation, build=build)
        # What Bun reads at run time, it reads from its settings too.
        read = ("bunfig.toml",) if service.runtime == "bun" else ()
        settings = [name for name in read if service.has(name) and not service.is_secret(name)]
        named = named_documents(service, found.left_out)
        sources = sorted({*(name.removesuffix("/") for name in found.application), *settings, *named})
        if "src" in sources and not build:
            sources.append(sources.pop(sources.index("src")))  # it changes most often
        if sources and sources != service.merged.get("sources"):
            yield Value(path=("sources",), value=sources, place=service.repository.locate(manifest))
        yield from told(installation, found, sources)
        if build and service.merged.get("output", "server") == "server" and service.merged.get("kind") != ASSETS:
            yield from _build_only(service, found.application)


def _build_only(service: ServiceFolder, application: list[str]) -> Iterator[Finding]:
    """Tell of folders and files that a server may read and that its build alone is given: `artifacts` ships."""
    made = texts(service.merged, "artifacts")
    read = [name for name in application if _may_be_read(service, name) and name.removesuffix("/") not in made]
    if read:
        shipped = quoted({"artifacts": [*made, *(name.removesuffix("/") for name in read)]})[1:-1]
        yield Finding(
            location=service.locate("path"),
            message=f"{service.name} ships {', '.join(made)}, and gives its build alone: {listed(read)}",
            fix=f"name what the server reads, as {shipped}",
            code="sources-for-build",
            level="note",
        )


def _may_be_read(service: ServiceFolder, name: str) -> bool:
    """Say whether an entry is neither code nor what a build makes code of, nor a setting of a tool."""
    if name.startswith(".") or not name.endswith("/"):
        return not name.startswith(".") and not name.endswith(_CODE_OR_SETTINGS)
    inside = service.repository.names(service.in_service(name.removesuffix("/")))
    has_code = any(one.endswith(CODE) for one in inside)
    return name.removesuffix("/").lower() in _READ or (name not in ("src/", "patches/") and not has_code)
