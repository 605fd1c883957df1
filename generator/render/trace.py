"""Trace generated lines to lines of templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.layers.override import Override
from generator.model.artefacts import DOCKERFILE, Artefact
from generator.model.project import Project
from generator.render.confined import MARK, job_of, results
from generator.render.marking import Place, lines_of, marking_environment
from generator.render.view_builder import project_view


def trace(
    project: Project, service: str, artefact: Artefact, overrides: Sequence[Override] = ()
) -> Iterator[tuple[str, list[Place]]]:
    """Yield each line of a generated file of `service`, with the lines of templates that made it.

    `overrides` are the templates that presets have for its Dockerfile.

    Raises:
        SpecError: a template of a preset is malformed, or fails.
    """
    environment = marking_environment()
    item = next(item for item in project_view(project).services if item.name == service)
    if not overrides or artefact is not DOCKERFILE:
        yield from lines_of(environment.get_template(artefact.template).render(item=item))
        return
    for line, places in results(MARK, [job_of(item, overrides)], environment)[service]:
        yield line, [Place(*place) for place in places]
