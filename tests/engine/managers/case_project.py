"""The repository of a case, with its own package index and cache mounts, and the files that each build fetches."""

import io
import json
import re
import shutil
import tarfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from generator.pipeline import resolve_spec

from ..harness import BuildResult, Engine, http_get
from ..harness.index import Index, isolated_images
from ..harness.locks import write_lock
from ..harness.repository import generate, replace
from .cases import Case, Edit

APPS = Path(__file__).parents[1] / "apps"

# The distribution is part of the ids of cache mounts, so no other build on the engine uses these.
_ISOLATED = """\
runtimes:
  python: {{image: {{tag: "{{version}}-slim-trixie", distribution: {name}}}}}
  node: {{image: {{tag: "{{version}}-trixie-slim", distribution: {name}}}}}
  bun: {{image: {{tag: "{{version}}-slim", distribution: {name}}}}}
"""
_EMPTY_CACHE_DOCKERFILE = """\
FROM python:3.13-slim-trixie
ARG NONCE
RUN --mount=type=cache,id={id},target=/cache test -n "$(ls -A /cache)" && find /cache -mindepth 1 -delete
"""


def write_package(path: Path) -> None:
    """Write a package of npm as an archive; it has the name of the file, and exports that name."""
    name = path.stem
    files = {"package.json": json.dumps({"name": name, "version": "1.0.0"}), "index.js": f'module.exports = "{name}";'}
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for file, text in files.items():
            member = tarfile.TarInfo(f"package/{file}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode("utf-8")))


@dataclass
class CaseProject:
    """The repository of a case, with a lock file and generated files.

    Attributes:
        engine: The engine that builds it.
        index: The package index of its builds.
        case: The case.
        root: The repository.
        tag: Creates unique image references.
        fetched: The files that the last build fetched, with their sizes in bytes.
    """

    engine: Engine
    index: Index
    case: Case
    root: Path
    tag: Callable[[str], str]
    fetched: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Copy the application, create its lock file, and generate its files."""
        shutil.copytree(APPS / self.case.app, self.root, symlinks=True)
        if self.case.overlay:
            shutil.copytree(APPS / self.case.overlay, self.root, dirs_exist_ok=True)
        for file in self.root.rglob("*") if self.case.windows else ():
            if file.is_file() and not file.is_symlink():
                file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
        (self.root / "isolated.yaml").write_text(_ISOLATED.format(name=f"test-{uuid.uuid4().hex[:12]}"), "utf-8")
        spec = self.root / "services.yaml"
        spec.write_text(spec.read_text("utf-8") + "presets: [./isolated.yaml]\n", "utf-8")
        if self.case.archive:
            write_package(self.root / self.case.archive)
        self.lock()
        generate(self.root)

    @cached_property
    def base_images(self) -> dict[str, str]:
        """Build contexts that share no build cache; those for stages that fetch packages use the index of the case."""
        text = self.dockerfile.read_text("utf-8")
        toolchains = re.findall(r"^FROM ((?:python|node|oven/bun):\S+) AS base$", text, re.M)
        shipped = set(re.findall(r"^FROM (\S+:\S+) AS runtime$", text, re.M)) - {*toolchains}
        return {**self.index.base_images(*toolchains), **isolated_images(self.engine, *sorted(shipped))}

    @property
    def dockerfile(self) -> Path:
        """The Dockerfile of the service."""
        return self.root / self.case.path / "Dockerfile"

    @property
    def refresh_command(self) -> str:
        """The command that a message about a stale lock file has to name."""
        services = [one.values for one in resolve_spec(self.root, "services.yaml").services.values()]
        [service] = [service for service in services if service["path"] == self.case.path]
        command: str = service["install"]["refresh"]
        return command

    def lock(self) -> None:
        """Create or update the lock file."""
        if self.case.has_lock:
            folder, version = self.case.lock_folder, self.case.lock_version
            write_lock(self.engine, self.index, self.root, self.case.manager, version, folder=folder)

    def edit(self, *edits: Edit) -> None:
        """Change files of the repository."""
        for edit in edits:
            replace(self.root / edit.file, edit.old, edit.new)

    def build(self, name: str = "", *, no_cache: bool = False, check: bool = True) -> BuildResult:
        """Build the service, and record which files the build fetched."""
        before = len(self.index.fetched_files())
        result = self.engine.build(
            self.root,
            self.dockerfile,
            tag=self.tag(name) if name else "",
            output=None if name else "type=cacheonly",
            build_contexts=self.base_images,
            no_cache=no_cache,
            check=check,
        )
        self.fetched = self.index.fetched_files()[before:]
        return result

    def response(self, image: str) -> str:
        """Run the image; return its response over HTTP, or the output of a program without a port."""
        hardened = ["--read-only", "--cap-drop=ALL", "--tmpfs=/tmp", "--init"]
        if self.case.port is None:
            return self.engine.run("run", "--rm", *hardened, image).stdout
        with self.engine.container(image, options=hardened, ports=[self.case.port]) as container:
            return http_get(f"http://127.0.0.1:{container.port(self.case.port)}/").text

    def empty_cache_mounts(self, scratch: Path) -> None:
        """Empty the cache mounts of the package manager, as garbage collection of the engine may do at any time."""
        text = self.dockerfile.read_text("utf-8")
        for name in sorted(set(re.findall(r"type=cache,id=((?!apt-)[^,]+),", text))):
            scratch.mkdir(exist_ok=True)
            (scratch / "Dockerfile").write_text(_EMPTY_CACHE_DOCKERFILE.format(id=name), "utf-8")
            nonce = {"NONCE": uuid.uuid4().hex}
            self.engine.build(scratch, output="type=cacheonly", build_args=nonce)

    def invalidate_installation(self) -> None:
        """Make every installation run again, although its inputs are unchanged."""
        text = self.dockerfile.read_text("utf-8")
        changed = re.sub(r"^(FROM .* AS (?:prod-)?deps)$", r"\1\nENV RUN_AGAIN=1", text, flags=re.M)
        assert changed != text
        self.dockerfile.write_text(changed, "utf-8")
