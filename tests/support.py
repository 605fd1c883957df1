"""What several tests do: resolve and render a spec that is given as a mapping, and run the command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from generator.checks import rules
from generator.checks.validate import validate
from generator.layers.library import Library
from generator.layers.resolve import Resolved, resolve
from generator.model.project import Project
from generator.pipeline import load
from generator.render.tree import render
from generator.text.documents import parse

Values = dict[str, Any]

HERE = Path(__file__).parent
CASES = HERE / "cases"
INVALID = HERE / "invalid"


def case_names() -> list[str]:
    """The golden cases: every folder of tests/cases with a spec."""
    return sorted(file.parent.name for file in CASES.glob("*/services.yaml"))


def loaded(spec: Values, root: Path = HERE) -> tuple[Resolved, Project]:
    """The resolved project of `spec` and its model, checked by every rule, as `generator.pipeline.load` does."""
    resolved = resolve(parse(yaml.safe_dump(spec, sort_keys=False), "services.yaml"), Library(root))
    project = validate(resolved)
    rules.check(project, resolved)
    return resolved, project


def project_of(name: str) -> tuple[Resolved, Project]:
    """The resolved project of a golden case, and its model."""
    resolved = load(CASES / name, "services.yaml")
    return resolved, validate(resolved)


def rendered(spec: Values) -> dict[str, str]:
    """Every generated file of `spec`."""
    return render(loaded(spec)[1])


def snapshot(root: Path) -> dict[str, bytes]:
    """Every file below `root` with its content."""
    return {str(file.relative_to(root)): file.read_bytes() for file in sorted(root.rglob("*")) if file.is_file()}
