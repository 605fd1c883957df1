"""The files that a project has: the very templates that `copier copy` renders, without Copier's half second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from generator.layers.overrides import Override
from generator.layers.resolve import Resolved
from generator.model.project import Project
from generator.render.environment import make_environment

_PROJECT = "templates/project/"
SERVICE_TEMPLATE = _PROJECT + "{% yield service from built %}{{ service.path }}{% endyield %}/"

# What the command owns. Copier writes these once, with the spec, and never again (`_exclude` in copier.yml).
PROJECT_FILES = ("compose.yaml",)
_DOCKERFILE = "Dockerfile"
SERVICE_FILES = (_DOCKERFILE, "Dockerfile.dockerignore")


def built(values: dict[str, Any]) -> list[dict[str, Any]]:
    """The services that have a Dockerfile, in the order of the spec."""
    return [service for service in values["services"].values() if "runtime" in service]


def paths(values: dict[str, Any]) -> list[str]:
    """The path of every generated file of the resolved project."""
    return [*PROJECT_FILES, *(_join(service["path"], name) for name in SERVICE_FILES for service in built(values))]


def render(resolved: Resolved, project: Project) -> dict[str, str]:
    """Render every file."""
    values = {
        **resolved.project.values,
        "services": {n: {"name": n, **s.values} for n, s in resolved.services.items()},
    }
    return render_values(values, {n: s.overrides for n, s in resolved.services.items() if s.overrides})


def render_values(values: dict[str, Any], templates: Mapping[str, Sequence[Override]] | None = None) -> dict[str, str]:
    """Every generated file of the resolved project, as {path below the repository: text}.

    `templates` are those of presets, by service, lowest first; without one, ours stand as they are.

    Raises:
        SpecError: a template of a preset is malformed, or fails.
    """
    environment = make_environment()
    services = built(values)
    context = {"resolved": values, "built": services}
    files = {name: environment.get_template(f"{_PROJECT}{name}.jinja").render(context) for name in PROJECT_FILES}
    for name in SERVICE_FILES:
        template = environment.get_template(f"{SERVICE_TEMPLATE}{name}.jinja")
        for service in services:
            files[_join(service["path"], name)] = template.render(**context, service=service)
    for service in services:
        if overrides := (templates or {}).get(service["name"]):
            files[_join(service["path"], _DOCKERFILE)] = _overridden(service, overrides)
    return files


def _overridden(service: dict[str, Any], overrides: Sequence[Override]) -> str:
    # Imported here: few presets have templates.
    from generator.render.overrides import refuse_unbuildable, render_stacked, stack

    text = render_stacked(stack(make_environment(), service["runtime"], overrides), service, overrides)
    refuse_unbuildable(text, service["name"], overrides)
    return text


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"
