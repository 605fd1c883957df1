"""What a service is for: one class for each role, with the keys that this role alone has."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from generator.model import types as t
from generator.model.parts import Port
from generator.model.services import Service


class Http(Service):
    """Answers HTTP requests: `kind: python` and `kind: node` name it by its runtime."""


class Worker(Service):
    """Works in the background: no port, a heartbeat, replicas."""

    # A worker serves no pages.
    outputs: ClassVar[tuple[str, ...]] = ("server", "bundle")

    framework: str
    """Decides the heartbeat and the grace period; celery is for workers in Python."""
    replicas: t.Count
    """How many containers Compose starts."""
    ports: Annotated[list[Port], Field(max_length=0)]
    """A worker has none."""


class Backing(Service):
    """Something that other services use and nobody here builds, as a database: `kind: image`."""
