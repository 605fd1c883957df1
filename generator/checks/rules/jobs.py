"""A job runs once: nothing starts it again after it has done its work."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.project import Project
from generator.model.roles import Job
from generator.text.errors import Finding

ENDLESS = ("always", "unless-stopped")
"""Restart policies of Compose that start a container again, however it has ended."""


def endless_jobs(project: Project) -> Iterator[Finding]:
    """Find jobs that are started again after they have ended well."""
    for name, service in project.services.items():
        restart = service.container.restart
        if isinstance(service, Job) and restart in ENDLESS:
            yield project.finding(
                ("services", name, "container", "restart"),
                f"{name} is a job, and with restart: {restart} it begins again whenever it has ended",
                'write restart: "no", or restart: "on-failure:3" to try again what failed',
                "job-endless",
            )
