"""What a service takes from stages of other services, and what its build needs for theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from generator.model.images import OwnImage
from generator.model.runtimes import JavaScript, Python
from generator.render.parts_view import Asset, Build
from generator.render.paths_view import Paths
from generator.text.files import is_below

_PAGES = "/usr/share/nginx/html"


def stage_prefix(name: str) -> str:
    """Return how the names of the stages begin that a service has in another one's Dockerfile."""
    # `prod-deps` is a stage of every server in JavaScript, and the only one of ours with a dash.
    return "prod-assets-" if name == "prod" else f"{name}-"


def assets(service: OwnImage, found: Paths, homes: Mapping[str, str]) -> list[Asset]:
    """Return what a service copies, in the order of its spec.

    Args:
        service: The service.
        found: Its paths.
        homes: By the names of the services whose stages make assets, their folders in their own contexts.
    """
    return [
        _asset(service, found, name, f"/app/{homes[name]}{artifact}", target)
        for name, taken in (service.assets or {}).items()
        if name in homes
        for artifact, target in taken.items()
    ]


def _asset(service: OwnImage, found: Paths, name: str, source: str, target: str) -> Asset:
    stage = f"{stage_prefix(name)}build"
    if target.startswith("/"):
        return Asset(stage=stage, source=source, in_build=None, in_dev=target, in_runtime=target)
    below = f"{found.home}{target}"
    if isinstance(service, Python):
        in_build = below if _is_installed(service, target) else None if service.package else target
        in_runtime = None if in_build else f"/app/{target}"
        return Asset(stage=stage, source=source, in_build=in_build, in_dev=f"/src/{below}", in_runtime=in_runtime)
    pages = isinstance(service, JavaScript) and service.output == "static"
    in_runtime = f"{_PAGES}/{target}" if pages else f"/app/{below}"
    return Asset(stage=stage, source=source, in_build=None, in_dev=f"/app/{below}", in_runtime=in_runtime)


def _is_installed(service: Python, target: str) -> bool:
    """Tell whether a path is in the package that a service is installed as."""
    own = [path for path in service.sources if path not in service.beside]
    return service.package and any(is_below(target, path) for path in own)


def build(service: OwnImage, found: Paths, others: Sequence[OwnImage], dumped: Sequence[dict[str, Any]]) -> Build:
    """Return what Compose builds a service from: with what the stages of others need.

    Args:
        service: The service.
        found: Its paths.
        others: The services whose stages are in its Dockerfile.
        dumped: The values of the service and of the others, as the spec has them.
    """
    # A variable of two of them has one value.
    said = {name: value for values in dumped for name, value in values.get("variables", {}).items()}
    return Build(
        context=found.context,
        dockerfile=found.dockerfile,
        target="runtime",
        args={name: value for name, value in said.items() if isinstance(value, dict) and "variable" in value},
        secrets=list(dict.fromkeys(name for one in (service, *others) for name in one.secrets)),
        ssh=any(one.ssh is not None for one in (service, *others)),
    )
