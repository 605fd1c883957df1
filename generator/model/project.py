"""The resolved project: services by name, told apart by their kind."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from generator.model import types as t
from generator.model.install import Install, Workspace
from generator.model.parts import (
    BaseImage,
    BuildImage,
    Condition,
    Container,
    EnvironmentValue,
    Healthcheck,
    Image,
    NumericUser,
    Packages,
    Port,
    Secret,
    Ssh,
    User,
)
from generator.model.steps import Point, Step
from generator.model.words import BunManager, NodeManager, Output, PythonManager


class _Service(t.Model):
    name: t.Name
    """The key in `services`; not written a second time."""
    networks: Annotated[list[t.Name], Field(min_length=1)]
    """Which networks it joins."""
    depends_on: dict[t.Name, Condition]
    """Services to wait for, each with started, healthy or completed."""
    environment: dict[t.Variable, EnvironmentValue]
    """Literal values (`$` stays `$`), or a variable of the shell that runs Compose."""
    volumes: dict[t.Name, t.AbsolutePath]
    """Named volumes, as name: path in the container. Compose sees them as `<service>-<name>`."""
    stop_grace_period: t.Duration
    """Time for a clean stop."""
    container: Container
    """Limits and hardening of the container."""
    healthcheck: Healthcheck | None = None
    """Exactly one probe and its timing; null for none."""


class ImageService(_Service):
    """Runs from an existing image; nothing is built."""

    kind: Literal["image"]
    """Says that this is an existing image."""
    image: Image
    """The image to run."""
    command: t.Command | None = None
    """Instead of the image's CMD, in exec form."""
    ports: list[Port]
    """Published on 127.0.0.1."""
    user: NumericUser | None = None
    """Instead of the image's USER."""


class _Built(_Service):
    path: t.ServicePath
    """Folder of the service, and its build context unless it is a member of a workspace."""
    workspace: Workspace | None = None
    """The workspace it is a member of; found by reading the manifests above the folder."""
    command: t.Command
    """CMD, in exec form: no shell, no package manager as PID 1."""
    dev_command: t.Command | None = None
    """CMD of the dev stage; without it, command."""
    ports: list[Port]
    """EXPOSE, and published on 127.0.0.1; the first one is probed."""
    user: User
    """USER of the image."""
    packages: Packages
    """apt packages; `name=1.*` pins a series."""
    secrets: dict[t.Id, Secret]
    """Build secrets by id, for what fetches packages, and for `steps` that mount them."""
    ssh: Ssh | None = None
    """Forward the SSH agent to the steps that fetch packages."""
    env: dict[t.Variable, t.Text]
    """ENV of the image. Values are literal."""
    labels: dict[t.Label, t.Text]
    """LABEL of the image. Values are literal."""
    stop_signal: t.Signal
    """STOPSIGNAL."""
    syntax: t.Syntax | None = None
    """Pins the Dockerfile frontend and turns build checks into errors (`check=error=true`)."""
    image: BuildImage
    """The image of the build stages."""
    install: Install
    """Files, cache and tool of the package manager."""
    steps: dict[Point, dict[t.Name, Step]]
    """Steps of the team's own, by point and name: before or after packages, dependencies, build and runtime."""
    sources: Annotated[list[t.RelativePath], Field(min_length=1)]
    """What the application is made of, below path; found there where the service names none."""
    ignore: list[t.Ignore]
    """Patterns below the sources that are left out."""


class _Python(_Built):
    runtime: Literal["python"]
    """Set by the kind; a worker names it."""
    python: t.Version
    """Version, in quotes. `.python-version` or `requires-python` of the repository decide it."""
    manager: PythonManager
    """Who installs the dependencies; the lock file decides it."""
    package: bool
    """Install the project itself; false copies the sources as they are. `[build-system]` decides it."""
    extras: list[t.Extra]
    """Extras of the project to install."""
    groups: list[t.Extra]
    """Dependency groups to install besides the dependencies themselves (pipenv: categories)."""
    precompile_stdlib: bool
    """Compile the standard library in the image."""


class _JavaScript(_Built):
    build: t.Script | None = None
    """The package.json script that compiles; null ships the sources. A script called build is found."""
    task_runner: Literal["turbo"] | None = None
    """Runs the build script and those it depends on; `turbo.json` decides it. Without one, the manager does."""
    rebuild: list[t.NpmName]
    """Packages whose install scripts may run, since they compile something. No other script runs."""
    output: Output
    """What ships: server (packages and artifacts), bundle (artifacts alone), standalone (Next.js), static."""
    artifacts: Annotated[list[t.RelativePath], Field(min_length=1)]
    """What the build script makes, and all that is shipped of it."""
    interpreter: t.AbsolutePath
    """The binary that ships, taken from the image of the build stages."""
    runtime_image: BaseImage
    """What ships: this image and the interpreter."""


class _Node(_JavaScript):
    runtime: Literal["node"]
    """Set by the kind; a worker names it."""
    node: t.Version
    """Version, in quotes. `.nvmrc`, `.node-version` or `engines` of the repository decide it."""
    manager: NodeManager
    """Who installs the dependencies; the lock file decides it."""


class _Bun(_JavaScript):
    runtime: Literal["bun"]
    """Set by the service: Bun runs it."""
    bun: t.Version
    """Version, in quotes."""
    manager: BunManager
    """Who installs the dependencies."""


class _Worker(t.Model):
    kind: Literal["worker"]
    """Says that this is a worker."""
    replicas: Annotated[int, Field(ge=1)]
    """How many containers Compose starts."""
    ports: Annotated[list[Port], Field(max_length=0)]
    """A worker has none."""


class PythonService(_Python):
    """An HTTP service in Python."""

    kind: Literal["python"]
    """Says that this is an HTTP service in Python."""


class NodeService(_Node):
    """An HTTP service in Node."""

    kind: Literal["node"]
    """Says that this is an HTTP service in Node."""


class BunService(_Bun):
    """An HTTP service that Bun runs."""

    kind: Literal["node"]
    """Says that this is an HTTP service in JavaScript."""


class PythonWorker(_Worker, _Python):
    """A worker in Python: no port, a heartbeat, replicas."""

    framework: Literal["celery", "none"]
    """Decides the heartbeat and the grace period; a worker in Node knows `none` only."""
    ports: Annotated[list[Port], Field(max_length=0)]
    """A worker has none."""


class NodeWorker(_Worker, _Node):
    """A worker in Node: no port, a heartbeat, replicas."""

    output: Literal["server", "bundle"]
    """What ships; a worker serves no pages."""
    framework: Literal["none"]
    """Decides the heartbeat and the grace period; a worker in Node knows `none` only."""
    ports: Annotated[list[Port], Field(max_length=0)]
    """A worker has none."""


class BunWorker(_Worker, _Bun):
    """A worker that Bun runs."""

    output: Literal["server", "bundle"]
    """What ships; a worker serves no pages."""
    framework: Literal["none"]
    """Decides the heartbeat and the grace period."""
    ports: Annotated[list[Port], Field(max_length=0)]
    """A worker has none."""


KINDS = ("python", "node", "worker", "image")
RUNTIMES = ("python", "node", "bun")


def _variant(value: Any) -> str:
    fields: dict[str, Any] = value if isinstance(value, dict) else vars(value)
    kind = fields.get("kind")
    runtime = fields.get("runtime")
    return f"{kind}/{runtime}" if kind == "worker" or (kind, runtime) == ("node", "bun") else str(kind)


Service = Annotated[
    Annotated[PythonService, Tag("python")]
    | Annotated[NodeService, Tag("node")]
    | Annotated[BunService, Tag("node/bun")]
    | Annotated[PythonWorker, Tag("worker/python")]
    | Annotated[NodeWorker, Tag("worker/node")]
    | Annotated[BunWorker, Tag("worker/bun")]
    | Annotated[ImageService, Tag("image")],
    Discriminator(_variant),
]
BuiltService = PythonService | NodeService | BunService | PythonWorker | NodeWorker | BunWorker
JAVASCRIPT = (NodeService, BunService, NodeWorker, BunWorker)


class Network(t.Model):
    """A Compose network; an internal one has no way in or out."""

    internal: bool
    """No way in or out of this network."""


class Project(t.Model):
    """Everything the templates are rendered from."""

    version: Literal[1]
    """Version of this format."""
    project: t.Name
    """Name of the Compose project."""
    networks: dict[t.Name, Network]
    """Compose networks by name."""
    services: dict[t.Name, Service]
    """Services by name."""

    def built(self) -> list[BuiltService]:
        """The services that have a Dockerfile, in the order of the spec."""
        return [service for service in self.services.values() if not isinstance(service, ImageService)]
