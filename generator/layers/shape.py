"""Sections that a preset can have, and their shapes. The models check what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.layers.fragments import REFUSED
from generator.model.names import RUNTIMES
from generator.sources.relative import is_relative
from generator.text.documents import Document
from generator.text.errors import Finding, SpecError

SECTIONS = (
    "description",
    "extends",
    "parameters",
    "networks",
    "bake",
    "cache",
    "defaults",
    "built",
    "runtimes",
    "managers",
    "frameworks",
    "schedulers",
    "kinds",
    "outputs",
    "fragments",
    "templates",
    "policy",
)
_NESTED = ("runtimes", "managers", "frameworks", "schedulers", "kinds", "outputs", "fragments")


def checked(document: Document) -> Document:
    """Return the preset itself. Raises SpecError for unknown sections, and for sections of the wrong shape."""
    problems = [*_shape(document)]
    if problems:
        raise SpecError(*problems)
    return document


def _shape(document: Document) -> list[Finding]:
    found: list[Finding] = []
    for key, value in document.data.items():
        if key not in SECTIONS:
            fix = f"use one of {', '.join(SECTIONS)}"
            found.append(_at(document, (key,), f"{key!r} is not a section of a preset", fix))
        elif key == "description":
            continue
        elif key == "extends":
            if not isinstance(value, list):
                found.append(_at(document, (key,), "extends is not a list of names", "write extends: [hardened]"))
        elif not isinstance(value, dict):
            found.append(_at(document, (key,), f"{key} is not a mapping", "indent its values below it"))
        elif key in _NESTED:
            found.extend(_nested(document, key, value))
    return found or [*_refused(document), *_no_templates(document)]


def _nested(document: Document, section: str, value: dict[Any, Any]) -> list[Finding]:
    return [
        _at(document, (section, name), f"{section}.{name} is not a mapping", "indent its values below it")
        for name, part in value.items()
        if not isinstance(part, dict)
    ]


def _refused(document: Document) -> list[Finding]:
    """Find keys of fragments that decide which sections apply, or where the service is."""
    fix = "leave it to the service, or to another section"
    return [
        _at(document, ("fragments", name, key), f"{key} cannot stand in a fragment", fix)
        for name, part in document.data.get("fragments", {}).items()
        for key in REFUSED
        if key in part
    ]


def _no_templates(document: Document) -> Iterator[Finding]:
    """Find entries of `templates` that do not name a file for a runtime."""
    for runtime, file in document.data.get("templates", {}).items():
        path = ("templates", runtime)
        if runtime not in RUNTIMES:
            fix = f"use one of {', '.join(RUNTIMES)}"
            yield _at(document, path, f"templates.{runtime} is not a runtime", fix)
        elif not isinstance(file, str) or not is_relative(file):
            message = f"templates.{runtime}: {file!r} is not a file beside the preset"
            yield _at(document, path, message, f"write its path from here, as ./{runtime}.jinja")


def _at(document: Document, path: tuple[str, ...], message: str, fix: str) -> Finding:
    return Finding(location=document.locate(path), message=message, fix=fix, code="preset-malformed")
