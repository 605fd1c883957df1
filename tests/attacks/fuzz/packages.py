"""Repositories of every package manager, with one or two files that are not as they should be."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.attacks.fuzz.forms import changed, with_lines_again, written
from tests.attacks.fuzz.node_packages import NODE
from tests.attacks.fuzz.nodes import mutated
from tests.attacks.fuzz.path_packages import BY_PATH
from tests.attacks.fuzz.python_packages import PYTHON
from tests.attacks.fuzz.seed import Seed

SEEDS: dict[str, Seed] = {**PYTHON, **NODE, **BY_PATH}


class Changes(NamedTuple):
    """A repository of SEEDS by its name, and other contents of some of its files."""

    seed: str
    files: dict[str, bytes]


@st.composite
def package_changes(draw: DrawFn) -> Changes:
    """Draw a repository of one package manager with one or two files that are not as they should be."""
    name = draw(st.sampled_from([*SEEDS]))
    files = SEEDS[name].all
    read = [path for path in files if not path.endswith((".py", ".ts", ".md", ".patch"))]
    paths = draw(st.lists(st.sampled_from(read), min_size=1, max_size=2, unique=True))
    return Changes(name, {path: draw(_changed_file(path, files[path])) for path in paths})


@st.composite
def _changed_file(draw: DrawFn, path: str, data: Any) -> bytes:
    how = draw(st.integers(0, 9))
    if how < 2:
        return draw(changed(written(path, data)))
    content = written(path, draw(mutated(data)))
    return draw(with_lines_again(content)) if how == 2 else content
