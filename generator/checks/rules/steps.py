"""Steps of a service's own stand in stages that can run them, and mount secrets that it has."""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks.rules.finding import Finding
from generator.model.project import JAVASCRIPT, BuiltService, Project

_IN_RUNTIME = ("before_packages", "after_packages", "before_runtime", "after_runtime")


def check(project: Project) -> Iterator[Finding]:
    """A step at a point that the Dockerfile does not have, a command without a shell, or an unknown secret."""
    for service in project.built():
        missing = _without_a_stage(service)
        for point, steps in service.steps.items():
            place = ("services", service.name, "steps", point)
            if point in missing and steps:
                fix = "name a build script, or use before_runtime"
                yield Finding(place, f"{service.name} has no stage for {point}: nothing is built", fix)
            for name, step in steps.items():
                if step.run is not None and point in _IN_RUNTIME:
                    yield from _without_a_shell(service, (*place, name, "run"))
                for index, mount in enumerate(step.mounts or []):
                    if mount.type == "secret" and mount.id not in service.secrets:
                        path = (*place, name, "mounts", index, "id")
                        message = f"{service.name} mounts the secret {mount.id}, which its secrets do not have"
                        yield Finding(path, message, "declare it under secrets")


def _without_a_stage(service: BuiltService) -> tuple[str, ...]:
    if isinstance(service, JAVASCRIPT) and service.build is None:
        return ("before_build", "after_build")
    return ()


def _without_a_shell(service: BuiltService, path: tuple[str | int, ...]) -> Iterator[Finding]:
    if isinstance(service, JAVASCRIPT) and service.runtime_image.distribution is None:
        message = f"{service.name} runs {path[-2]} in {service.runtime_image.name}, which has no shell"
        fix = "take a runtime_image with a distribution, or before_dependencies, where the build stages begin"
        yield Finding(path, message, fix)
