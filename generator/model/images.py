"""Which image a service runs: its own, that of another service, or one that exists already."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from generator.model import types as t
from generator.model.install import Install, Workspace
from generator.model.parts import (
    BaseImage,
    BuildImage,
    BuildSecret,
    Image,
    NumericUser,
    Packages,
    Secret,
    Ssh,
    User,
    Versions,
)
from generator.model.services import Service
from generator.model.steps import Point, Step
from generator.model.values import EnvironmentValue, FromBuild, ImageValue

AssetPaths = Annotated[dict[t.RelativePath, t.ImagePath], Field(min_length=1)]

DevAction = Literal["sync", "sync+restart", "rebuild"]


class ReadyImage(Service):
    """Runs an image that no Dockerfile makes which is generated for it."""

    entrypoint: t.Command | None = None
    """Instead of the image's ENTRYPOINT, in exec form. The image's CMD does not count then: give command as well."""
    command: t.Command | None = None
    """Instead of the image's CMD, in exec form."""
    working_dir: t.AbsolutePath | None = None
    """Instead of the image's WORKDIR."""
    user: NumericUser | None = None
    """Instead of the image's USER."""
    stop_signal: t.Signal | None = None
    """Instead of the image's STOPSIGNAL."""


class ExistingImage(ReadyImage):
    """Runs an image that exists already."""

    image: Image
    """The image to run."""


class SharedImage(ReadyImage):
    """Runs the image of another service, with a command, a probe and an environment of its own: any `kind` can."""

    image_of: t.Name
    """The service that builds the image. Volumes of both by one name are one volume."""
    dev_action: DevAction | None = None
    """What `compose.dev.yaml` does with a source that has changed. Without: `sync+restart`, or what is done for the
    other service where that has a build script, or where this one starts what the image starts."""


class WrittenImage(ReadyImage):
    """Runs an image that is built from a Dockerfile which the team writes, as for Go or Java: nothing is generated."""

    path: t.ServicePath
    """The build context: a folder, in which the Dockerfile is."""
    dockerfile: t.DockerfileName | None = None
    """Name of the Dockerfile, which is `Dockerfile` without."""
    target: t.Stage | None = None
    """The stage to build; the last one without."""
    variables: dict[t.Variable, EnvironmentValue] | None = None
    """Values of `ARG` of the Dockerfile, from the shell that runs Compose or as a text."""
    secrets: dict[t.Id, BuildSecret] | None = None
    """Build secrets by id, that the Dockerfile mounts."""


class OwnImage(Service):
    """Runs an image that is built from its own folder, by a generated Dockerfile."""

    @property
    def version(self) -> str:
        """Give the version of the runtime, which has the runtime's name."""
        return str(getattr(self, self.runtime))

    @property
    def has_shell(self) -> bool:
        """Tell whether the image that ships has a shell and tools: one without a distribution has neither."""
        return self.runtime_image is None or self.runtime_image.distribution is not None

    @property
    def ships_own_interpreter(self) -> bool:
        """Tell whether what ships is built on an image of its own that brings the interpreter, as hardened ones do."""
        return False

    def build_variables(self) -> list[str]:
        """Give the names of the variables that the build itself sees: those that nothing else names."""
        named = {
            value.variable for value in (*self.env.values(), *self.labels.values()) if isinstance(value, FromBuild)
        }
        for steps in self.steps.values():
            named.update(name for step in steps.values() for name in step.variables or [])
        return [name for name in self.variables or {} if name not in named]

    path: t.ServicePath
    """Folder of the service, and its build context unless `workspace` names another."""
    dockerfile: t.DockerfileName | None = None
    """Name of its Dockerfile, which is `Dockerfile` without. Services in one folder have a name each, as with other
    `extras` or another base: `dockerfile: gpu.Dockerfile`, with `gpu.Dockerfile.dockerignore`."""
    runtime: str
    """What it is made with. Kinds named by a runtime set it; a worker names it."""
    versions: Versions
    """What is known of the versions of the runtime, for what the repository asks for."""
    manager: str
    """The package manager that installs the dependencies; the lock file decides it."""
    workspace: Workspace | None = None
    """What it needs from outside of its folder; detected by reading the manifests."""
    entrypoint: t.Command | None = None
    """ENTRYPOINT, in exec form: it gets `command` as its arguments, and has to end with `exec` of them."""
    command: Annotated[t.Command | None, Field(validate_default=True)] = None
    """CMD, in exec form: no shell, no package manager as PID 1. A service with an `entrypoint` can do without."""
    working_dir: t.AbsolutePath | None = None
    """WORKDIR of the image. Without one, `/app`, and in a workspace of Node the service's folder below it."""
    dev_command: t.Command | None = None
    """CMD of the dev stage; without it, command. It reloads by itself, or `dev_action` says otherwise."""
    dev_action: DevAction | None = None
    """What `compose.dev.yaml` does with a source that has changed. Without: `sync` with a `dev_command`; `rebuild`
    where a build script makes what runs; `sync+restart` for others."""
    user: User
    """USER of the image."""
    packages: Packages
    """apt packages; `name=1.*` pins a series."""
    secrets: dict[t.Id, Secret]
    """Build secrets by id, for what fetches packages, and for `steps` that mount them."""
    assets: Annotated[dict[t.Name, AssetPaths], Field(min_length=1)] | None = None
    """What build scripts of Node or Bun make for the image, in stages of this Dockerfile: by the service that says how,
    as one with `kind: assets`, its `artifacts`, each with its path in the image. A relative one is in the folder of
    the application: `assets: {ui: {dist: static/ui}}`."""
    ssh: Ssh | None = None
    """Forward the SSH agent to the steps that fetch packages."""
    variables: dict[t.Variable, EnvironmentValue] | None = None
    """ARG: what differs from build to build, from the shell that runs Compose (`{default: …}` by its own name). One
    that `env`, `labels` or a step names is for these; any other for the build scripts and for the backend that builds
    the package. They are in the provenance of the image, so that no secret is one."""
    env: dict[t.Variable, ImageValue]
    """ENV of the image. Values are literal, or `{variable: NAME}` for one of `variables`."""
    labels: dict[t.Label, ImageValue]
    """LABEL of the image. Values are literal, or `{variable: NAME}` for one of `variables`."""
    stop_signal: t.Signal
    """STOPSIGNAL."""
    syntax: t.Syntax | None = None
    """Pins the Dockerfile frontend and turns build checks into errors (`check=error=true`)."""
    image: BuildImage
    """The image of the build stages."""
    runtime_image: BaseImage | None = None
    """What ships is built on this image. Python has that of the build stages unless one is named here."""
    install: Install
    """Files, cache and tool of the package manager."""
    steps: dict[Point, dict[t.Name, Step]]
    """Steps of the team's own, by point and name: before or after packages, dependencies, build and runtime."""
    sources: Annotated[list[t.SourcePath], Field(min_length=1)]
    """What the application is made of, below path, or `.` for all of it; detected where the service names none."""
    extra_sources: list[t.RelativePath] | None = None
    """What ships besides the sources that are detected."""
    ignore: list[t.Ignore]
    """Patterns below the sources that are left out."""

    @field_validator("command")
    @classmethod
    def _starts_something(cls, command: list[str] | None, info: ValidationInfo) -> list[str] | None:
        # An entry point that is malformed is told for itself.
        if command is None and info.data.get("entrypoint", ...) is None:
            raise PydanticCustomError("missing", "Field required")
        return command


FromDockerfile = OwnImage | WrittenImage
"""A service whose image Compose builds: from a Dockerfile that is generated, or from one that the team writes."""
