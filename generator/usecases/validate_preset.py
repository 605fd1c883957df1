"""Validate a preset, for its authors: render a service of every kind with it, and compare its cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from generator.checks.decisions import decide_all
from generator.checks.policy_section import read_policy
from generator.checks.validate import validate
from generator.detect.managers import managers_of
from generator.layers.layer import InDocument
from generator.layers.library import Library
from generator.layers.parameters import examples
from generator.layers.preset_entry import entry_of
from generator.layers.resolve import resolve
from generator.model.names import RUNTIMES
from generator.output.compare import Change
from generator.pipeline import Checked, plan
from generator.sources.relative import is_relative
from generator.text.documents import Document, parse, read
from generator.text.errors import Finding, Findings, Location, SpecError

_ANY = "any"
_HTTP: dict[str, Any] = {"command": ["serve"], "ports": [8000]}


def sample_services() -> dict[str, dict[str, Any]]:
    """Return one service of every kind, runtime and package manager, by a name that says which."""
    services: dict[str, dict[str, Any]] = {}
    for runtime in RUNTIMES:
        kind = "python" if runtime == "python" else "node"
        for manager in managers_of(runtime):
            services[f"{runtime}-{manager}"] = {"kind": kind, "runtime": runtime, "manager": manager, **_HTTP}
        services[f"{runtime}-worker"] = {"kind": "worker", "runtime": runtime, "command": ["work"]}
    services["image"] = {"kind": "image", "image": {"name": "nginx", "tag": "1.29"}}
    return services


def check_preset(root: Path, name: str) -> int:
    """Resolve, validate, check and render each of `sample_services` with the preset `name`; return their number.

    Raises:
        SpecError: the preset is malformed, or a value in it does not fit a kind of service that it applies to.
    """
    library = Library(root)
    preset = library.load(name, Location(file=name))
    entry = {"preset": name, "with": examples(preset)}
    services = sample_services()
    problems = [problem for service in services.values() for problem in _problems(library, entry, service)]
    own = [document for other, document in library.loaded.items() if is_relative(other)]
    if wrong := decide_all((document, read_policy(document), {}) for document in own).findings:
        raise SpecError(*wrong)
    for fragment in dict.fromkeys(name for document in own for name in document.data.get("fragments", {})):
        # A fragment need not suit every kind of service, so the kind with the fewest problems counts.
        with_fragment = [{**service, "fragments": {fragment: True}} for service in services.values()]
        # It may rely on values that a service sets itself, so these samples are not checked as a whole.
        tries = [_problems(library, entry, service, whole=False) for service in with_fragment]
        fewest = min(tries, key=len)
        problems += fewest
    if problems:
        raise SpecError(*sorted(set(problems)))
    return len(services)


def _problems(library: Library, entry: dict[str, Any], service: dict[str, Any], *, whole: bool = True) -> list[Finding]:
    """Return the problems of one service that are in the preset's own files.

    `whole` also checks how the values of the service go together, and renders it.
    """
    text = yaml.safe_dump({"version": 1, "project": "check", "presets": [entry], "services": {_ANY: service}})
    resolved = resolve(spec := parse(text, "services.yaml"), library)
    own = {document.name for name, document in library.loaded.items() if is_relative(name)}
    own |= {override.file for one in resolved.services.values() for override in one.overrides}
    if not resolved.complete:
        raise SpecError(*resolved.findings)
    findings = Findings()
    findings.add(resolved.findings)
    with findings.collecting():
        if whole:
            Checked(resolved, for_author=True).render()
        else:
            findings.add(validate(resolved)[1])
    places = _examples(library, entry, spec)
    told = [replace(found, location=places.get(found.location, found.location)) for found in findings.errors]
    return [_without_service_name(finding) for finding in told if finding.location.file in own]


def _examples(library: Library, entry: dict[str, Any], spec: Document) -> dict[Location, Location]:
    """Map the place of each value that a sample gives a parameter to the example in the preset that it is."""
    preset = library.loaded[entry["preset"]]
    return {
        spec.locate(("presets", 0, "with", name)): preset.locate(("parameters", name, "example"))
        for name in entry["with"]
    }


def cases(root: Path, name: str) -> Iterator[tuple[Path, list[Change]]]:
    """Iterate over the cases of the preset file `name`: folders of `cases/` whose spec names it, with their changes.

    Raises:
        SpecError: a case is malformed, or breaks a policy.
    """
    file = f"./{Path(name).name}"
    for spec in sorted((root / "cases").glob("*/services.yaml")):
        document = read(spec, str(spec.relative_to(root)), fix="write it")
        entries = document.data.get("presets", [])
        if file in [entry_of(entry, InDocument(document, ("presets", at))).name for at, entry in enumerate(entries)]:
            library = Library(root, folder=f"cases/{spec.parent.name}", stand_ins={file: name})
            yield spec.parent, plan(spec.parent, library=library, force=True).changes


def _without_service_name(problem: Finding) -> Finding:
    """Remove the sample service from a problem, so that one mistake is reported once for all samples."""
    message = problem.message.replace(f"services.{_ANY}.", "")
    return Finding(location=problem.location, message=message, fix=problem.fix, code=problem.code)
