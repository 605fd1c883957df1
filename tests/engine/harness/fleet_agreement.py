"""Where the spec of a fleet, its Compose file and its Dockerfiles disagree, as Compose and BuildKit read them.

Each check yields a sentence for each disagreement. What the spec says is the resolved project, before anything is
rendered; Compose's `$$`, for a `$` that nothing fills in, is read back.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.roles import Assets

from . import fleet_builds, fleet_containers
from .fleet_facts import Fleet, differ


def disagreements(fleet: Fleet) -> list[str]:
    """List everything in which the files of a fleet do not agree with its spec or with each other."""
    named = [*_names(fleet)]
    checks = (*fleet_builds.CHECKS, *fleet_containers.CHECKS)
    return named or [one for check in checks for one in check(fleet)]


def _names(fleet: Fleet) -> Iterator[str]:
    config = fleet.read.config
    yield from differ("the name of the project", config["name"], fleet.project.project)
    running = {name for name, one in fleet.project.services.items() if not isinstance(one, Assets)}
    yield from differ("services", {*config["services"]}, running)
    taken = [one["container_name"] for one in config["services"].values() if "container_name" in one]
    yield from differ("containers of one name", len(taken), len({*taken}))
