"""Steps of a team's own, at named points of a Dockerfile: what no template can know."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from generator.model import types as t

Point = Literal[
    "before_packages",
    "after_packages",
    "before_dependencies",
    "after_dependencies",
    "before_build",
    "after_build",
    "before_runtime",
    "after_runtime",
]


class Mount(t.Model):
    """A mount of one step, in BuildKit's words."""

    type: Literal["cache", "bind", "secret", "tmpfs"]
    """What is mounted."""
    target: t.AbsolutePath | None = None
    """Where; a secret is where `secrets` of the service says."""
    id: t.Id | None = None
    """Of a cache, its name; of a secret, its id in `secrets`."""
    source: t.RelativePath | None = None
    """Of a bind mount, the file or folder of the build context."""

    @model_validator(mode="after")
    def _what_its_type_needs(self) -> Mount:
        needed = {"cache": {"id", "target"}, "bind": {"source", "target"}, "secret": {"id"}, "tmpfs": {"target"}}[
            self.type
        ]
        given = {name for name in ("target", "id", "source") if getattr(self, name) is not None}
        if given != needed:
            raise ValueError(f"a mount of type {self.type} has {' and '.join(sorted(needed))}, and nothing else")
        return self


class Step(t.Model):
    """One instruction: `run`, `copy` or `env`."""

    description: t.Text | None = None
    """Why; the comment above it. Without one, the step's name."""
    run: Annotated[list[t.Command], Field(min_length=1)] | None = None
    """Commands, one after the other, each a list of words that no shell expands."""
    mounts: list[Mount] | None = None
    """Mounts of `run`."""
    network: Literal["none"] | None = None
    """`none` runs it without a network."""
    variables: Annotated[t.Unique[t.Variable], Field(min_length=1)] | None = None
    """Of `variables` of the service, those that `run` has in its environment; another value runs it again."""
    copy_: Annotated[t.RelativePath | None, Field(alias="copy")] = None
    """A file or folder of the service, to copy."""
    to: t.AbsolutePath | None = None
    """Where `copy` puts it."""
    env: Annotated[dict[t.Variable, t.Text], Field(min_length=1)] | None = None
    """Variables of the stage from here on. Values are literal."""

    @model_validator(mode="after")
    def _one_instruction(self) -> Step:
        given = [name for name in ("run", "copy_", "env") if getattr(self, name) is not None]
        if len(given) != 1:
            said = " and ".join(name.strip("_") for name in given) or "none"
            raise ValueError(f"a step has exactly one of run, copy and env; here: {said}")
        if (self.copy_ is None) != (self.to is None):
            raise ValueError("copy needs to, and to needs copy")
        if self.run is None and (self.mounts or self.network or self.variables):
            raise ValueError("mounts, network and variables belong to run")
        return self
