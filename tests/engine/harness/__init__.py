"""What engine tests are written with: builds, Compose projects, containers and their images."""

from .archive import Layer
from .buildlog import BuildResult, Step
from .compose import Compose, Service, Stopped
from .docker import CommandFailed, Container, Engine
from .probe import Response, eventually, http_get

__all__ = [
    "BuildResult",
    "CommandFailed",
    "Compose",
    "Container",
    "Engine",
    "Layer",
    "Response",
    "Service",
    "Step",
    "Stopped",
    "eventually",
    "http_get",
]
