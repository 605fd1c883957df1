"""A Jinja environment set up as Copier sets up its own, so that both give the same bytes from one tree."""

from __future__ import annotations

import json
from functools import cache

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.sandbox import SandboxedEnvironment

from generator import assets


@cache
def make_environment(*extensions: type[Extension]) -> SandboxedEnvironment:
    """The one environment of the process with these `extensions`, so that a template compiles once.

    Its options repeat `_envops` of copier.yml, which a test compares. It has fewer filters
    than Copier and no other ones: the two that are not Jinja's own are the standard library's.
    """
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(assets.ROOT),
        extensions=extensions,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.filters["to_json"] = json.dumps
    environment.filters["from_json"] = json.loads
    return environment
