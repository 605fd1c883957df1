"""Variables of a build are declared where they are named, used where they are declared, and no secret."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.images import FromDockerfile, OwnImage
from generator.model.project import Project
from generator.model.runtimes import JavaScript, Python
from generator.model.values import FromBuild, HostVariable, LiteralText
from generator.text.errors import Finding, KeyPath
from generator.text.masking import masked
from generator.text.secret_names import sounds_secret


def impossible_variables(project: Project) -> Iterator[Finding]:
    """Find variables of a build that are unknown, that nothing uses, and that would carry a secret."""
    for service in project.built():
        yield from _unknown(project, service)
        yield from _unused(project, service)
    for one in project.from_dockerfiles():
        yield from _secret(project, one)


def _unknown(project: Project, service: OwnImage) -> Iterator[Finding]:
    declared = service.variables or {}
    for path, name in _named(service):
        if name not in declared:
            yield project.finding(
                ("services", service.name, *path),
                f"{service.name} has no variable {name} for its build",
                f'declare it, as variables: {{{name}: {{default: "…"}}}}',
                "variable-unknown",
            )


def _named(service: OwnImage) -> Iterator[tuple[KeyPath, str]]:
    for key in ("env", "labels"):
        for name, value in getattr(service, key).items():
            if isinstance(value, FromBuild):
                yield (key, name, "variable"), value.variable
    for point, steps in service.steps.items():
        for step, said in steps.items():
            for index, name in enumerate(said.variables or []):
                yield ("steps", point, step, "variables", index), name


def _unused(project: Project, service: OwnImage) -> Iterator[Finding]:
    """A variable that nothing names is for the build, which has to run something."""
    if _builds(service):
        return
    for name in service.build_variables():
        script = "name the script of package.json that reads it, as build: build; or " * isinstance(service, JavaScript)
        yield project.finding(
            ("services", service.name, "variables", name),
            f"nothing uses {name}: the build of {service.name} runs no script and installs no package",
            f"{script}name it in labels, env or the variables of a step, as env: {{{name}: {{variable: {name}}}}}",
            "variable-unused",
        )


def _builds(service: OwnImage) -> bool:
    packages = service.workspace.packages if service.workspace else []
    if isinstance(service, JavaScript):
        return service.build is not None or any(package.build for package in packages)
    around = any(
        step.run for point in ("before_build", "after_build") for step in service.steps.get(point, {}).values()
    )
    return around or (isinstance(service, Python) and service.package) or bool(packages)


def _secret(project: Project, service: FromDockerfile) -> Iterator[Finding]:
    for name, value in (service.variables or {}).items():
        path = ("services", service.name, "variables", name)
        way = "mount it under secrets" + ", and in a step before_build" * isinstance(service, OwnImage)
        if sounds_secret(name):
            message = f"the provenance of {service.name} would have {name}, and the name says it is a secret"
            yield project.finding(
                path, message, f"{way}; a value for everybody has PUBLIC in its name", "secret-in-env"
            )
        elif (text := _text(value)) and masked(text) != text:
            message = f"the Dockerfile of {service.name} would have the value of {name}, which has a secret in it"
            yield project.finding(path, message, way, "secret-in-env")


def _text(value: str | HostVariable | LiteralText) -> str | None:
    if isinstance(value, LiteralText):
        return value.literal
    return value.default if isinstance(value, HostVariable) else value
