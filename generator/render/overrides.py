"""Templates of presets, stacked on ours: checked before they are used, and rendered in the same sandbox.

All of this happens in a process of its own (`generator.text.confined`), and `generator.render.confined` asks for it.
Each template extends our template of the runtime by its path; where several presets have one, each extends the one
before it.
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from jinja2 import Template, TemplateSyntaxError, nodes

from generator.layers.override import Override
from generator.render.environment import Stacked, StackingEnvironment, make_sandbox
from generator.text.confined import short_of_memory
from generator.text.errors import Finding, Location, SpecError
from generator.text.printing import BIDIRECTIONAL
from generator.text.processes import size

MAX_TEXT = 1_000_000
"""Characters of a Dockerfile that a template may write."""
_SHOWN = 500
"""Characters of an error that are repeated: a template can make it as long as it likes."""

_RUNTIME = re.compile(r"^FROM\s.*\sAS\s+runtime\s*$", re.IGNORECASE | re.MULTILINE)
_UNENCODABLE = re.compile("[\ud800-\udfff]")
# What may stand beside blocks: it writes nothing by itself.
_SILENT = (nodes.Extends, nodes.Block, nodes.Import, nodes.FromImport, nodes.Macro, nodes.Assign, nodes.AssignBlock)


class Job(NamedTuple):
    """A Dockerfile to be made of templates of presets, lowest first; `service` and `view` are what templates see."""

    name: str
    runtime: str
    service: Mapping[str, Any]
    view: Mapping[str, Any]
    overrides: Sequence[Override]


def ours(runtime: str) -> str:
    """Return the path of our template of a runtime, which those of presets extend."""
    return f"templates/dockerfile/{runtime}.jinja"


def stack(environment: StackingEnvironment, runtime: str, overrides: Sequence[Override]) -> Template:
    """Stack `overrides`, lowest first, on the template of a runtime.

    Raises:
        SpecError: one of them is not Jinja, does not extend ours, or has a part that would never be written.
    """
    name, stacked = ours(runtime), environment.loader.stacked
    for override in overrides:
        # The name stands for the content: the environment remembers what it has compiled by name.
        digest = hashlib.sha256("\0".join((name, override.file, override.text)).encode()).hexdigest()
        upper = f"{override.file}#{digest}"
        if upper not in stacked:
            _check(environment, runtime, override, _blocks(environment, name))
            stacked[upper] = Stacked(override.file, override.text, name, ours(runtime))
        name = upper
    return environment.get_template(name)


def file_of(template: str) -> str:
    """Return the file of a template, stacked or ours, by its name."""
    return template.partition("#")[0]


def render_stacked(environment: StackingEnvironment, job: Job) -> str:
    """Render the Dockerfile of a service.

    Raises:
        SpecError: a template of a preset is malformed, or fails.
    """
    template = stack(environment, job.runtime, job.overrides)
    # Copies: whatever a template does to the values, no other file sees it.
    service, view = copy.deepcopy((job.service, job.view))
    try:
        return template.render(service=service, view=view)
    except Exception as error:  # a template can call methods of texts, which fail in ways of their own
        place = _place(error, job.overrides) or Location(file=job.overrides[-1].file)
        if isinstance(error, MemoryError):
            raise stopped(place, job.name, short_of_memory()) from None
        fix = "correct the template; the values of a service are in docs/spec.md"
        words = re.sub(r"#[0-9a-f]{64}| in search path: .*", "", str(error) or type(error).__name__)[:_SHOWN]
        raise SpecError.at(place, f"cannot be rendered for {job.name}: {words}", fix, code="template-failed") from None


def stopped(place: Location, name: str, limit: str) -> SpecError:
    """Make the error of a template that has reached `limit`, a verb phrase, for the service `name`."""
    message = f"cannot be rendered for {name}: it {limit}"
    return SpecError.at(place, message, "simplify the template", code="limit-reached")


def render_one(job: Job) -> str:
    """Render the Dockerfile of a service, and check what has come out. Raises SpecError where it cannot be used."""
    text = render_stacked(make_sandbox(), job)
    refuse_unbuildable(text, job.name, job.overrides)
    return text


def refuse_unbuildable(text: str, name: str, overrides: Sequence[Override]) -> None:
    """Check what a stack of templates has made of the Dockerfile of the service `name`.

    Raises:
        SpecError: it leaves no stage that Compose could build, or has text that reads as something else than it is.
    """
    if len(text) > MAX_TEXT:
        raise stopped(Location(file=overrides[-1].file), name, f"writes more than {size(MAX_TEXT)}")
    if not _RUNTIME.search(text):
        place, fix = Location(file=overrides[-1].file), "keep FROM … AS runtime, as {{ super() }} gives it"
        raise SpecError.at(place, f"leaves {name} without a stage runtime", fix, code="stage-missing")
    if wrong := _UNENCODABLE.search(text):
        message = f"gives {name} the character U+{ord(wrong[0]):04X}, which is only a half of one"
        raise SpecError.at(Location(file=overrides[-1].file), message, "remove it", code="template-failed")
    if not BIDIRECTIONAL.isdisjoint(text):
        character = next(one for one in text if one in BIDIRECTIONAL)
        message = f"gives {name} the character U+{ord(character):04X}, which changes the direction of text"
        raise SpecError.at(Location(file=overrides[-1].file), message, "remove it", code="template-failed")


def _blocks(environment: StackingEnvironment, name: str) -> set[str]:
    """Return the names of the blocks of a template and of those that it extends."""
    tree = environment.parse(environment.loader.get_source(environment, name)[0], name)
    found = {block.name for block in tree.find_all(nodes.Block)}
    for extends in tree.find_all(nodes.Extends):
        found |= _blocks(environment, environment.join_path(str(extends.template.as_const()), name))
    return found


def _check(environment: StackingEnvironment, runtime: str, override: Override, known: set[str]) -> None:
    """Refuse a malformed template, and parts that would never be written; `known` are the blocks below it."""
    tree = _parsed(environment, override)
    problems = [*_unwritten(override, tree, known)]
    extended = [node for node in tree.body if isinstance(node, nodes.Extends)]
    if not extended or not all(_means(node.template, ours(runtime)) for node in extended):
        problems.append(
            Finding(
                location=Location(file=override.file, line=extended[0].lineno if extended else 1, column=1),
                message=f"does not extend the template of {runtime}",
                fix=f"begin with {{% extends '{ours(runtime)}' %}}",
                code="template-not-extending",
            )
        )
    if problems:
        raise SpecError(*sorted(problems))


def _parsed(environment: StackingEnvironment, override: Override) -> nodes.Template:
    """Parse a template. Raises SpecError where it is malformed."""
    try:
        tree = environment.parse(override.text, filename=override.file)
        # Only compiling finds blocks that are given twice, and unknown filters.
        environment.compile(override.text, filename=override.file)
    except TemplateSyntaxError as error:
        place = Location(file=override.file, line=error.lineno, column=1)
        message, fix = f"is no Jinja template: {(error.message or '')[:_SHOWN]}", "correct it at this place"
    except Exception as error:  # too many parentheses, a constant that fails
        place = Location(file=override.file)
        message, fix = (
            f"is no usable Jinja template: {(str(error) or type(error).__name__)[:_SHOWN]}",
            "simplify its expressions",
        )
    else:
        return tree
    raise SpecError.at(place, message, fix, code="template-malformed")


def _means(expression: nodes.Expr, name: str) -> bool:
    return isinstance(expression, nodes.Const) and expression.value == name


def _unwritten(override: Override, tree: nodes.Template, known: set[str]) -> Iterator[Finding]:
    """Find what Jinja would drop silently: blocks that no template below has, and text outside of blocks."""
    for node in tree.body:
        place = Location(file=override.file, line=node.lineno, column=1)
        if isinstance(node, nodes.Block) and node.name not in known:
            fix = f"use one of {', '.join(get_close_matches(node.name, known, n=3) or sorted(known))}"
            yield Finding(location=place, message=f"there is no block {node.name!r}", fix=fix, code="block-unknown")
        elif isinstance(node, nodes.Output):
            yield from _beside(override, node)
        elif not isinstance(node, _SILENT):
            yield _outside(place)


def _beside(override: Override, output: nodes.Output) -> Iterator[Finding]:
    for node in output.nodes:
        if not isinstance(node, nodes.TemplateData) or node.data.strip():
            blank = (
                node.data[: len(node.data) - len(node.data.lstrip())] if isinstance(node, nodes.TemplateData) else ""
            )
            place = Location(file=override.file, line=node.lineno + blank.count("\n"), column=1)
            yield _outside(place)
            return


def _outside(place: Location) -> Finding:
    message, fix = "stands in no block, so it is never written", "move it into one"
    return Finding(location=place, message=message, fix=fix, code="text-outside-block")


def _place(error: BaseException, overrides: Sequence[Override]) -> Location | None:
    """Return the innermost line of a preset's template in the traceback of an error; None without one."""
    files, found = {override.file for override in overrides}, None
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename in files:
            found = Location(file=step.tb_frame.f_code.co_filename, line=step.tb_lineno, column=1)
        step = step.tb_next
    return found
