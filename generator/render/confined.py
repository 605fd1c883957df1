"""Have templates of presets rendered in a process of its own, and say where one has reached a limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinja2 import nodes

from generator.layers.override import Override
from generator.render.environment import StackingEnvironment
from generator.render.overrides import Job, stopped
from generator.render.view import Item, as_data
from generator.text.confined import Outcome, confined
from generator.text.errors import Findings, Location

RENDER = "generator.render.overrides:render_one"
MARK = "generator.render.marking:mark_one"


def job_of(item: Item, overrides: Sequence[Override]) -> Job:
    """Return what the process has to know about a service and the templates that its presets have for it."""
    runtime = item.service["runtime"]
    return Job(item.name, runtime, item.service, as_data(item.view), tuple(overrides))


def results(function: str, jobs: Sequence[Job], environment: StackingEnvironment) -> dict[str, Any]:
    """Call `function`, which compiles with `environment`, for each of `jobs`; return what it gives, by service.

    Raises:
        SpecError: with everything that is wrong with templates, and the one that has reached a limit.
    """
    findings, found = Findings(), dict[str, Any]()
    for job, outcome in zip(jobs, confined(function, jobs), strict=True):
        findings.add(outcome.findings)
        if outcome.state == "done":
            found[job.name] = outcome.value
        elif outcome.state == "stopped":
            findings.add(stopped(_place(outcome, job, environment), job.name, outcome.limit).findings)
    findings.refuse()
    return found


def _place(outcome: Outcome, job: Job, environment: StackingEnvironment) -> Location:
    """Return the innermost line of a preset's template that was running; the upper template where none is known."""
    for file, line in outcome.frames:
        for override in job.overrides:
            # Python writes the names of files in ASCII there, and cuts long ones.
            if file and override.file.encode("ascii", "backslashreplace").decode().startswith(file.removesuffix("...")):
                return Location(file=override.file, line=_line(environment, override, line), column=1)
    return Location(file=job.overrides[-1].file)


def _line(environment: StackingEnvironment, override: Override, compiled: int) -> int:
    """Return the line of a template that a line of its compiled form comes from. It has been compiled before.

    None (0) is known where it only hands on what another one writes, at its `extends`.
    """
    code = environment.compile(override.text, filename=override.file)
    template = environment.template_class.from_code(environment, code, {})
    line = template.get_corresponding_lineno(compiled)
    extends = environment.parse(override.text).find_all(nodes.Extends)
    return 0 if any(node.lineno == line for node in extends) else line
