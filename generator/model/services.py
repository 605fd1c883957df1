"""A service: the keys that every service has, for any role, image and runtime."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from generator.model import types as t
from generator.model.compose import Passed
from generator.model.names import OUTPUTS
from generator.model.parts import Condition, Container, Healthcheck, Port
from generator.model.values import EnvironmentValue


class Service(t.Model):
    """What every service has, whatever it is for and whatever it is made with."""

    outputs: ClassVar[tuple[str, ...]] = OUTPUTS
    """What a JavaScript service in the role can ship."""

    name: t.Name
    """The key in `services`; not written a second time."""
    kind: str
    """What the service is for: python and node answer HTTP requests, a worker does not, an image is not built here."""
    networks: Annotated[t.Unique[t.Name], Field(min_length=1)]
    """Which networks it joins."""
    depends_on: dict[t.Name, Condition]
    """Services to wait for, each with started, healthy or completed."""
    environment: dict[t.Variable, EnvironmentValue]
    """Literal values (`$` stays `$`), or a variable of the shell that runs Compose, also as `${NAME}`."""
    ports: list[Port]
    """Published on 127.0.0.1. In an image of its own they are in EXPOSE too, and the first one is probed."""
    volumes: dict[t.Name, t.AbsolutePath]
    """Named volumes, as name: path in the container, the user's own. Compose sees them as `<service>-<name>`, and
    one that `volumes` beside the services has by that name, for all who mount it."""
    bind_mounts: dict[t.AbsolutePath, t.RelativePath] | None = None
    """Files and folders of the repository that Compose mounts, read-only, as path in the container: path in the
    repository. For the settings of an image; sources are copied into it."""
    stop_grace_period: t.Duration
    """Time for a clean stop."""
    container: Container
    """Limits and hardening of the container."""
    compose: Passed | None = None
    """Other keys of the service in Compose, as they are: `profiles`, `env_file`, `logging`, `gpus`, `secrets` and more.
    Compose fills in variables here, as `${TAG}`. What has a key of its own here is refused."""
    healthcheck: Healthcheck | None = None
    """Exactly one probe and its timing; null for none, also where an existing image has one of its own."""
