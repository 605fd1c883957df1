"""A service joins networks that exist, and a published port needs one that is not internal."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.project import Project
from generator.text.errors import Finding


def wrong_networks(project: Project) -> Iterator[Finding]:
    """Find unknown networks, and ports published by a service that only joins internal networks."""
    for name, service in project.services.items():
        for index, network in enumerate(service.networks):
            if network not in project.networks:
                others = f"use one of {', '.join(project.networks)}, or " if project.networks else ""
                fix = f"{others}add it to networks"
                yield project.finding(
                    ("services", name, "networks", index),
                    f"{name} joins {network}, which is no network",
                    fix,
                    "network-unknown",
                )
        known = [project.networks[network] for network in service.networks if network in project.networks]
        if service.ports and known and all(network.internal for network in known):
            fix = "add a network that is not internal, as networks: [edge, backend]"
            yield project.finding(
                ("services", name, "ports"),
                f"{name} publishes a port but joins internal networks only",
                fix,
                "port-unreachable",
            )
