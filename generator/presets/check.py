"""Tries a preset on one service of every kind: what its authors want to know before anybody takes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from generator import rules
from generator.errors import Location, Problem, SpecError
from generator.output.compare import Change
from generator.pipeline import plan
from generator.presets.document import parse, read
from generator.presets.library import Library, entry_of
from generator.presets.resolve import Resolved, resolve
from generator.render.tree import render
from generator.spec.managers import MANAGERS
from generator.spec.validate import validate

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
    library.load(name, Location(file=name))
    problems: list[Problem] = []
    tried = services()
    for kind, service in tried.items():
        spec = {"version": 1, "project": "check", "presets": [name], "services": {kind: service}}
        resolved = resolve(parse(yaml.safe_dump(spec, sort_keys=False), "services.yaml"), library)
        # Those beside it are the author's as well.
        own = {document.name for other, document in library.loaded.items() if other.startswith("./")}
        problems += [problem for problem in _try(resolved) if problem.location.file in own]
    if problems:
        raise SpecError(*sorted({_plain(problem, tried) for problem in problems}))
    return len(tried)


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


def _try(resolved: Resolved) -> list[Problem]:
    try:
        rules.check(validate(resolved), resolved)
        render(resolved.values)
    except SpecError as error:
        return list(error.problems)
    return []


def _plain(problem: Problem, tried: dict[str, dict[str, Any]]) -> Problem:
    """The problem without the name of the service that it was found with: one mistake is one problem."""
    names = "|".join(sorted(map(re.escape, tried), key=len, reverse=True))
    message = re.sub(rf"\bservices\.(?:{names})\.", "", problem.message)
    return Problem(location=problem.location, message=message, fix=problem.fix)
