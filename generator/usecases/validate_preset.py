"""Tries a preset on one service of every kind: what its authors want to know before anybody takes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from generator.checks import rules
from generator.checks.policy import read_policy
from generator.checks.validate import validate
from generator.layers.library import Library, entry_of
from generator.layers.parameters import examples
from generator.layers.resolve import resolve
from generator.model.words import MANAGERS
from generator.output.compare import Change
from generator.pipeline import plan
from generator.render.tree import render
from generator.sources.beside import is_relative
from generator.text.documents import parse, read
from generator.text.errors import Finding, Location, SpecError

_ANY = "any"
_HTTP: dict[str, Any] = {"command": ["serve"], "ports": [8000]}


def services() -> dict[str, dict[str, Any]]:
    """One service of every kind, runtime and package manager, by a name that says which."""
    found: dict[str, dict[str, Any]] = {}
    for runtime, managers in MANAGERS.items():
        kind = "python" if runtime == "python" else "node"
        for manager in managers:
            found[f"{runtime}-{manager}"] = {"kind": kind, "runtime": runtime, "manager": manager, **_HTTP}
        found[f"{runtime}-worker"] = {"kind": "worker", "runtime": runtime, "command": ["work"]}
    found["image"] = {"kind": "image", "image": {"name": "nginx", "tag": "1.29"}}
    return found


def check_preset(root: Path, name: str) -> int:
    """Resolve, validate, check and render each of `services` with the preset `name`; gives how many were tried.

    Raises:
        SpecError: the preset is malformed, or something in it does not fit a kind that it speaks of.
    """
    library = Library(root)
    preset = library.load(name, Location(file=name))
    entry = {"preset": name, "with": examples(preset)}
    tried = services()
    problems = [problem for kind in tried for problem in _problems(library, entry, tried[kind])]
    own = [document for other, document in library.loaded.items() if is_relative(other)]
    for document in own:
        read_policy(document)
    for fragment in dict.fromkeys(name for document in own for name in document.data.get("fragments", {})):
        taking = [{**service, "fragments": {fragment: True}} for service in tried.values()]
        # A fragment is for those that take it, so it has to fit one of them; what it needs, they may have.
        tries = [_problems(library, entry, one, fit=False) for one in taking]
        best = min(tries, key=len)
        problems += best
    if problems:
        raise SpecError(*sorted(set(problems)))
    return len(tried)


def _problems(library: Library, entry: dict[str, Any], service: dict[str, Any], *, fit: bool = True) -> list[Finding]:
    """What in the author's files is wrong for one service; `fit` asks as well how its values go together."""
    spec = {"version": 1, "project": "check", "presets": [entry], "services": {_ANY: service}}
    resolved = resolve(parse(yaml.safe_dump(spec, sort_keys=False), "services.yaml"), library)
    own = {document.name for name, document in library.loaded.items() if is_relative(name)}
    own |= {template.file for templates in resolved.templates.values() for template in templates}
    try:
        project = validate(resolved)
        if fit:
            rules.check(project, resolved)
            render(project, resolved.templates)
    except SpecError as error:
        return [_plain(problem) for problem in error.findings if problem.location.file in own]
    return []


def cases(root: Path, name: str) -> Iterator[tuple[Path, list[Change]]]:
    """The cases of the preset file `name`: folders of `cases/` whose spec names it, each with what is stale in it.

    Raises:
        SpecError: a case is malformed, or breaks a policy.
    """
    file = f"./{Path(name).name}"
    for spec in sorted((root / "cases").glob("*/services.yaml")):
        document = read(spec, str(spec.relative_to(root)), fix="write it")
        entries = document.data.get("presets", [])
        if file in [entry_of(entry, document.locate(("presets",)))[0] for entry in entries]:
            library = Library(root, folder=f"cases/{spec.parent.name}", stand_ins={file: name})
            yield spec.parent, plan(spec.parent, library=library, force=True).changes


def _plain(problem: Finding) -> Finding:
    """The problem without the name of the service that it was found with: one mistake is one problem."""
    message = problem.message.replace(f"services.{_ANY}.", "")
    return Finding(location=problem.location, message=message, fix=problem.fix, code=problem.code)
