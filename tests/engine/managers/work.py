"""One case at work: its repository, its own index and caches, and what each build did."""

import re
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from generator.pipeline import resolve_spec

from ..harness import BuildResult, Engine, http_get
from ..harness.index import Index
from ..harness.locks import write_lock
from ..harness.repository import generate, replace
from .cases import Case, Edit

APPS = Path(__file__).parents[1] / "apps"

# Caches that nothing else on the engine uses: the distribution is part of their ids.
_ISOLATED = """\
runtimes:
  python: {{image: {{tag: "{{version}}-slim-trixie", distribution: {name}}}}}
  node: {{image: {{tag: "{{version}}-trixie-slim", distribution: {name}}}}}
  bun: {{image: {{tag: "{{version}}-slim", distribution: {name}}}}}
"""
_EMPTY = """\
FROM python:3.13-slim-trixie
ARG NONCE
RUN --mount=type=cache,id={id},target=/cache test -n "$(ls -A /cache)" && find /cache -mindepth 1 -delete
"""


@dataclass
class Work:
    """The repository of a case, generated and locked.

    Attributes:
        root: The repository.
        fetched: Files of the last build, with their sizes in bytes.
    """

    engine: Engine
    index: Index
    case: Case
    root: Path
    tag: Callable[[str], str]
    fetched: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Copies the application, locks it, and generates its files."""
        shutil.copytree(APPS / self.case.app, self.root)
        if self.case.overlay:
            shutil.copytree(APPS / self.case.overlay, self.root, dirs_exist_ok=True)
        (self.root / "isolated.yaml").write_text(_ISOLATED.format(name=f"test-{uuid.uuid4().hex[:12]}"), "utf-8")
        spec = self.root / "services.yaml"
        spec.write_text(spec.read_text("utf-8") + "presets: [./isolated.yaml]\n", "utf-8")
        self.lock()
        generate(self.root)

    @cached_property
    def bases(self) -> dict[str, str]:
        """The images that fetch packages, with the case's own index as their default."""
        images = re.findall(r"^FROM ((?:python|node|oven/bun):\S+) AS base$", self.dockerfile.read_text("utf-8"), re.M)
        return self.index.bases(*images)

    @property
    def dockerfile(self) -> Path:
        """The service's Dockerfile."""
        return self.root / self.case.path / "Dockerfile"

    @property
    def refresh(self) -> str:
        """The command that a message about a stale lock file has to name."""
        services = resolve_spec(self.root, "services.yaml").values["services"].values()
        [service] = [service for service in services if service["path"] == self.case.path]
        command: str = service["install"]["refresh"]
        return command

    def lock(self) -> None:
        """Makes the lock file anew."""
        if self.case.locked:
            write_lock(self.engine, self.index, self.root, self.case.manager, self.case.lock_version)

    def edit(self, *edits: Edit) -> None:
        """Changes files of the repository."""
        for edit in edits:
            replace(self.root / edit.file, edit.old, edit.new)

    def build(self, name: str = "", *, no_cache: bool = False, check: bool = True) -> BuildResult:
        """Builds the service, and notes which files the build fetched."""
        before = len(self.index.files())
        result = self.engine.build(
            self.root,
            self.dockerfile,
            tag=self.tag(name) if name else "",
            output=None if name else "type=cacheonly",
            build_contexts=self.bases,
            no_cache=no_cache,
            check=check,
        )
        self.fetched = self.index.files()[before:]
        return result

    def answer(self, image: str) -> str:
        """What the service says, asked over HTTP, or what the program prints."""
        hardened = ["--read-only", "--cap-drop=ALL", "--tmpfs=/tmp", "--init"]
        if self.case.port is None:
            return self.engine.run("run", "--rm", *hardened, image).stdout
        with self.engine.container(image, options=hardened, ports=[self.case.port]) as container:
            return http_get(f"http://127.0.0.1:{container.port(self.case.port)}/").text

    def empty_cache(self, scratch: Path) -> None:
        """Does to the package manager's cache mounts what the engine's garbage collection may do at any time."""
        text = self.dockerfile.read_text("utf-8")
        for name in sorted(set(re.findall(r"type=cache,id=((?!apt-)[^,]+),", text))):
            scratch.mkdir(exist_ok=True)
            (scratch / "Dockerfile").write_text(_EMPTY.format(id=name), "utf-8")
            nonce = {"NONCE": uuid.uuid4().hex}
            self.engine.build(scratch, output="type=cacheonly", build_args=nonce)

    def install_again(self) -> None:
        """Makes every installation run again, without a change of what it installs."""
        text = self.dockerfile.read_text("utf-8")
        again = re.sub(r"^(FROM .* AS (?:prod-)?deps)$", r"\1\nENV AGAIN=1", text, flags=re.M)
        assert again != text
        self.dockerfile.write_text(again, "utf-8")
