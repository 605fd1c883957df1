"""What a service is made with: one class for each runtime, with the keys that this runtime alone has."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from generator.model import types as t
from generator.model.images import OwnImage
from generator.model.parts import BaseImage


class Python(OwnImage):
    """A service in Python."""

    frameworks: ClassVar[tuple[str, ...]] = ("celery", "none")

    python: t.Version
    """Version, in quotes. `.python-version` or the range of a manifest decide it."""
    package: bool
    """Install the project itself; false copies the sources as they are. `[build-system]` decides it."""
    beside: list[t.RelativePath]
    """Of `sources`, what is no part of the package and ships in /app as it is; detected where `package` is true."""
    extras: list[t.Extra]
    """Extras of the project to install."""
    groups: list[t.Extra]
    """Dependency groups to install besides the dependencies themselves (pipenv: categories)."""
    precompile_stdlib: bool
    """Compile the standard library in the image."""


class JavaScript(OwnImage):
    """What services in JavaScript have in common, whichever runtime they use."""

    frameworks: ClassVar[tuple[str, ...]] = ("none",)

    @property
    def has_shell(self) -> bool:
        """Tell whether the image that ships has a shell: distroless images have no distribution."""
        return self.runtime_image.distribution is not None

    build: t.Script | None = None
    """The package.json script that compiles; null ships the sources. A script called build is detected."""
    build_network: Literal["none", "default"]
    """Network of the build scripts, in BuildKit's words: `default` lets them fetch what no lock file has."""
    task_runner: Literal["turbo"] | None = None
    """Runs the build script and those it depends on; `turbo.json` decides it. Without one, the manager does."""
    rebuild: list[t.NpmName]
    """Packages whose install scripts may run, since they compile something. No other script runs."""
    output: str
    """What ships: server (packages and artifacts), bundle (artifacts alone), standalone (Next.js), static."""
    artifacts: Annotated[list[t.RelativePath], Field(min_length=1)]
    """What the build script makes, and all that is shipped of it."""
    interpreter: t.AbsolutePath
    """The binary that ships, taken from the image of the build stages."""
    runtime_image: BaseImage
    """What ships: this image and the interpreter."""


class Node(JavaScript):
    """A service that Node runs."""

    node: t.Version
    """Version, in quotes. `.nvmrc`, `.node-version` or `engines` of the repository decide it."""


class Bun(JavaScript):
    """A service that Bun runs."""

    bun: t.Version
    """Version, in quotes."""
