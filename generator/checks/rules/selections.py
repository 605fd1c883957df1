"""Extras and groups are chosen where the manager can choose them: a wish that nothing fulfils is a mistake."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.project import Project
from generator.model.runtimes import Python
from generator.text.errors import Finding


def check(project: Project) -> Iterator[Finding]:
    """`extras` or `groups` of requirement files, and extras of a Pipfile."""
    for service in project.built():
        if not isinstance(service, Python):
            continue
        files = service.manager == "pip" and service.install.lock is not None
        deaf = ("extras", "groups") if files else ("extras",) if service.manager == "pipenv" else ()
        for key in deaf:
            if getattr(service, key):
                what = "requirement files have" if files else "a Pipfile has"
                fix = "name the files under install.requirements" if files else "use categories, as groups: [...]"
                yield project.finding(
                    ("services", service.name, key),
                    f"{service.name} has {key}, which {what} not",
                    fix,
                    "selection-not-possible",
                )
