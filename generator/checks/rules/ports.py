"""A port of the host can be published once."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.project import Project
from generator.text.errors import Finding


def taken_ports(project: Project) -> Iterator[Finding]:
    """Find published ports that a service before, or the same service, publishes already."""
    owner: dict[int, str] = {}
    for service in project.services.values():
        for index, port in enumerate(service.ports):
            published = port if isinstance(port, int) else port.published
            if published in owner:
                yield project.finding(
                    ("services", service.name, "ports", index),
                    f"{service.name} publishes port {published}, which {owner[published]} publishes already",
                    f"publish it elsewhere: {{target: {published}, published: {published + 1}}}",
                    "port-taken",
                )
            owner.setdefault(published, service.name)
