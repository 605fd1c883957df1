"""Keys that a service can have: a lock on an unknown key would protect nothing."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from generator.model.images import ExistingImage, SharedImage, WrittenImage
from generator.model.project import ROLES, RUNTIMES
from generator.model.types import Model

# Not in the models: what is resolved before them.
_BESIDE = ("presets", "fragments", "templates")


def nearest(key: str) -> list[str] | None:
    """Return keys like the first unknown part of the dotted `key`; None if a service can have the key."""
    level: list[type[Model]] = [*ROLES.values(), *RUNTIMES.values(), ExistingImage, SharedImage, WrittenImage]
    steps = key.split(".")
    if steps[0] in _BESIDE:
        return None
    for index, step in enumerate(steps):
        fields = [(field.alias or name, field) for model in level for name, field in model.model_fields.items()]
        annotations = [field.annotation for name, field in fields if name == step]
        if not annotations:
            known = sorted({name for name, _ in fields})
            near = get_close_matches(step, known, n=3) or known
            return [".".join((*steps[:index], name)) for name in near]
        parts = [part for annotation in annotations for part in _parts(annotation)]
        if any(get_origin(part) is dict for part in parts):
            return None  # its keys are names
        level = [part for part in parts if isinstance(part, type) and issubclass(part, Model)]
        if not level:
            return None if index == len(steps) - 1 else [".".join(steps[: index + 1])]
    return None


def _parts(annotation: Any) -> Iterator[Any]:
    """Yield the parts of an annotation, except what is inside a mapping."""
    yield annotation
    if get_origin(annotation) is not dict:
        for part in get_args(annotation):
            yield from _parts(part)
