"""What Compose builds: contexts, stages, arguments, secrets and images, as the spec and the Dockerfiles have them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from generator.model.images import ExistingImage, FromDockerfile, OwnImage, SharedImage
from generator.model.names import dockerfile_name, secret_variable

from .fleet_facts import Fleet, differ, shown


def _contexts(fleet: Fleet) -> Iterator[str]:
    """A build has the Dockerfile of the spec in a context that exists, with its own ignore file beside it."""
    for service, out in fleet.services():
        build = out.get("build")
        yield from differ(f"{service.name} is built", build is not None, isinstance(service, FromDockerfile))
        if not isinstance(service, FromDockerfile) or build is None:
            continue
        contexts = [fleet.root / _context(one) for one in fleet.stages_of(service)]
        context = Path(os.path.commonpath(contexts))
        yield from differ(f"context of {service.name}", Path(build["context"]), context.resolve())
        file = fleet.root / service.path / dockerfile_name(service.dockerfile)
        yield from differ(f"Dockerfile of {service.name}", context / build["dockerfile"], file)
        yield from differ(f"{file} is there", file.is_file(), True)
        if isinstance(service, OwnImage):
            ignored = file.with_name(f"{file.name}.dockerignore")
            yield from differ(f"{ignored} is there", ignored.is_file(), True)


def _context(service: FromDockerfile) -> str:
    workspace = service.workspace if isinstance(service, OwnImage) else None
    return workspace.root if workspace else service.path


def _stages(fleet: Fleet) -> Iterator[str]:
    for service, out in fleet.services():
        if "build" in out:
            stages = fleet.read.stages[service.name]
            target = "runtime" if isinstance(service, OwnImage) else getattr(service, "target", None) or stages[-1]
            yield from differ(f"target of {service.name}", out["build"].get("target", stages[-1]), target)
            yield from differ(f"{target} is a stage of {service.name}", target in stages, True)
            yield from differ(f"outline of {service.name}", fleet.read.outlines[service.name]["name"], target)


def _arguments(fleet: Fleet) -> Iterator[str]:
    """The target uses the arguments that the spec names and no other, each with the value of the shell or the spec."""
    for service, out in fleet.services():
        if not isinstance(service, FromDockerfile):
            continue
        given = {name: shown(value) for name, value in out["build"].get("args", {}).items()}
        # An outline leaves out a value that is empty.
        used = {one["name"]: one.get("value", "") for one in fleet.read.outlines[service.name].get("args") or ()}
        said = [one for maker in fleet.stages_of(service) for one in (maker.variables or {}).items()]
        expected = {name: fleet.value(value) for name, value in said}
        yield from differ(f"args of {service.name} that no ARG takes", {*given} - {*used}, set())
        yield from differ(f"ARG of {service.name}", used, expected)
        for name, value in given.items():
            yield from differ(f"args.{name} of {service.name}", value, expected.get(name))


def _secrets(fleet: Fleet) -> Iterator[str]:
    """Compose hands over the secrets and the agent that the target mounts, from where the spec takes them."""
    declared = fleet.read.config.get("secrets", {})
    used: set[str] = set()
    for service, out in fleet.services():
        if not isinstance(service, FromDockerfile):
            continue
        outline = fleet.read.outlines[service.name]
        given = {one["source"] for one in out["build"].get("secrets", ())}
        mounted = {one["name"] for one in outline.get("secrets") or ()}
        yield from differ(f"build secrets of {service.name}", given, mounted)
        said = {name: one for maker in fleet.stages_of(service) for name, one in (maker.secrets or {}).items()}
        yield from differ(f"secrets of {service.name} in the spec", given, {*said})
        agents = {one["name"] for one in outline.get("ssh") or ()}
        yield from differ(f"agents of {service.name}", {*out["build"].get("ssh", ())}, agents)
        yield from differ(f"{service.name} has an agent", bool(agents), getattr(service, "ssh", None) is not None)
        for name, secret in said.items():
            used.add(name)
            place = declared.get(name, {})
            where = place.get("file") or place.get("environment")
            other = secret.variable or secret_variable(name)
            yield from differ(f"source of {name}", where, str(fleet.root / secret.file) if secret.file else other)
    yield from differ("secrets that are declared", {*declared}, used)


def _images(fleet: Fleet) -> Iterator[str]:
    """Services with the image of another one run exactly what Compose builds for that one, and it is built once."""
    config = fleet.read.config["services"]
    built = {name for name, one in config.items() if "build" in one}
    yield from differ("targets that Compose builds", {*fleet.read.builds}, built)
    for service, out in fleet.services():
        if isinstance(service, SharedImage):
            yield from differ(f"image of {service.name}", [out["image"]], fleet.read.builds[service.image_of]["tags"])
            yield from differ(f"pull_policy of {service.name}", out.get("pull_policy"), "never")
        elif isinstance(service, ExistingImage):
            one = service.image
            reference = f"{one.registry}/{one.name}" if one.registry else one.name
            reference += f":{one.tag}" + (f"@{one.digest}" if one.digest else "")
            yield from differ(f"image of {service.name}", out["image"], reference)


def _ignore_files(fleet: Fleet) -> Iterator[str]:
    """BuildKit reads the ignore file of the Dockerfile: by any other one it would not find what is copied."""
    for service in fleet.project.with_dockerfiles():
        yield from differ(f"checks of {service.name}", fleet.read.warnings[service.name], [])


CHECKS = (
    _contexts,
    _stages,
    _arguments,
    _secrets,
    _images,
    _ignore_files,
)
