"""What a service is made with: one class for each runtime, with the keys that this runtime alone has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from generator.model import types as t
from generator.model.images import OwnImage
from generator.model.parts import BaseImage


class Python(OwnImage):
    """A service in Python."""

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
    """Compile the standard library in the image; one of a `runtime_image` ships as it is."""

    @property
    def ships_own_interpreter(self) -> bool:
        """Tell whether it ships on an image of its own: nothing but an interpreter of Python can be in it."""
        return self.runtime_image is not None


class JavaScript(OwnImage):
    """What services in JavaScript have in common, whichever runtime they use."""

    @property
    def ships_own_interpreter(self) -> bool:
        """Tell whether the binary is that of the image which ships; a static site has none."""
        return self.interpreter is None and self.output != "static"

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
    interpreter: t.AbsolutePath | None = None
    """The binary that ships, taken from the image of the build stages; null where `runtime_image` has its own."""
    runtime_image: BaseImage
    """What ships: this image and the interpreter. `{version}` in its tag is that of the runtime."""


class Node(JavaScript):
    """A service that Node runs."""

    node: t.Version
    """Version, in quotes. `.nvmrc`, `.node-version` or `engines` of the repository decide it."""


class Bun(JavaScript):
    """A service that Bun runs."""

    bun: t.Version
    """Version, in quotes."""
