"""The files that a project has: the very templates that `copier copy` renders, without Copier's half second."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from generator.layers.overrides import Override
from generator.model.artefacts import ARTEFACTS, DOCKERFILE, in_folder
from generator.model.project import Project
from generator.render.environment import make_environment, make_sandbox
from generator.render.overrides import refuse_unbuildable, render_stacked, stack
from generator.render.view import Item
from generator.render.view_builder import project_view
from generator.text.errors import Findings

Overrides = Mapping[str, Sequence[Override]]


def render(project: Project, overrides: Overrides | None = None) -> dict[str, str]:
    """Render every generated file of the project, as {path below the repository: text}.

    `overrides` are the templates of presets, by service, lowest first; without one, ours stand as they are.

    Raises:
        SpecError: with every template of a preset that is malformed, or fails.
    """
    environment, findings, files = make_environment(), Findings(), dict[str, str]()
    view = project_view(project)
    built = deque(item for item in view.services if item.path is not None)
    for artefact in ARTEFACTS:
        if not artefact.of_service:
            files[artefact.name] = environment.get_template(artefact.template).render(project=view, built=built)
    del view  # a view is larger than the texts of its service: none is kept longer than needed
    while built:
        item = built.popleft()
        for artefact in ARTEFACTS:
            if artefact.of_service:
                path = in_folder(str(item.path), artefact.name)
                stacked = (overrides or {}).get(item.name) if artefact is DOCKERFILE else None
                template = environment.get_template(artefact.template)
                with findings.collecting():
                    files[path] = _overridden(item, stacked) if stacked else template.render(item=item)
    findings.refuse()
    return files


def _overridden(item: Item, overrides: Sequence[Override]) -> str:
    text = render_stacked(stack(make_sandbox(), item.service["runtime"], overrides), item, overrides)
    refuse_unbuildable(text, item.name, overrides)
    return text
