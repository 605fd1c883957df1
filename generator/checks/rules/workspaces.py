"""A workspace that a service spells out itself has to have the service's folder in it."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.project import Project
from generator.text.errors import Finding
from generator.text.files import is_below, join


def foreign_workspaces(project: Project) -> Iterator[Finding]:
    """Find workspaces whose member is in another folder than the service, or whose root is not above it."""
    for service in project.built():
        workspace = service.workspace
        if workspace is None:
            continue
        if workspace.member is None:
            if not is_below(service.path, workspace.root):
                yield project.finding(
                    ("services", service.name, "workspace", "root"),
                    f"{service.name} is in {service.path}, but the root of its build context is {workspace.root}",
                    "leave workspace out, it is found; or name path itself, or a folder above it",
                    "workspace-disagrees",
                )
            continue
        folder = join(workspace.root, workspace.member.path)
        if folder != service.path:
            yield project.finding(
                ("services", service.name, "workspace", "member", "path"),
                f"{service.name} is in {service.path}, but its workspace has it in {folder}",
                "correct path, workspace.root or workspace.member.path; or leave workspace out, it is found",
                "workspace-disagrees",
            )
