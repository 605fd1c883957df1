"""The resolved project, and the one place where roles, images and runtimes are joined to the model of a service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Literal

from pydantic import create_model

from generator.model import types as t
from generator.model.artefacts import COMPOSE
from generator.model.compose import Passed
from generator.model.images import ExistingImage, FromDockerfile, OwnImage, SharedImage, WrittenImage
from generator.model.names import BY_RUNTIME, NOT_BUILT, WRITTEN
from generator.model.parts import BuildSecret, Secret
from generator.model.roles import Assets, Backing, Framed, Http, Job, Scheduler, Worker
from generator.model.runtimes import Bun, JavaScript, Node, Python
from generator.model.services import Service
from generator.text.errors import Finding, KeyPath, Location

ROLES: dict[str, type[Service]] = {
    "python": Http,
    "node": Http,
    "worker": Worker,
    "scheduler": Scheduler,
    "job": Job,
    "assets": Assets,
    "image": Backing,
    "dockerfile": Backing,
}
"""The role that each `kind` means."""

RUNTIMES: dict[str, type[OwnImage]] = {"python": Python, "node": Node, "bun": Bun}

RUNTIMES_OF: dict[str, tuple[str, ...]] = {
    "python": ("python",),
    "node": ("node", "bun"),
    **dict.fromkeys(BY_RUNTIME, ("python", "node", "bun")),
    "assets": ("node", "bun"),
    **dict.fromkeys(NOT_BUILT, ()),
}
"""The runtimes that a service of each `kind` can have; the first one is used if none fits."""


class Network(t.Model):
    """A Compose network; an internal one has no way in or out."""

    internal: bool
    """No way in or out of this network."""


class Volume(t.Model):
    """A named volume that several services mount; its options are below `compose`."""


class Spec(t.Model):
    """What a spec says beside its services."""

    version: Literal[1]
    """Version of this format."""
    project: t.Name
    """Name of the Compose project."""
    compose_file: t.ComposeFile = COMPOSE.name
    """Name of the Compose file, in the root. Compose finds `compose.yaml`, `compose.yml`, `docker-compose.yml` and
    `docker-compose.yaml` by itself, the first that is there; any other one is read with `docker compose -f`."""
    dev: bool = False
    """Write `compose.dev.yaml` as well: the stage `dev` of each service, with what `docker compose watch` synchronises
    and rebuilds."""
    networks: dict[t.Name, Network]
    """Compose networks by name."""
    volumes: dict[t.Name, Volume | None] | None = None
    """Volumes that services share: each mounts one by this name, and Compose sees it by this name."""
    compose: Passed | None = None
    """Other keys of Compose beside the services, as they are: `secrets`, `configs`, options of networks and volumes."""


@cache
def service_model(
    kind: str, runtime: str = "", managers: tuple[str, ...] = (), *, shared: bool = False
) -> type[Service]:
    """Join the role that `kind` means with an image to one model.

    The image is that of another service (`shared`), its own for a `runtime`, one whose Dockerfile the team writes, or
    an existing one. Keys whose values depend on more than one of role, image and runtime are narrowed here: what a
    worker can be built on depends on its runtime, what a JavaScript service can ship on its role. `managers` are the
    package managers of the runtime.
    """
    role = ROLES[kind]
    narrowed: dict[str, Any] = {"kind": (Literal[kind], ...)}
    image: type[Service] = SharedImage if shared else WrittenImage if kind == WRITTEN else ExistingImage
    if runtime:
        image = RUNTIMES[runtime]
        narrowed |= {"runtime": (Literal[runtime], ...), "manager": (Literal[managers], ...)}
        if issubclass(image, JavaScript):
            narrowed["output"] = (Literal[role.outputs], ...)
    if issubclass(role, Framed):
        # With the image of another service, the runtime is that of the other one.
        found = [role.frameworks[runtime]] if runtime else role.frameworks.values()
        narrowed["framework"] = (Literal[tuple(dict.fromkeys(chain.from_iterable(found)))], ...)
    made = "shared" if shared else "written" if image is WrittenImage else runtime
    words = [word for word in (made, role.__name__) if word]
    joined: type[Service] = create_model("".join(word.title() for word in words), __base__=(role, image), **narrowed)
    return joined


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """Everything that is checked and rendered.

    Attributes:
        project: Name of the Compose project.
        compose_file: Name of the Compose file.
        dev: Whether there is a Compose file for development.
        networks: Compose networks by name.
        volumes: Names of the volumes that services share.
        compose: Other keys of Compose beside the services.
        services: The services that fit their models, by name, in the order of the spec.
        names: The names of all services, of those too that do not fit.
        locate: Gives the place of a value by its path, as `("services", "api", "ports", 0)`.
        chosen: Gives the place in the spec that chose it, which is another one for a value of a preset.
    """

    project: str
    compose_file: str = COMPOSE.name
    dev: bool
    networks: Mapping[str, Network]
    volumes: tuple[str, ...]
    compose: Mapping[str, Any]
    services: Mapping[str, Service]
    names: tuple[str, ...]
    locate: Callable[[KeyPath], Location]
    chosen: Callable[[KeyPath], Location]

    def from_dockerfiles(self) -> list[FromDockerfile]:
        """Give the services that are built from a Dockerfile, their own or that of another, in the spec's order."""
        return [service for service in self.services.values() if isinstance(service, FromDockerfile)]

    def built(self) -> list[OwnImage]:
        """Give the services that a generated Dockerfile builds, their own or that of another, in the spec's order."""
        return [service for service in self.services.values() if isinstance(service, OwnImage)]

    def with_dockerfiles(self) -> list[OwnImage]:
        """Give the services that have a generated Dockerfile of their own, in the order of the spec."""
        return [service for service in self.built() if not isinstance(service, Assets)]

    def assets_of(self, service: OwnImage) -> list[JavaScript]:
        """Give the services whose stages are in the Dockerfile of `service`, which copies from them."""
        found = (self.services.get(name) for name in service.assets or {})
        return [one for one in found if isinstance(one, JavaScript)]

    def build_secrets(self) -> Iterator[tuple[str, str, Secret | BuildSecret]]:
        """Yield the build secrets of all services, each with the name of its service and its id."""
        for service in self.from_dockerfiles():
            for name, secret in (service.secrets or {}).items():
                yield service.name, name, secret

    def volume_holder(self, service: Service, name: str) -> str | None:
        """Give the service that a volume belongs to, which builds its image; None for one that services share."""
        if name in self.volumes:
            return None
        return service.image_of if isinstance(service, SharedImage) else service.name

    def volume_name(self, service: Service, name: str) -> str:
        """Give the name by which Compose sees a volume of a service: its own, or one that services share."""
        holder = self.volume_holder(service, name)
        return name if holder is None else f"{holder}-{name}"

    def finding(self, path: KeyPath, message: str, fix: str, code: str) -> Finding:
        """Make a finding about the value at `path`, at the line of the user that chose it."""
        written, chosen = self.locate(path), self.chosen(path)
        said = message if written == chosen else f"{message} (set at {written})"
        return Finding(location=chosen, message=said, fix=fix, code=code)
