"""What is copied from another service's stages is made there, and who makes it has no container of its own."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.images import OwnImage
from generator.model.project import Project
from generator.model.roles import Assets
from generator.model.runtimes import JavaScript
from generator.text.errors import Finding
from generator.text.files import is_below

_OF_CONTAINERS = (
    "bind_mounts",
    "compose",
    "container",
    "depends_on",
    "dev_action",
    "dev_command",
    "dockerfile",
    "environment",
    "env",
    "extra_sources",
    "labels",
    "networks",
    "runtime_image",
    "stop_grace_period",
    "stop_signal",
    "user",
    "volumes",
    "working_dir",
)


def impossible_assets(project: Project) -> Iterator[Finding]:
    """Find assets that nobody makes or takes, and keys of a container in a service that has none."""
    taken: set[str] = set()
    for service in project.built():
        taken.update(service.assets or {})
        for name, paths in (service.assets or {}).items():
            other = project.services.get(name)
            if other is None and name in project.names:
                continue  # told where it does not fit its model
            if isinstance(other, JavaScript) and other is not service and other.build is not None:
                yield from _taken(project, service, other, [*paths])
            else:
                yield _unmade(project, service, name)
        if service.assets and isinstance(service, Assets):
            yield project.finding(
                ("services", service.name, "assets"),
                f"{service.name} makes assets, and takes some of {', '.join(service.assets)} itself",
                "let the service that runs take both",
                "assets-nested",
            )
    for service in project.built():
        if isinstance(service, Assets):
            yield from _alone(project, service, taken)


def _taken(project: Project, service: OwnImage, other: JavaScript, paths: list[str]) -> Iterator[Finding]:
    for path in paths:
        if not any(is_below(path, made) for made in other.artifacts):
            yield project.finding(
                ("services", service.name, "assets", other.name, path),
                f"{service.name} takes {path} of {other.name}, which is not among its artifacts",
                f"use one of {', '.join(other.artifacts)}, or write artifacts: [{path}] in {other.name}",
                "asset-unmade",
            )
    own, others = service.variables or {}, other.variables or {}
    for name in own.keys() & others.keys():
        if own[name] != others[name]:
            yield project.finding(
                ("services", other.name, "variables", name),
                f"{other.name} and {service.name} give {name} two values, and one Dockerfile has the stages of both",
                "give both the same value, or one of them another name",
                "variable-ambiguous",
            )


def _unmade(project: Project, service: OwnImage, name: str) -> Finding:
    other = project.services.get(name)
    makers = [one.name for one in project.built() if isinstance(one, JavaScript) and one.build and one is not service]
    fix = f"name one that Node or Bun builds: {', '.join(makers)}" if makers else ""
    why = "is not a service"
    if other is service:
        why = "is itself"
    elif isinstance(other, JavaScript):
        why, fix = "has no build script", f"name its script of package.json, as build: build in {name}"
    elif other is not None:
        why = "is not built by Node or Bun"
    return project.finding(
        ("services", service.name, "assets", name),
        f"{service.name} takes assets of {name}, which {why}",
        fix or f"add it, as {name}: {{kind: assets, runtime: node, path: {name}, artifacts: [dist]}}",
        "assets-unknown",
    )


def _alone(project: Project, service: OwnImage, taken: set[str]) -> Iterator[Finding]:
    place = project.locate(("services", service.name))
    made = service.artifacts[0] if isinstance(service, JavaScript) else "dist"
    # A service that does not fit its model may take them.
    if service.name not in taken and len(project.services) == len(project.names):
        yield project.finding(
            ("services", service.name),
            f"{service.name} makes assets, which no service takes",
            f"name where they go in the service that ships them, as assets: {{{service.name}: {{{made}: static}}}}",
            "assets-unused",
        )
    for key in _OF_CONTAINERS:
        written = project.locate(("services", service.name, key))
        if key in service.model_fields_set and written.file == place.file and written != place:
            yield project.finding(
                ("services", service.name, key),
                f"{service.name} makes assets for other services, and has no container or image for {key}",
                "move it to the service that ships the assets, or remove it",
                "key-useless",
            )
    for other in project.services.values():
        if service.name in other.depends_on:
            yield project.finding(
                ("services", other.name, "depends_on", service.name),
                f"{other.name} waits for {service.name}, which makes assets and never runs",
                "remove it: what is built is there before anything starts",
                "dependency-unknown",
            )
