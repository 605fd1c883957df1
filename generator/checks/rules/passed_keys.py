"""Keys of Compose that pass through: Compose knows them, and they contradict nothing that is written besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.checks import compose_words
from generator.checks.compose_schema import mistakes
from generator.model.compose import OURS, OURS_OF_FILE
from generator.model.names import secret_variable
from generator.model.project import Project
from generator.model.services import Service
from generator.text.errors import Finding, KeyPath
from generator.text.files import dig, mapping
from generator.text.quote import fits, quoted

# What is written of a service, below keys that pass through or in another form.
_INSIDE = {
    ("scale",): "replicas",
    ("deploy", "replicas"): "replicas",
    ("deploy", "restart_policy"): "container: {restart: …}",
    ("deploy", "resources", "limits"): "container: {cpus: …, mem_limit: …, pids_limit: …}",
}


def wrong_keys(project: Project) -> Iterator[Finding]:
    """Find keys under `compose` that Compose would refuse, or that are written anyway."""
    for service in project.services.values():
        if service.compose:
            yield from _of_service(project, service, service.compose)
    if project.compose:
        yield from _of_file(project, project.compose)


def _of_service(project: Project, service: Service, compose: Mapping[str, Any]) -> Iterator[Finding]:
    place: KeyPath = ("services", service.name, "compose")
    written = {key: ours for key, ours in OURS.items() if key in compose}
    if getattr(service, "image_of", None) is not None and "pull_policy" in compose:
        written["pull_policy"] = "image_of"
    for key, ours in written.items():
        yield _written(project, (*place, key), ours, _fix(service, key, compose[key], ours))
    for path, ours in _INSIDE.items():
        told = ours != "replicas" or hasattr(service, "replicas")
        if told and dig(compose, *path) is not None:
            yield _written(project, (*place, *path), ours, f"remove it, and write {ours}")
    passed = {key: value for key, value in compose.items() if key not in written}
    yield from _of_schema(project, {"services": {service.name: passed}}, place, ("services", service.name))


def _of_file(project: Project, compose: Mapping[str, Any]) -> Iterator[Finding]:
    for key, ours in OURS_OF_FILE.items():
        if key in compose:
            yield _written(project, ("compose", key), ours, f"remove it: {ours} beside it says this")
    for name in mapping(compose, "networks"):
        if name in project.networks and "internal" in mapping(compose, "networks", name):
            fix = f"remove it, and write networks: {{{name}: {{internal: …}}}} beside compose"
            yield _written(project, ("compose", "networks", name, "internal"), "networks", fix)
    builds = {name for _, name, _ in project.build_secrets()}
    for name in mapping(compose, "secrets"):
        if name in builds:
            fix = f"give it another name, or remove it: a build secret comes from {secret_variable(name)}"
            yield _written(project, ("compose", "secrets", name), "secrets", fix)
    passed = {key: value for key, value in compose.items() if key not in OURS_OF_FILE}
    yield from _of_schema(project, passed, ("compose",), ())


def _written(project: Project, path: KeyPath, ours: str, fix: str) -> Finding:
    message = f"{'.'.join(map(str, path))} would contradict what is written from {ours.partition(':')[0]}"
    return project.finding(path, message, fix, "compose-key-written")


def _fix(service: Service, key: str, value: Any, ours: str) -> str:
    """Return the fix of a key that has a place of its own: the key there, with what was typed."""
    if ours == "image_of":
        return f"remove it: the image is what Compose builds for {getattr(service, ours)}"
    kind: dict[str, Any] = {"kind": service.kind} | ({"runtime": True} if hasattr(service, "runtime") else {})
    told = compose_words.fix_of(compose_words.Typed(service.name, (key,), value, {**kind, key: value}))
    if told and told.startswith("write "):
        return f"{told}, beside compose"
    shown = quoted({key: value})[1:-1]
    same = ours == key and fits(shown)
    return f"move it out of compose: {shown}" if same else f"remove it, and see {ours} in docs/spec.md"


def _of_schema(project: Project, part: Mapping[str, Any], place: KeyPath, below: KeyPath) -> Iterator[Finding]:
    for mistake in mistakes(part):
        path = (*place, *mistake.path[len(below) :])
        message = f"{'.'.join(map(str, path))}{mistake.message}"
        yield project.finding(path, message, mistake.fix, "compose-key-wrong")
