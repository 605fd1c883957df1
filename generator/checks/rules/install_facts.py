"""A package manager works from files and tools that its templates name; a preset can change, not remove them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from generator.model.images import OwnImage
from generator.model.project import Project
from generator.model.runtimes import Python
from generator.text import assets
from generator.text.documents import read
from generator.text.errors import Finding

_WHAT = {
    "manifest": "name the project's manifest, as install: {manifest: pyproject.toml}",
    "lock": "name the lock file, or do not remove the one of the base preset",
    "tool": "name the image that holds the tool, or do not remove the one of the base preset",
    "installer": "name the image of uv, or do not remove the one of the base preset",
}


def check(project: Project) -> Iterator[Finding]:
    """A fact under `install` that the service's manager needs and that is not there."""
    for service in project.built():
        for fact in _needed(service):
            if getattr(service.install, fact) is None:
                yield project.finding(
                    ("services", service.name, "install"),
                    f"{service.name} needs install.{fact} with manager {service.manager}",
                    _WHAT.get(fact, "give it a value, or do not remove the one of the base preset"),
                    "install-fact-missing",
                )


def _needed(service: OwnImage) -> Iterator[str]:
    """What the base preset says of the manager; and a manifest for pip, where it installs from one."""
    pip = service.manager == "pip"
    for fact in _facts(service.manager):
        if not (pip and fact == "lock"):
            yield fact
    if pip and isinstance(service, Python) and (service.package or service.install.lock is None):
        yield "manifest"


@cache
def _facts(manager: str) -> tuple[str, ...]:
    base = read(assets.PRESETS / "base.yaml", "presets/base.yaml", fix="reinstall gen-dockerfiles").data
    return tuple(base["managers"][manager]["install"])
