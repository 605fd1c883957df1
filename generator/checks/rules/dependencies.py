"""What a service needs exists, and nothing needs itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter

from generator.checks.needs import needs
from generator.model.project import Project
from generator.text.errors import Finding

_NAMED = 10


def broken_dependencies(project: Project) -> Iterator[Finding]:
    """Find dependencies on unknown services, and a cycle."""
    known = frozenset(project.names)
    for service in project.services.values():
        for name, path, words in needs(service):
            if name not in known:
                yield project.finding(
                    ("services", service.name, *path),
                    f"{service.name} {words} {name}, which is not a service",
                    f"use one of {', '.join(_candidates(name, project.names))}",
                    "dependency-unknown",
                )
    needed = {name: {one.name: one for one in needs(service)} for name, service in project.services.items()}
    graph = {name: [one for one in theirs if one in project.services] for name, theirs in needed.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        # graphlib lists each service before the one that waits for it.
        yield project.finding(
            ("services", cycle[1], *needed[cycle[1]][cycle[0]].path),
            f"services wait for each other: {' -> '.join(reversed(cycle))}",
            "remove one of these dependencies",
            "dependency-circular",
        )


def _candidates(name: str, names: Sequence[str]) -> Sequence[str]:
    """Return the services that may be meant: all of a few; of many, those whose names are like it, or the first."""
    return names if len(names) <= _NAMED else get_close_matches(name, names) or names[:_NAMED]
