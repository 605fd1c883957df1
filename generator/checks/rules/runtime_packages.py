"""Packages and users can only be added to a runtime image that has the tools for it."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.project import Project
from generator.text.errors import Finding


def additions_without_tools(project: Project) -> Iterator[Finding]:
    """Find packages and created users in a runtime image without a distribution, such as a distroless one."""
    for service in project.built():
        if service.runtime_image is None or service.has_shell:
            continue
        image = service.runtime_image.name
        if service.packages.runtime:
            path = ("services", service.name, "packages", "runtime")
            fix = "take a runtime_image with a distribution, or remove the packages"
            yield project.finding(
                path,
                f"{service.name} adds packages to {image}, which has no package manager",
                fix,
                "image-without-apt",
            )
        if service.user.create:
            path = ("services", service.name, "user", "create")
            yield project.finding(
                path,
                f"{service.name} creates a user in {image}, which has no shell",
                "set create: false",
                "image-without-shell",
            )
