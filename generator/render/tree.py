"""The files that a project has: the very templates that `copier copy` renders, without Copier's half second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from generator.layers.overrides import Override
from generator.model.artefacts import ARTEFACTS, DOCKERFILE, in_folder
from generator.model.project import Project
from generator.render.environment import make_environment
from generator.render.overrides import refuse_unbuildable, render_stacked, stack
from generator.render.view import as_data
from generator.render.view_builder import project_view
from generator.text.errors import Findings

Data = dict[str, Any]
Overrides = Mapping[str, Sequence[Override]]


def context(project: Project) -> Data:
    """Give what the templates of a project are rendered from: plain data, which JSON can hold.

    `project` is its view, and `built` has the item of each service with a Dockerfile: `path`, `service` and `view`.
    """
    data = as_data(project_view(project))
    return {"project": data, "built": [item for item in data["services"] if item["path"] is not None]}


def render(project: Project, overrides: Overrides | None = None) -> dict[str, str]:
    """Render every generated file of the project, as {path below the repository: text}.

    `overrides` are the templates of presets, by service, lowest first; without one, ours stand as they are.

    Raises:
        SpecError: with every template of a preset that is malformed, or fails.
    """
    return render_data(context(project), overrides)


def render_data(data: Data, overrides: Overrides | None = None) -> dict[str, str]:
    """Give what `render` gives, from the `context` of a project."""
    environment, findings, files = make_environment(), Findings(), dict[str, str]()
    for artefact in ARTEFACTS:
        template = environment.get_template(artefact.template)
        if not artefact.of_service:
            files[artefact.name] = template.render(data)
            continue
        for item in data["built"]:
            path = in_folder(item["path"], artefact.name)
            stacked = (overrides or {}).get(item["name"]) if artefact is DOCKERFILE else None
            with findings.collecting():
                files[path] = _overridden(item, stacked) if stacked else template.render(**data, item=item)
    findings.refuse()
    return files


def _overridden(item: Data, overrides: Sequence[Override]) -> str:
    text = render_stacked(stack(make_environment(), item["service"]["runtime"], overrides), item, overrides)
    refuse_unbuildable(text, item["name"], overrides)
    return text
