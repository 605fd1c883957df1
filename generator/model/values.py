"""Values of variables: texts, variables of the shell that runs Compose, and what differs from build to build."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Tag, model_validator

from generator.model import types as t


class HostVariable(t.Model):
    """A value taken from the shell that runs Compose; without a default it must be set there."""

    variable: t.Variable
    """Name of the variable in that shell."""
    default: t.Default | None = None
    """Used when it is unset or empty. Without it, Compose refuses to start."""
    message: t.Default | None = None
    """What Compose says then; without one, `set` and the name."""

    @model_validator(mode="after")
    def _one_of_two(self) -> HostVariable:
        if self.default is not None and self.message is not None:
            raise ValueError("a variable with a default is never missing, so that its message is never said")
        return self


class LiteralText(t.Model):
    """A text as it stands, also where it looks like a variable: `{literal: "${time} ${level}"}`."""

    literal: t.Text
    """The text."""


class FromBuild(t.Model):
    """A value that differs from build to build."""

    variable: t.Variable
    """Its key in `variables` of the service."""


def form_of(value: Any) -> str:
    """Tell the long form of a value, a mapping, from its short one; for discriminators of Pydantic."""
    return "mapping" if isinstance(value, (dict, t.Model)) else "short"


def _form_of_variable(value: Any) -> str:
    if isinstance(value, dict):
        return "literal-text" if "literal" in value else "mapping"
    return "literal-text" if isinstance(value, LiteralText) else form_of(value)


EnvironmentValue = Annotated[
    Annotated[t.Text, Tag("short")]
    | Annotated[HostVariable, Tag("mapping")]
    | Annotated[LiteralText, Tag("literal-text")],
    Discriminator(_form_of_variable),
]
ImageValue = Annotated[Annotated[t.Text, Tag("short")] | Annotated[FromBuild, Tag("mapping")], Discriminator(form_of)]
