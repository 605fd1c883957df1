"""The builder of the view that docker-bake.hcl is rendered from, and of the caches that Compose has as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.model.bake import CACHE_VARIABLES, OWN_VARIABLES, AzblobCache, Bake, Cache, S3Cache
from generator.model.images import FromDockerfile, SharedImage
from generator.model.names import secret_variable
from generator.model.parts import BuildSecret, Secret
from generator.model.project import Project
from generator.render.bake_view import BakeArgument, BakeTarget, BakeVariable, BakeView
from generator.render.parts_view import Build, BuildCache

_WRITTEN = "mode=max,ignore-error=true"


def bake_view(project: Project, builds: Mapping[str, Build | None]) -> BakeView:
    """Build everything that docker-bake.hcl is rendered from.

    Args:
        project: The project, which asks for the file.
        builds: What the images are built from, by the names of their services.
    """
    bake = project.bake or Bake()
    sources = {name: secret for _, name, secret in project.build_secrets()}
    targets = [_target(bake, one, build, sources) for one in project.image_owners() if (build := builds[one.name])]
    return BakeView(
        variables=_variables(project, bake, [target.build for target in targets]),
        groups={name: _targets_of(project, members) for name, members in (bake.groups or {}).items()},
        targets=targets,
        attestations=[*_attestations(bake)],
    )


def build_cache(project: Project, name: str) -> BuildCache | None:
    """Give the cache of the image of a service, as options of buildx; None where the project has none.

    https://docs.docker.com/build/cache/backends/ has the options. The last one is the name of the cache.
    """
    cache = project.cache
    if cache is None:
        return None
    if cache.inline:
        registry = project.bake.registry if project.bake else None
        return BuildCache(read=f"type=registry,ref={registry}/{name}:latest", write="type=inline", scoped=False)
    if cache.local is not None:
        folder = f"{cache.local.path}/{name}"
        return BuildCache(read=f"type=local,src={folder}", write=f"type=local,{_WRITTEN},dest={folder}", scoped=True)
    backend, named = _backend(cache, name)
    return BuildCache(read=f"{backend},{named}", write=f"{backend},{_WRITTEN},{named}", scoped=True)


def _backend(cache: Cache, name: str) -> tuple[str, str]:
    """Return the backend with its options, and the option that names the cache of one image."""
    if cache.registry is not None:
        return "type=registry", f"ref={cache.registry.ref}:{name}"
    if cache.gha is not None:
        return "type=gha", f"scope={cache.gha.prefix or ''}{name}"
    one = cache.s3 or cache.azblob
    kind = "s3" if isinstance(one, S3Cache) else "azblob"
    options = one.model_dump(exclude_none=True) if isinstance(one, (S3Cache, AzblobCache)) else {}
    return ",".join([f"type={kind}", *(f"{key}={value}" for key, value in options.items())]), f"name={name}"


def _target(
    bake: Bake, service: FromDockerfile, build: Build, sources: Mapping[str, Secret | BuildSecret]
) -> BakeTarget:
    return BakeTarget(
        name=service.name,
        build=build,
        arguments=[_argument(name, value) for name, value in build.args.items()],
        secrets=[_secret(name, sources[name]) for name in build.secrets],
        platforms=[*(service.platforms or bake.platforms or [])],
    )


def _secret(name: str, secret: Secret | BuildSecret) -> str:
    source = f"src={secret.file}" if secret.file else f"env={secret.variable or secret_variable(name)}"
    return f"id={name},{source}"


def _argument(name: str, value: Any) -> BakeArgument:
    """Return a value of `ARG`, as the spec has it."""
    if isinstance(value, dict) and "variable" in value:
        return BakeArgument(name=name, variable=value["variable"], text=value.get("default", ""))
    return BakeArgument(name=name, variable=None, text=value["literal"] if isinstance(value, dict) else value)


def _variables(project: Project, bake: Bake, builds: Sequence[Build]) -> list[BakeVariable]:
    """Return the variables of the file: its own, then those that builds take from the shell."""
    own = {name: OWN_VARIABLES[name] for name in OWN_VARIABLES if project.cache or name not in CACHE_VARIABLES}
    used: dict[str, list[dict[str, str]]] = {}
    for build in builds:
        for value in build.args.values():
            if isinstance(value, dict) and "variable" in value:
                used.setdefault(value["variable"], []).append(value)
    found = []
    for name in dict.fromkeys([*own, *used]):
        default, description = own.get(name, (None, None))
        if name == "REGISTRY":
            default = bake.registry or ""
        uses = used.get(name, [])
        defaults = {one.get("default", "") for one in uses} if default is None else {default}
        required = [one for one in uses if "default" not in one]
        found.append(
            BakeVariable(
                name=name,
                default=next(iter(defaults)) if len(defaults) == 1 else "",
                message=required[0].get("message", f"set {name}") if required else None,
                description=description,
            )
        )
    return found


def _targets_of(project: Project, members: list[str]) -> list[str]:
    """Return the targets of services: of one that runs the image of another one, that of the other one."""
    services = [project.services[name] for name in members if name in project.services]
    return list(dict.fromkeys(one.image_of if isinstance(one, SharedImage) else one.name for one in services))


def _attestations(bake: Bake) -> Iterator[str]:
    if bake.provenance is not None:
        yield f"type=provenance,{'disabled=true' if bake.provenance == 'none' else f'mode={bake.provenance}'}"
    if bake.sbom is not None:
        yield f"type=sbom{'' if bake.sbom else ',disabled=true'}"
