"""What a service is for: one class for each role, with the keys that this role alone has."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, field_validator

from generator.model import types as t
from generator.model.names import SCHEDULERS, WORKERS
from generator.model.parts import Port
from generator.model.services import Service


def _form(value: Any) -> str:
    return "group" if isinstance(value, list) else "word"


Words = Annotated[Annotated[t.Text, Tag("word")] | Annotated[list[t.Text], Tag("group")], Discriminator(_form)]


class Http(Service):
    """Answers HTTP requests: `kind: python` and `kind: node` name it by its runtime."""


class Background(Service):
    """Answers nobody, so that it has no port and serves no pages."""

    outputs: ClassVar[tuple[str, ...]] = ("server", "bundle")

    ports: Annotated[list[Port], Field(max_length=0)]
    """It has none."""


class Framed(Background):
    """Started by a framework: its command follows from what is said of it, where no `command` is named."""

    frameworks: ClassVar[dict[str, tuple[str, ...]]] = {}
    """What it can be built on, by runtime."""

    framework: str
    """Decides the command, the probe, the stop signal and the grace period."""
    framework_command: list[Words] | None = None
    """The command where there is no other. `{app}`, `{queues}` and `{concurrency}` are the values of these keys. What
    has one that is not set is left out, a word or a list of words; `{queues}` alone becomes a word for each."""
    framework_probe: list[Words] | None = None
    """The same for the command of the health check, where that has no other probe."""
    app: t.FilledText | None = None
    """What the framework loads, in its own form, as `shop.celery` or `shop.tasks:broker`."""


class Worker(Framed):
    """Takes tasks from a queue: no port, a heartbeat, replicas."""

    frameworks: ClassVar[dict[str, tuple[str, ...]]] = WORKERS

    replicas: t.Count
    """How many containers Compose starts."""
    concurrency: t.Count | None = None
    """How many tasks one container works on at once, where `framework_command` says how."""
    queues: Annotated[t.Unique[t.FilledText], Field(min_length=1)] | None = None
    """Which queues it takes tasks from, where `framework_command` says how."""


class Scheduler(Framed):
    """Sends tasks when they are due: one container, since two would send each task twice."""

    frameworks: ClassVar[dict[str, tuple[str, ...]]] = SCHEDULERS

    replicas: Literal[1]
    """Always one."""


class Job(Background):
    """Runs once and ends, as a migration: no probe, and no restart. Others wait for it with `completed`."""

    healthcheck: None = None
    """It has none."""


class Assets(Background):
    """Built for other services, which copy what its build script makes: no container and no Dockerfile of its own."""

    outputs: ClassVar[tuple[str, ...]] = ("server",)

    healthcheck: None = None
    """It has none."""
    entrypoint: None = None
    """It starts nothing."""
    command: None = None
    """It starts nothing."""

    @field_validator("command", check_fields=False)
    @classmethod
    def _starts_something(cls, command: None) -> None:
        """Take the place of what services with a container have to say."""
        return command


class Backing(Service):
    """Something that other services use and nobody here builds, as a database: `kind: image`."""
