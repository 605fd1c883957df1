"""What the Bake file names has to be there, and has to have a name that Bake and HCL can read."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.bake import OWN_GROUPS, OWN_VARIABLES, Bake
from generator.model.images import FromDockerfile, SharedImage
from generator.model.project import Project
from generator.model.roles import Assets
from generator.model.values import HostVariable
from generator.text.errors import Finding

# HCL reads them as values: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#literal-values
_LITERALS = ("true", "false", "null")
_CHANGED_BY_US = ("REGISTRY", "TAG", "CACHE_WRITE", "CACHE_SCOPE")
"""Variables of the Bake file that decide what is built and where it goes, rather than tell of it."""


def impossible_bakes(project: Project) -> Iterator[Finding]:
    """Find names that the Bake file cannot have, groups of what is not built, and values without such a file."""
    yield from _caches(project)
    if project.bake is None:
        yield from _unused_platforms(project)
        return
    yield from _services(project)
    yield from _groups(project, project.bake)
    yield from _variables(project, project.bake)


def _caches(project: Project) -> Iterator[Finding]:
    if project.cache is not None and project.cache.inline and (project.bake is None or project.bake.registry is None):
        yield project.finding(
            ("cache", "inline"),
            "a cache inside of images is read from where these were pushed, and no registry is named",
            "name it, as bake: {registry: registry.example.com/shop}",
            "cache-unreachable",
        )


def _unused_platforms(project: Project) -> Iterator[Finding]:
    for service in project.image_owners():
        if service.platforms:
            yield project.finding(
                ("services", service.name, "platforms"),
                f"{service.name} has platforms, and nothing builds for them: Compose builds for that of the engine",
                "ask for docker-bake.hcl, as bake: {} beside the services; or remove platforms",
                "bake-missing",
            )


def _services(project: Project) -> Iterator[Finding]:
    for service in project.image_owners():
        if service.name in OWN_GROUPS:
            yield project.finding(
                ("services", service.name),
                f"docker-bake.hcl has a group called {service.name}, so that no target can have this name",
                "call the service something else",
                "bake-name-taken",
            )


def _groups(project: Project, bake: Bake) -> Iterator[Finding]:
    targets = {service.name for service in project.image_owners()}
    for name, members in (bake.groups or {}).items():
        if name in OWN_GROUPS or name in targets:
            taken = f"a group of its own called {name}" if name in OWN_GROUPS else f"the target {name}: a service"
            yield project.finding(
                ("bake", "groups", name),
                f"docker-bake.hcl has {taken}",
                "call the group something else",
                "bake-name-taken",
            )
        for index, member in enumerate(members):
            if (said := _not_built(project, member)) is not None:
                message, fix = said
                yield project.finding(("bake", "groups", name, index), message, fix, "bake-service-unknown")


def _not_built(project: Project, name: str) -> tuple[str, str] | None:
    """Tell why a group cannot have a service, and what to write instead; None where it can."""
    if name not in project.names:
        known = ", ".join(service.name for service in project.image_owners())
        return f"there is no service {name!r}", f"name one of {known}" if known else "remove it"
    service = project.services.get(name)
    owner = project.services.get(service.image_of) if isinstance(service, SharedImage) else service
    if owner is None or (isinstance(owner, FromDockerfile) and not isinstance(owner, Assets)):
        return None  # one that does not fit its model is told for itself
    return f"{name} runs an image that nothing here builds", "remove it from the group"


def _variables(project: Project, bake: Bake) -> Iterator[Finding]:
    for service in project.from_dockerfiles():
        for key, value in (service.variables or {}).items():
            if not isinstance(value, HostVariable):
                continue
            path, name = ("services", service.name, "variables", key), value.variable
            another = f"{service.name.replace('-', '_').upper()}_{name.upper()}"
            if name in _LITERALS:
                yield project.finding(
                    path,
                    f"HCL reads {name} as a value, so that docker-bake.hcl can have no variable of that name",
                    f"take it from another one, as {key}: {{variable: {another}}}",
                    "bake-name-taken",
                )
            elif name in _CHANGED_BY_US and value.default != _default(bake, name):
                yield project.finding(
                    path,
                    f"docker-bake.hcl has a variable {name} of its own: {_meaning(name)}",
                    f"take it from another one, as {key}: {{variable: {another}}}",
                    "bake-name-taken",
                )


def _default(bake: Bake, name: str) -> str:
    return (bake.registry or "") if name == "REGISTRY" else OWN_VARIABLES[name][0]


def _meaning(name: str) -> str:
    text = OWN_VARIABLES[name][1]
    return text[:1].lower() + text[1:]
