"""The files that a project has: the very templates that `copier copy` renders, without Copier's half second."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from jinja2 import Environment

from generator.layers.override import Override
from generator.model.artefacts import ARTEFACTS, DOCKERFILE, IGNORE_FILE, in_folder, in_root
from generator.model.images import WrittenImage
from generator.model.project import Project
from generator.render.confined import RENDER, job_of, results
from generator.render.environment import make_environment, make_sandbox
from generator.render.view_builder import project_view, secret_files
from generator.render.view_paths import written_paths

Overrides = Mapping[str, Sequence[Override]]


def render(project: Project, overrides: Overrides | None = None) -> dict[str, str]:
    """Render every generated file of the project, as {path below the repository: text}.

    `overrides` are the templates of presets, by service, lowest first; without one, ours stand as they are.

    Raises:
        SpecError: with every template of a preset that is malformed, or fails.
    """
    environment, files = make_environment(), dict[str, str]()
    view = project_view(project)
    built = deque(item for item in view.services if item.path is not None)
    stacks = {name: stack for name, stack in (overrides or {}).items() if stack}
    jobs = [job_of(item, stacks[item.name]) for item in built if item.name in stacks]
    of_presets = results(RENDER, jobs, make_sandbox()) if jobs else {}
    for name, artefact in in_root(project.switches, project.compose_file).items():
        files[name] = environment.get_template(artefact.template).render(project=view, built=built)
    del view, jobs  # a view is larger than the texts of its service: none is kept longer than needed
    while built:
        item = built.popleft()
        for artefact in ARTEFACTS:
            if artefact.of_service:
                path = in_folder(str(item.path), artefact.named(item.dockerfile))
                stacked = artefact is DOCKERFILE and item.name in of_presets
                template = environment.get_template(artefact.template)
                files[path] = of_presets[item.name] if stacked else template.render(item=item)
    return files | _ignore_files(project, environment)


def _ignore_files(project: Project, environment: Environment) -> dict[str, str]:
    """Render the ignore files beside Dockerfiles that the team writes, where the spec says what they are sent."""
    template, secrets = environment.get_template(IGNORE_FILE.template), secret_files(project)
    return {
        in_folder(service.path, IGNORE_FILE.named(service.dockerfile)): template.render(
            item={"view": {"paths": written_paths(service, secrets)}}
        )
        for service in project.from_dockerfiles()
        if isinstance(service, WrittenImage) and service.sources is not None
    }
