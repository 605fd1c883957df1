"""What the stage `dev` can run, and what is done there with a source that has changed."""

from __future__ import annotations

from collections.abc import Mapping

from generator.model.images import DevAction, OwnImage, SharedImage
from generator.model.roles import Job
from generator.model.runtimes import JavaScript
from generator.model.services import Service


def runs_in_dev(service: OwnImage) -> bool:
    """Tell whether its stage `dev` starts something: what serves a site or a standalone server is not in there."""
    served = isinstance(service, JavaScript) and service.output not in ("server", "bundle")
    return service.dev_command is not None or not served


def builder(service: Service, services: Mapping[str, Service]) -> OwnImage | None:
    """Give the service whose generated Dockerfile makes the image of `service`; None for any other image."""
    found = services.get(service.image_of) if isinstance(service, SharedImage) else service
    return found if isinstance(found, OwnImage) else None


def runs_once(service: Service) -> bool:
    """Tell whether its container ends by itself, as that of a migration: it is not started again."""
    return isinstance(service, Job) or service.container.restart == "no"


def dev_action(service: Service, owner: OwnImage) -> DevAction | None:
    """Decide what is done with a source of a service that runs the image of `owner`, mostly itself.

    Returns:
        None where the container ends by itself: a change of a source is no reason to run it again.
    """
    if runs_once(service):
        return None
    said: DevAction | None = getattr(service, "dev_action", None)
    if said is not None:
        return said
    if isinstance(service, SharedImage) and service.command is None and service.entrypoint is None:
        return dev_action(owner, owner)  # it starts what the image starts
    if service is owner and owner.dev_command is not None:
        return "sync"
    return "rebuild" if is_compiled(owner) or not runs_in_dev(owner) else "sync+restart"


def is_compiled(owner: OwnImage) -> bool:
    """Tell whether a build script makes what runs of the sources."""
    return isinstance(owner, JavaScript) and owner.build is not None
