"""A workspace that a service spells out itself has to have the service's folder in it."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.project import Project
from generator.text.errors import Finding
from generator.text.files import join


def foreign_workspaces(project: Project) -> Iterator[Finding]:
    """Find workspaces whose member is in another folder than the service."""
    for service in project.built():
        if service.workspace is None:
            continue
        folder = join(service.workspace.root, service.workspace.member.path)
        if folder != service.path:
            yield project.finding(
                ("services", service.name, "workspace", "member", "path"),
                f"{service.name} is in {service.path}, but its workspace has it in {folder}",
                "correct path, workspace.root or workspace.member.path; or leave workspace out, it is found",
                "workspace-disagrees",
            )
