"""No secret by name in ENV or in the probe: everybody who has the image could read it."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.images import OwnImage
from generator.model.project import Project
from generator.text.errors import Finding
from generator.text.secret_names import sounds_secret


def secrets_in_env(project: Project) -> Iterator[Finding]:
    """Find variables of the image whose name says that the value is a secret."""
    for service in project.built():
        own: list[tuple[tuple[str, ...], str]] = [(("env",), name) for name in service.env]
        for point, steps in service.steps.items():
            for step, said in steps.items():
                own += [(("steps", point, step, "env"), name) for name in said.env or {}]
        for place, name in own:
            if sounds_secret(name):
                yield project.finding(
                    ("services", service.name, *place, name),
                    f"{service.name} would carry {name} in its image, and the name says it is a secret",
                    "set it at run time under environment, or mount it under secrets",
                    "secret-in-env",
                )
        yield from _in_probe(project, service)


def _in_probe(project: Project, service: OwnImage) -> Iterator[Finding]:
    for name in (service.healthcheck.headers or {}) if service.healthcheck is not None else ():
        if sounds_secret(name) or name.lower() == "cookie":
            yield project.finding(
                ("services", service.name, "healthcheck", "headers", name),
                f"{service.name} would carry the header {name} in its image, and the name says it is a secret",
                "remove it, and name a path under http that needs no login",
                "secret-in-env",
            )
