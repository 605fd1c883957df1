"""What docker-bake.hcl is rendered from."""

from __future__ import annotations

from dataclasses import dataclass

from generator.render.parts_view import Build


@dataclass(frozen=True, kw_only=True, slots=True)
class BakeVariable:
    """A variable of the Bake file, which an environment variable of the same name overrides."""

    name: str
    default: str
    """What it is where nobody sets it; nothing where its uses have several defaults, or none."""
    message: str | None
    """What is said where it has to be set and is not."""
    description: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class BakeArgument:
    """A value of `ARG`: a text, or a variable and the text where that is empty."""

    name: str
    variable: str | None
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BakeTarget:
    """A target: an image that is built."""

    name: str
    build: Build
    arguments: list[BakeArgument]
    secrets: list[str]
    """Build secrets, as options of buildx."""
    platforms: list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class BakeView:
    """The Bake file."""

    variables: list[BakeVariable]
    groups: dict[str, list[str]]
    """The groups of the spec, each with the names of its targets."""
    targets: list[BakeTarget]
    attestations: list[str]
    """What is told of the images, as options of buildx."""
