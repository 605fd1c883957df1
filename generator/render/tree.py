"""The files that a project has: the very templates that `copier copy` renders, without Copier's half second."""

from __future__ import annotations

from typing import Any

from generator.render.environment import make_environment

_PROJECT = "templates/project/"
SERVICE_TEMPLATE = _PROJECT + "{% yield service from built %}{{ service.path }}{% endyield %}/"

# What the command owns. Copier writes these once, with the spec, and never again (`_exclude` in copier.yml).
PROJECT_FILES = ("compose.yaml",)
SERVICE_FILES = ("Dockerfile", "Dockerfile.dockerignore")


def built(values: dict[str, Any]) -> list[dict[str, Any]]:
    """The services that have a Dockerfile, in the order of the spec."""
    return [service for service in values["services"].values() if "runtime" in service]


def paths(values: dict[str, Any]) -> list[str]:
    """The path of every generated file of the resolved project."""
    return [*PROJECT_FILES, *(_join(service["path"], name) for name in SERVICE_FILES for service in built(values))]


def render(values: dict[str, Any]) -> dict[str, str]:
    """Every generated file of the resolved project, as {path below the repository: text}."""
    environment = make_environment()
    services = built(values)
    context = {"resolved": values, "built": services}
    files = {name: environment.get_template(f"{_PROJECT}{name}.jinja").render(context) for name in PROJECT_FILES}
    for name in SERVICE_FILES:
        template = environment.get_template(f"{SERVICE_TEMPLATE}{name}.jinja")
        for service in services:
            files[_join(service["path"], name)] = template.render(**context, service=service)
    return files


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"
