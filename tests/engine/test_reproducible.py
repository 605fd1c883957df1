"""Two builds of one commit without a cache have the same files with the same contents."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .harness import Engine


@pytest.mark.parametrize("service", ["api", "jobs", "web"])
def test_two_builds_are_identical(engine: Engine, shop: Path, tag: Callable[[str], str], service: str) -> None:
    """Every file has the same path, mode and content, including compiled Python files and package metadata."""
    builds = []
    for name in ("first", "second"):
        build = engine.build(shop / "services" / service, tag=tag(name), no_cache=True)
        assert not [step for step in build.matching("RUN") if step.cached]
        builds.append(engine.files_of_image(build.tag))
    first, second = builds
    assert len(first) > 1000
    assert {path for path in first | second if first.get(path) != second.get(path)} == set()
