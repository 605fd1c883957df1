"""Steps of a service's own stand in stages that can run them, and mount secrets that it has."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.images import OwnImage
from generator.model.project import Project
from generator.model.runtimes import JavaScript
from generator.text.errors import Finding

_IN_RUNTIME = ("before_packages", "after_packages", "before_runtime", "after_runtime")


def impossible_steps(project: Project) -> Iterator[Finding]:
    """Find steps without a stage, commands without a shell, and unknown secrets."""
    for service in project.built():
        missing = _without_a_stage(service)
        for point, steps in service.steps.items():
            place = ("services", service.name, "steps", point)
            if point in missing and steps:
                fix = "name a build script, or use before_runtime"
                yield project.finding(
                    place, f"{service.name} has no stage for {point}: nothing is built", fix, "step-without-stage"
                )
            for name, step in steps.items():
                if step.run is not None and point in _IN_RUNTIME:
                    yield from _without_a_shell(project, service, (*place, name, "run"))
                for index, mount in enumerate(step.mounts or []):
                    if mount.type == "secret" and mount.id not in service.secrets:
                        path = (*place, name, "mounts", index, "id")
                        message = f"{service.name} mounts the secret {mount.id}, which its secrets do not have"
                        yield project.finding(path, message, "declare it under secrets", "secret-unknown")


def _without_a_stage(service: OwnImage) -> tuple[str, ...]:
    if isinstance(service, JavaScript) and service.build is None:
        return ("before_build", "after_build")
    return ()


def _without_a_shell(project: Project, service: OwnImage, path: tuple[str | int, ...]) -> Iterator[Finding]:
    if service.runtime_image is not None and not service.has_shell:
        message = f"{service.name} runs {path[-2]} in {service.runtime_image.name}, which has no shell"
        fix = "take a runtime_image with a distribution, or before_dependencies, where the build stages begin"
        yield project.finding(path, message, fix, "image-without-shell")
