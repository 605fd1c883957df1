"""The files that a project has: the very templates that `copier copy` renders, without Copier's half second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from generator.layers.templates import Override
from generator.model.project import Project
from generator.render.environment import make_environment
from generator.render.overrides import refuse_unbuildable, render_stacked, stack
from generator.render.view import as_data
from generator.render.view_builder import project_view

_PROJECT = "templates/project/"
SERVICE_TEMPLATE = _PROJECT + "{% yield item from built %}{{ item.path }}{% endyield %}/"

# What the command owns. Copier writes these once, with the spec, and never again (`_exclude` in copier.yml).
PROJECT_FILES = ("compose.yaml",)
_DOCKERFILE = "Dockerfile"
SERVICE_FILES = (_DOCKERFILE, "Dockerfile.dockerignore")

Data = dict[str, Any]


def context(project: Project) -> Data:
    """What the templates of a project are rendered from: plain data, which JSON can hold.

    `project` is its view, and `built` has the item of each service with a Dockerfile: `path`, `service` and `view`.
    """
    data = as_data(project_view(project))
    return {"project": data, "built": [item for item in data["services"] if item["path"] is not None]}


def paths(values: Data) -> list[str]:
    """The path of every generated file of the resolved project, valid or not."""
    built = [service["path"] for service in values["services"].values() if "runtime" in service]
    return [*PROJECT_FILES, *(_join(path, name) for name in SERVICE_FILES for path in built)]


def render(project: Project, templates: Mapping[str, Sequence[Override]] | None = None) -> dict[str, str]:
    """Every generated file of the project, as {path below the repository: text}.

    `templates` are those of presets, by service, lowest first; without one, ours stand as they are.

    Raises:
        SpecError: a template of a preset is malformed, or fails.
    """
    return render_data(context(project), templates)


def render_data(data: Data, templates: Mapping[str, Sequence[Override]] | None = None) -> dict[str, str]:
    """What `render` gives, from the `context` of a project."""
    environment = make_environment()
    files = {name: environment.get_template(f"{_PROJECT}{name}.jinja").render(data) for name in PROJECT_FILES}
    for name in SERVICE_FILES:
        template = environment.get_template(f"{SERVICE_TEMPLATE}{name}.jinja")
        for item in data["built"]:
            files[_join(item["path"], name)] = template.render(**data, item=item)
    for item in data["built"]:
        if overrides := (templates or {}).get(item["name"]):
            files[_join(item["path"], _DOCKERFILE)] = _overridden(item, overrides)
    return files


def _overridden(item: Data, overrides: Sequence[Override]) -> str:
    text = render_stacked(stack(make_environment(), item["service"]["runtime"], overrides), item, overrides)
    refuse_unbuildable(text, item["name"], overrides)
    return text


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"
