"""The parts that services are described with: images, health checks, secrets, ports, limits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from generator.model import types as t
from generator.model.values import form_of


class Image(t.Model):
    """An image reference. `{version}` and `{distribution}` in the tag are filled in by the template."""

    registry: Annotated[str, StringConstraints(pattern=t.REGISTRY)] | None = None
    """Host and path in front of the name, without a slash at the end; left out for Docker Hub."""
    name: Annotated[str, StringConstraints(pattern=t.IMAGE_NAME)]
    """Repository, as python or library/redis."""
    tag: Annotated[str, StringConstraints(pattern=t.TAG)]
    """`{version}` becomes the service's python or node, `{distribution}` the image's distribution."""
    digest: Annotated[str, StringConstraints(pattern=t.DIGEST)] | None = None
    """Pins the image to one manifest, beside the tag."""


class BaseImage(Image):
    """An image to build on. `distribution` names its packages' suite, for apt and for cache ids."""

    distribution: t.Name | None = None
    """Debian suite, as trixie. Without one, packages cannot be added (distroless)."""


class BuildImage(Image):
    """The image of the build stages, which install packages and so always know their distribution."""

    distribution: t.Name
    """Debian suite, as trixie; part of the tag and of the cache ids."""
    root: bool | None = None
    """Whether its own user is root; false has the build stages begin with `USER 0:0`."""


class User(t.Model):
    """Who the container runs as; `create` adds the passwd entry, which a distroless image cannot."""

    name: Annotated[str, StringConstraints(pattern=t.USER_NAME)]
    """Name of the passwd entry."""
    uid: t.UserId
    """USER of the image."""
    gid: t.UserId
    """Group of USER."""
    create: bool
    """Add the user to the image; false where it is there already."""


class NumericUser(t.Model):
    """The user of an existing image, by number."""

    uid: t.UserId
    """User of the container."""
    gid: t.UserId
    """Group of the container."""


class Packages(t.Model):
    """apt packages: `build` for the stages that compile, `runtime` for the shipped image."""

    build: list[t.Package]
    """In the stages that compile and fetch."""
    runtime: list[t.Package]
    """In the shipped image, from its own distribution."""


class Secret(t.Model):
    """A build secret, seen as a file (`target`) or as a variable (`env`) by what fetches packages or mounts it."""

    target: t.AbsolutePath | None = None
    """Mount as this file; give target or env."""
    env: t.Variable | None = None
    """Mount as this variable; give target or env."""
    required: bool = True
    """Fail the build when the secret is missing or empty."""
    variable: t.Variable | None = None
    """Where Compose takes it from: a variable of the shell. Without variable and file: the id in upper case."""
    file: t.RelativePath | None = None
    """Where Compose takes it from: a file beside compose.yaml, which .gitignore should name."""

    @model_validator(mode="after")
    def _one_of_each(self) -> Secret:
        if (self.target is None) == (self.env is None):
            raise ValueError("a secret is mounted as target (a file) or as env (a variable): give exactly one")
        if self.variable is not None and self.file is not None:
            raise ValueError("a secret comes from variable (of the shell) or file: give at most one")
        return self


class BuildSecret(t.Model):
    """Where Compose takes a build secret from, whose mount somebody else writes."""

    variable: t.Variable | None = None
    """A variable of the shell. Without variable and file: the id in upper case."""
    file: t.RelativePath | None = None
    """A file beside compose.yaml, which .gitignore should name."""

    @model_validator(mode="after")
    def _one_source(self) -> BuildSecret:
        if self.variable is not None and self.file is not None:
            raise ValueError("a secret comes from variable (of the shell) or file: give at most one")
        return self


class Ssh(t.Model):
    """Forwards the SSH agent to the steps that fetch packages; hosts are checked against `known_hosts`."""

    known_hosts: t.RelativePath
    """Reviewed host keys, a file below the service's folder; no other host is trusted."""


class Heartbeat(t.Model):
    """A file that the worker touches; healthy while its age is at most `max_age` seconds."""

    file: t.AbsolutePath
    """The worker learns it from WORKER_HEARTBEAT_FILE. Of a folder, the newest file counts."""
    max_age: t.Count
    """Seconds; an older file is unhealthy."""


class Healthcheck(t.Model):
    """What is probed, and when, in Docker's words. Durations are texts as 30s."""

    http: t.ProbePath | None = None
    """GET this path on the first port; any 2xx status is healthy, and a redirect is not followed."""
    headers: dict[t.Header, t.HeaderValue] | None = None
    """Headers of that request, as Host: a framework may answer only to its own name. They are in the image."""
    heartbeat: Heartbeat | None = None
    """The age of a file, for workers."""
    command: t.Command | None = None
    """Any other probe, in exec form."""
    interval: t.Duration
    """Between two probes."""
    timeout: t.Duration
    """After which a probe has failed."""
    start_period: t.Duration
    """Failures this early do not count."""
    start_interval: t.Duration
    """Between two probes in the start period."""
    retries: t.Count
    """Failures in a row that make the container unhealthy."""

    @model_validator(mode="after")
    def _one_probe(self) -> Healthcheck:
        given = [key for key in ("http", "heartbeat", "command") if getattr(self, key) is not None]
        if len(given) != 1:
            said = " and ".join(given) or "none"
            raise ValueError(f"a health check has exactly one of http, heartbeat and command; here: {said}")
        names = [name.lower() for name in self.headers or {}]
        if names and self.http is None:
            raise ValueError("headers belong to http")
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"{' and '.join(sorted(twice))} is there twice: case makes no other header")
        return self


class PortMapping(t.Model):
    """Compose's long form: `target` in the container, `published` on the host's loopback address."""

    target: t.PortNumber
    """Port in the container."""
    published: t.PortNumber
    """Port on 127.0.0.1 of the host."""


Port = Annotated[Annotated[t.PortNumber, Tag("short")] | Annotated[PortMapping, Tag("mapping")], Discriminator(form_of)]
Condition = Literal["started", "healthy", "completed"]


class Container(t.Model):
    """How Compose runs the container, in Compose's words."""

    init: bool
    """Run an init as PID 1."""
    read_only: bool
    """Root file system without writes."""
    cap_drop: t.Unique[t.Id]
    """Kernel capabilities to give up."""
    security_opt: t.Unique[t.FilledText]
    """Options of the container runtime."""
    tmpfs: t.Unique[t.Tmpfs]
    """Writable folders in memory. The service's user gets those without `mode`, `uid` and `gid`."""
    restart: Annotated[str, StringConstraints(pattern=t.RESTART)]
    """no, always, unless-stopped, on-failure or on-failure:N."""
    cpus: Annotated[float, Field(ge=0.01, le=1_000_000, allow_inf_nan=False)]
    """CPU limit."""
    mem_limit: t.Memory
    """Memory limit."""
    pids_limit: t.Count
    """Limit of processes and threads."""
    cap_add: t.Unique[t.Id] | None = None
    """Kernel capabilities to take back."""
    shm_size: t.Memory | None = None
    """Size of /dev/shm."""


class Versions(t.Model):
    """Facts of a runtime's versions. A team's preset or a service may know newer ones."""

    lines: t.Unique[t.Version]
    """What is chosen from where the repository only gives a range or a name as `latest`, newest first."""
    codenames: dict[t.Name, t.Version] | None = None
    """Node: the line that `lts/<name>` means."""
    images: dict[t.Name, list[t.Version]]
    """By distribution, newest first: the first release of each line on it; what is older uses the next distribution."""
