"""The small parts of a view: what one line or one instruction is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Port:
    """A port of the container, and the one of the host's loopback address that leads to it."""

    target: int
    published: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Volume:
    """A named volume, by the name that Compose sees."""

    name: str
    target: str
    parent: str
    """The folder that `target` is in, with a slash at its end."""
    folder: str
    """The last part of `target`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dependency:
    """A service to wait for, and Compose's word for what to wait for."""

    name: str
    condition: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """A health check in exec form; `script` is the file of `scripts/` that it runs, if it runs one of ours."""

    command: list[str]
    script: str | None = None
    path: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Secret:
    """A build secret, as a file (`target`) or a variable (`env`) of single steps."""

    id: str
    target: str | None
    env: str | None
    required: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Mount:
    """A mount of a team's own step that is no secret."""

    type: str
    id: str | None
    source: str | None
    target: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Variable:
    """One line of ENV. What is `verbatim` is written as it stands, so that Docker expands it."""

    name: str
    value: str
    verbatim: bool = False
    argument: str | None = None
    """The variable of the build that has the value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A team's own step: commands (`run`), a copy (`source`, `to`) or variables (`env`)."""

    comment: str
    run: list[list[str]]
    network: str | None
    mounts: list[Mount]
    secrets: list[Secret]
    source: str | None
    to: str | None
    env: list[Variable]
    variables: list[str]
    """Variables of the build that `run` has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Build:
    """What Compose builds an image from."""

    context: str
    dockerfile: str | None
    """Below the context, where it is not the one that builders look for."""
    target: str | None
    """The stage; the last one without."""
    args: dict[str, Any]
    """Values of ARG that the shell gives, or that a Dockerfile of the team's own needs, as the spec has them."""
    secrets: list[str]
    """The ids of build secrets."""
    ssh: bool
    """Whether the SSH agent is forwarded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asset:
    """What a stage of another service makes for the image."""

    stage: str
    source: str
    """Its path in that stage."""
    in_build: str | None
    """Where it is among the sources, below the working folder of the stage that has them; None where it is not."""
    in_dev: str
    """Where it is in the stage `dev`."""
    in_runtime: str | None
    """Where it is in the image that ships; None where it gets there with the sources."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Images:
    """References, each with tag and digest where it has one: update bots and scanners read no variables."""

    base: str
    runtime: str | None
    tool: str | None
    installer: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """A package of the workspace: one that the service needs, or its own."""

    name: str
    path: str
    build: str | None = None
    artifacts: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Local:
    """A folder or an archive of the repository that something depends on by its path."""

    path: str
    ships: bool
    """The image has the folder itself."""
    name: str | None
    """Its name, where the build reads from its manifest what it depends on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """A build script; `package` is the package of the workspace that has it, and nothing outside of workspaces."""

    name: str
    package: Package | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PatchFolder:
    """Patches of packages that lie in one folder, which manifests and lock file name by path."""

    path: str
    files: list[str]
