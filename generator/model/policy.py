"""The section `policy` of a preset, and the `waivers` of a spec."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from generator.model import types as t

KEY = r"^[A-Za-z0-9_]+(?:\.[A-Za-z0-9_./-]+)*$"
RULE_NAME = r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$"

Level = Literal["error", "warn"]
Key = Annotated[str, StringConstraints(pattern=KEY)]
RuleName = Annotated[str, StringConstraints(pattern=RULE_NAME)]


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("a reason is needed")
    return text


class AllowedRegistries(t.Model):
    """Images come from these registries only; `docker.io` is Docker Hub."""

    level: Level = "error"
    """Whether it stops a run or is only told."""
    registries: Annotated[list[Annotated[str, StringConstraints(pattern=t.REGISTRY)]], Field(min_length=1)]
    """Hosts, each with an optional path that images have to be below."""


class MaxImageAge(t.Model):
    """The digest of every image was looked up within some days, as `gen-dockerfiles.lock` says."""

    level: Level = "error"
    """Whether it stops a run or is only told."""
    days: Annotated[int, Field(ge=1)]
    """The most days ago that it may have been."""


class Expression(t.Model):
    """A rule of a team's own: a Jinja expression that has to be true of each service."""

    level: Level = "error"
    """Whether it stops a run or is only told."""
    that: t.Text
    """The expression, over `service`, as `service.container.pids_limit <= 256`."""
    value: Key
    """The value it is about; a finding points at its line."""
    message: t.Text
    """What is wrong where it is false."""


class Rules(t.Model):
    """The rules that hold; one that is not named does not."""

    allowed_registries: AllowedRegistries | None = None
    """Where images may come from."""
    digest_required: Level | None = None
    """Every image has a digest."""
    healthcheck_required: Level | None = None
    """Every service has a health check."""
    max_image_age: MaxImageAge | None = None
    """How long ago the digest of an image may have been looked up."""
    no_root: Level | None = None
    """Every service says a user other than root."""
    required_secrets: Level | None = None
    """No build secret is optional."""
    expressions: dict[RuleName, Expression] = Field(default_factory=dict)
    """Rules of the team's own, by name."""


class Policy(t.Model):
    """What a preset forbids."""

    locked: list[Key] = Field(default_factory=list)
    """Values that stay as the presets give them, as `user.uid` or `container.cap_drop`."""
    rules: Rules = Rules()
    """Rules that every service has to keep."""


class Waiver(t.Model):
    """Lets one service break one rule, for a reason and until a day."""

    rule: RuleName
    """The rule's name, as a finding gives it; for a locked value, locked."""
    service: t.Name
    """The service."""
    reason: Annotated[t.Text, AfterValidator(_filled)]
    """Why the rule may be broken, for reviewers of the spec."""
    until: datetime.date
    """The last day on which it holds, as 2026-12-31."""
