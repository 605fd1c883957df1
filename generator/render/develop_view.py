"""The part of a view for development: what the stage `dev` has, and what Compose does with a change."""

from __future__ import annotations

from dataclasses import dataclass

from generator.render.parts_view import Build, Probe, Variable


@dataclass(frozen=True, kw_only=True, slots=True)
class DevStage:
    """What the stage `dev` has besides, where Compose runs it."""

    folders: list[str]
    """Folders that belong to the user: where it works, and those of volumes."""
    link: str | None
    """Where `/app` leads to, from `/`: commands and volumes name it, and Python has its sources elsewhere here."""
    probe: Probe | None
    stop_signal: str | None
    """None where the command is another program than the one that ships."""
    env: list[Variable]
    """ENV of the stage."""
    left_out: list[str]
    """Points that have steps for the image that ships alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """A path of the repository that Compose watches, and what it does with a change."""

    action: str
    path: str
    target: str | None
    """Where it is in the container, if it is synchronised."""
    ignore: str | None
    """Which list of patterns is left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Developed:
    """A service in the Compose file for development. A template takes it for a view where it writes what is built."""

    build: Build
    shared: bool
    """Whether it runs the image of another service."""
    writable: bool
    """Whether the root file system has to be opened."""
    probe: Probe | None
    """The probe, where it is another one than that of the image that ships."""
    reason: str | None
    """Why a change of a source builds the image again: `script` makes what runs, or `server` is not in the stage."""
    watch: list[Watched]


@dataclass(frozen=True, kw_only=True, slots=True)
class DevelopView:
    """The Compose file for development."""

    services: dict[str, Developed]
    """By name; not those of images that exist already, or whose Dockerfile the team writes."""
    ignored: dict[str, list[str]]
    """Lists of patterns that are not synchronised, below the path that is watched."""
