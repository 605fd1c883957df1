"""Names in keys of Compose that pass through: somebody has them, and Compose knows them when it needs them."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from generator.checks.needs import Need, needs
from generator.model.project import Project
from generator.model.services import Service
from generator.text.errors import Finding, KeyPath
from generator.text.files import dig, mapping

_DECLARED = ("secrets", "configs", "models")


def impossible_names(project: Project) -> Iterator[Finding]:
    """Find names that nothing has, that two would have, or that are not there when Compose needs them."""
    running = {name for _, name, _ in project.runtime_secrets()}
    for service in project.services.values():
        yield from _undeclared(project, service, running)
    yield from _behind_profiles(project)
    yield from _unmountable(project)
    yield from _containers(project)


def _undeclared(project: Project, service: Service, running: Set[str]) -> Iterator[Finding]:
    """Find secrets, configs and models of a service that the file does not have."""
    for path, key, name in _used(service):
        if name not in mapping(project.compose, key) and not (key == "secrets" and name in running):
            yield project.finding(
                path,
                f"{service.name} uses the {key[:-1]} {name}, which nothing declares",
                f"add beside services: {_declaration(key, name)}",
                "compose-name-unknown",
            )


def _used(service: Service) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield the secrets, configs and models of a service: where each is named, in which key, and its name."""
    for key in _DECLARED:
        place: KeyPath = ("services", service.name, "compose", key)
        entries = (service.compose or {}).get(key)
        if isinstance(entries, dict):  # of models, with their options
            yield from (((*place, name), key, name) for name in entries)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            name = entry.get("source") if isinstance(entry, dict) else entry
            if isinstance(name, str):
                yield (*place, index), key, name


def _declaration(key: str, name: str) -> str:
    options = f"model: ai/{name}" if key == "models" else f"file: {key}/{name}"
    return f"compose: {{{key}: {{{name}: {{{options}}}}}}}"


def _behind_profiles(project: Project) -> Iterator[Finding]:
    """Find services that need one which is not started with them: Compose refuses the file then."""
    for name, service in project.services.items():
        own = _profiles(service)
        owner = getattr(service, "image_of", None)
        needed = [*needs(service), *([Need(owner, ("image_of",), "runs the image of")] if owner else [])]
        for other, need in {need.name: need for need in reversed(needed)}.items():
            theirs = _profiles(project.services[other]) if other in project.services else set()
            if theirs and not (own and own <= theirs):
                missing = ", ".join(sorted(theirs))
                yield project.finding(
                    ("services", name, *need.path),
                    f"{name} {need.words} {other}, which Compose only knows with the profile {missing}",
                    f"give {name} the same, as compose: {{profiles: [{missing}]}}, or take it from {other}",
                    "dependency-behind-profile",
                )


def _unmountable(project: Project) -> Iterator[Finding]:
    """Find secrets and configs that Compose would have to write into a read-only container, which it refuses.

    https://github.com/docker/compose/pull/12531
    """
    for service in project.services.values():
        for path, key, name in _used(service) if service.container.read_only else ():
            if key == "models":
                continue
            declared = mapping(project.compose, key, name)
            if declared and not {"file", "external"} & declared.keys():
                yield project.finding(
                    path,
                    f"Compose mounts the {key[:-1]} {name} from a file only, since {service.name} is read-only",
                    f"write beside services: {_declaration(key, name)}",
                    "secret-unmountable",
                )


def _containers(project: Project) -> Iterator[Finding]:
    """Find containers of one name: of two services, or of one that has several."""
    taken: dict[str, str] = {}
    for service in project.services.values():
        name = (service.compose or {}).get("container_name")
        if not isinstance(name, str):
            continue
        path: KeyPath = ("services", service.name, "compose", "container_name")
        first = taken.setdefault(name, service.name)
        if first != service.name:
            message = f"{service.name} and {first} would each have the container {name}"
            yield project.finding(path, message, "give each a name of its own", "container-name-taken")
        elif (count := _replicas(service)) > 1:
            message = f"the {count} containers of {service.name} cannot all be called {name}"
            yield project.finding(path, message, "remove it, or take one replica", "container-name-taken")


def _replicas(service: Service) -> int:
    """Return how many containers a service has, where a number says it."""
    passed = service.compose or {}
    said: list[Any] = [getattr(service, "replicas", None), passed.get("scale"), dig(passed, "deploy", "replicas")]
    return max((one for one in said if isinstance(one, int)), default=1)


def _profiles(service: Service) -> set[str]:
    found = (service.compose or {}).get("profiles")
    return {str(one) for one in found} if isinstance(found, list) else set()
