"""Health checks have something to probe, and a service only waits for the health of one that has a check."""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks.rules.jobs import ENDLESS
from generator.model.images import ExistingImage, WrittenImage
from generator.model.project import Project
from generator.model.roles import Assets, Job
from generator.text.errors import Finding


def impossible_probes(project: Project) -> Iterator[Finding]:
    """Find probes that the service cannot answer, and services that wait for a health check that does not exist."""
    for name, service in project.services.items():
        probe = service.healthcheck
        path = ("services", name, "healthcheck")
        if probe is not None and isinstance(service, (ExistingImage, WrittenImage)) and probe.command is None:
            yield project.finding(
                path,
                f"{name} runs an image whose programs are not known, which can only be probed by a command",
                "give command",
                "probe-unsupported",
            )
        elif probe is not None and probe.http is not None and not service.ports:
            fix = "add ports, or healthcheck: {command: [...]}, or healthcheck: null"
            yield project.finding(path, f"{name} has an http health check but no port", fix, "port-missing")
        for other, condition in service.depends_on.items():
            target = project.services.get(other)
            if isinstance(target, Assets):
                continue  # it never runs, which is told by itself
            if condition == "healthy" and target is not None and target.healthcheck is None:
                yield project.finding(
                    ("services", name, "depends_on", other),
                    f"{name} waits until {other} is healthy, but {other} has no health check",
                    (
                        f"wait until it has ended, as depends_on: {{{other}: completed}}"
                        if isinstance(target, Job)
                        else f"give {other} a health check, or wait for started"
                    ),
                    "healthcheck-missing",
                )
            if (
                condition == "completed"
                and target is not None
                and target.container.restart in ENDLESS
                and not isinstance(target, Job)
            ):
                yield project.finding(
                    ("services", name, "depends_on", other),
                    f"{name} waits until {other} has ended, and {other} is started again whenever it ends",
                    f'give {other} kind: job, or container: {{restart: "no"}}',
                    "dependency-endless",
                )
