"""What the steps of a service say. The values need not be valid: what has another type than it should is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.text.files import dig, mapping


def each_step(values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the steps of every point, in the values of a service."""
    for point in mapping(values, "steps").values():
        yield from (mapping(step) for step in mapping(point).values())


def commands(values: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Yield the commands that the steps run, each as its words."""
    for step in each_step(values):
        run = dig(step, "run")
        yield from (command for command in (run if isinstance(run, list) else ()) if isinstance(command, list))
