"""Jinja environments set up as Copier sets up its own, so that both give the same bytes from one tree."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, MutableMapping
from functools import cache
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateNotFound, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.ext import Extension
from jinja2.loaders import split_template_path
from jinja2.sandbox import SandboxedEnvironment

from generator.text import assets


class Stacked(NamedTuple):
    """A template that lies on another one, which it extends by the name of `ours`, whatever `below` is."""

    file: str
    text: str
    below: str
    ours: str


class Templates(FileSystemLoader):
    """Our templates by their paths below `templates/`, and those of presets by the names under which they were stacked.

    Nothing else is read: in a checkout of the tool, its root has files that are no templates, as `.git/config`.
    """

    def __init__(self) -> None:
        """Create a loader without stacked templates."""
        super().__init__(assets.ROOT)
        self.stacked: dict[str, Stacked] = {}

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return the text of a template and its file. Raises TemplateNotFound for what is no template."""
        if template in self.stacked:
            found = self.stacked[template]
            return found.text, found.file, lambda: True
        if split_template_path(template)[:1] != ["templates"]:
            raise TemplateNotFound(template, f"{template!r} not found")
        return super().get_source(environment, template)


class _SharedModules(Template):
    """A template that is run once for each service, whichever templates import it with their context.

    They all have `service` and `view` from the Dockerfile, and what is imported uses nothing else of theirs.
    """

    _made: tuple[object, TemplateModule] | None = None

    def make_module(
        self,
        vars: dict[str, Any] | None = None,  # noqa: A002  # as Jinja names them
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,  # noqa: A002
    ) -> TemplateModule:
        """Return what the template defines, for the service of `vars`."""
        view = (vars or {}).get("view")
        if self._made is None or self._made[0] is not view or view is None:
            self._made = view, super().make_module(vars, shared, locals)
        return self._made[1]


class _PlainGlobals(Environment):
    """An environment that copies its globals for each template: Jinja's chain of them is slow in imports."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what every template knows, and `d` above it."""
        return {**self.globals, **(d or {})}


class _Unfolded(CodeGenerator):
    """Compiles without computing constants: what is slow or fails then has a line, as everything that runs has."""

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)


class StackingEnvironment(_PlainGlobals, SandboxedEnvironment):
    """Jinja's sandbox, in which a stacked template that extends ours gets what lies below it."""

    loader: Templates
    code_generator_class = _Unfolded

    def join_path(self, template: str, parent: str) -> str:
        """Return the template that `parent` means by the name `template`."""
        upper = self.loader.stacked.get(parent)
        return upper.below if upper is not None and template == upper.ours else template


@cache
def make_environment() -> Environment:
    """Give the one environment of the process for our own templates, in which each of them compiles once.

    They are code like ours, so they need no sandbox, which asks twice before it reads an attribute.
    """
    environment = _PlainGlobals(loader=Templates(), **_OPTIONS)
    environment.template_class = _SharedModules
    return _prepared(environment)


@cache
def make_sandbox(*extensions: type[Extension]) -> StackingEnvironment:
    """Give the one environment of the process with these `extensions` for templates of presets, stacked on ours."""
    environment = StackingEnvironment(loader=Templates(), extensions=extensions, optimized=False, **_OPTIONS)
    _prepared(environment)
    return environment


# They repeat `_envops` of copier.yml, which a test compares. There are fewer filters than in Copier and no other ones:
# the one that is not Jinja's own is the standard library's.
_OPTIONS: dict[str, Any] = {
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "auto_reload": False,
    "cache_size": -1,
}


def _prepared(environment: Environment) -> Environment:
    environment.filters["to_json"] = json.dumps
    return environment
