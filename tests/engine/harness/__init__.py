"""The harness of the engine tests: builds, Compose projects, containers and images."""

from .archive import Layer
from .buildlog import BuildResult, Step
from .command import CommandFailed
from .compose import Compose, ServiceContainer, StopResult
from .container import Container
from .engine import Engine
from .probe import Response, eventually, http_get

__all__ = [
    "BuildResult",
    "CommandFailed",
    "Compose",
    "Container",
    "Engine",
    "Layer",
    "Response",
    "ServiceContainer",
    "Step",
    "StopResult",
    "eventually",
    "http_get",
]
