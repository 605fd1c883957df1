"""The one builder of views: from the models of a resolved project to what its templates see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from generator.model.artefacts import in_root
from generator.model.images import ExistingImage, OwnImage, SharedImage, WrittenImage
from generator.model.names import secret_variable
from generator.model.parts import BuildSecret, RuntimeSecret, Secret
from generator.model.project import Project
from generator.model.roles import Assets
from generator.model.runtimes import JavaScript, Python
from generator.model.services import Service
from generator.render import view_parts as parts
from generator.render.bake_builder import bake_view, build_cache
from generator.render.parts_view import Build, Dependency, Local, Package, Variable, Volume
from generator.render.paths_view import Paths
from generator.render.view import (
    AssetsItem,
    BuiltView,
    ComposeSecret,
    Item,
    ProjectView,
    View,
)
from generator.render.view_assets import assets, build, stage_prefix
from generator.render.view_develop import dev_stage, develop_view
from generator.render.view_paths import paths
from generator.render.view_runtimes import javascript_view, layout, member, programs, python_view

_CONDITIONS = {
    "started": "service_started",
    "healthy": "service_healthy",
    "completed": "service_completed_successfully",
}
_OF_RUNTIME = ("before_runtime", "before_packages", "after_packages", "after_runtime")


def project_view(project: Project) -> ProjectView:
    """Build everything that the templates of a project are rendered from."""
    secrets = {name: secret for _, name, secret in project.build_secrets()}
    running = {name: secret for _, name, secret in project.runtime_secrets()}
    others = _others(project)
    services = [
        _item(project, service, others) for service in project.services.values() if not isinstance(service, Assets)
    ]
    volumes = [*project.volumes, *(volume.name for item in services for volume in item.view.volumes)]
    passed = project.compose
    return ProjectView(
        name=project.project,
        compose_file=project.compose_file,
        services=services,
        container=services[0].view.container if len(services) > 1 else None,
        networks=_with_options({name: one.model_dump() for name, one in project.networks.items()}, passed, "networks"),
        volumes=_with_options({name: {} for name in volumes}, passed, "volumes"),
        secrets=[_source(name, secret) for name, secret in secrets.items()],
        runtime_secrets=[_source(name, secret) for name, secret in running.items() if name not in secrets],
        passed={key: value for key, value in passed.items() if key not in ("networks", "volumes")},
        bake=bake_view(project, {item.name: item.view.build for item in services}) if project.bake else None,
        develop=develop_view(project, {item.name: item for item in services}) if project.dev else None,
    )


def _source(name: str, secret: Secret | BuildSecret | RuntimeSecret) -> ComposeSecret:
    return ComposeSecret(id=name, file=secret.file, variable=secret.variable or secret_variable(name))


def _with_options(known: Mapping[str, Any], passed: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return networks or volumes with the options that the spec passes through, and those that only it has."""
    options = {name: value or {} for name, value in (passed.get(key) or {}).items()}
    return {name: {**known.get(name, {}), **options.get(name, {})} for name in {**known, **options}}


class _Others(NamedTuple):
    """What the view of a service takes from all others.

    Attributes:
        secret_files: Files of the repository that are build secrets, sorted. A service may have the whole repository
            as its context, and so the secrets of all others.
        dockerfiles: By folder, sorted, the names of its Dockerfiles; None for the one without a name of its own.
        sharing: The services that run the image of another one, by the name of that one.
        files: What is generated in the root of the repository.
    """

    secret_files: Sequence[str]
    dockerfiles: Mapping[str, Sequence[str | None]]
    sharing: Mapping[str, Sequence[SharedImage]]
    files: Sequence[str]


def secret_files(project: Project) -> list[str]:
    """List the files of the repository that secrets come from, sorted: no build is sent one."""
    given = (*project.build_secrets(), *project.runtime_secrets())
    return sorted({secret.file for _, _, secret in given if secret.file})


def _others(project: Project) -> _Others:
    built = project.with_dockerfiles()
    dockerfiles: dict[str, list[str | None]] = {path: [] for path in sorted({service.path for service in built})}
    for service in built:
        dockerfiles[service.path].append(service.dockerfile)
    sharing: dict[str, list[SharedImage]] = {}
    for user in project.services.values():
        if isinstance(user, SharedImage):
            sharing.setdefault(user.image_of, []).append(user)
    written = [*in_root(project.switches, project.compose_file)]
    return _Others(secret_files(project), dockerfiles, sharing, written)


def _item(project: Project, service: Service, others: _Others) -> Item:
    # What nobody has set is not there, as in the spec itself.
    values = _values(service)
    if isinstance(service, OwnImage):
        built = _built(project, service, values, others)
        return Item(name=service.name, path=service.path, dockerfile=service.dockerfile, service=values, view=built)
    return Item(name=service.name, path=None, dockerfile=None, service=values, view=_ready(project, service, values))


def _values(service: Service) -> dict[str, Any]:
    return service.model_dump(by_alias=True, exclude_unset=True)


def _ready(project: Project, service: Service, values: Mapping[str, Any]) -> View:
    """Build the view of a service without a Dockerfile: of an existing image, or of another service's image."""
    owner, image, build, own = service, None, None, list[Variable]()
    if isinstance(service, SharedImage):
        owner = project.services[service.image_of]
        # The name that Compose gives to what it builds: `--project-name` and COMPOSE_PROJECT_NAME change it.
        image = f"${{COMPOSE_PROJECT_NAME}}-{owner.name}"
        own = [*parts.own_environment(service), *parts.port_of_sharing(service, owner)]
    elif isinstance(service, ExistingImage):
        image = parts.reference(service.image)
    elif isinstance(service, WrittenImage):
        build = Build(
            context=service.path,
            dockerfile=service.dockerfile,
            target=service.target,
            args=values.get("variables") or {},
            secrets=list(service.secrets or {}),
            ssh=False,
            cache=build_cache(project, service.name),
        )
    return View(
        image=image,
        build=build,
        ready=True,
        environment=[*own, *parts.secret_environment(service)],
        ports=parts.ports(service),
        volumes=_volumes(project, service),
        container=parts.container(service, owner),
        depends_on=_dependencies(service),
        probe=parts.probe(service, owner),
    )


def _built(
    project: Project, service: OwnImage, values: dict[str, Any], others: _Others, outer: str | None = None
) -> BuiltView:
    """Build the view of a service with a Dockerfile, whose image has what those sharing it need as well.

    With `outer`, the build context, it is that of its stages in the Dockerfile of another service.
    """
    users: list[Service] = [service, *others.sharing.get(service.name, ())]
    mounted = {volume.target: volume for user in reversed(users) for volume in _volumes(project, user)}
    probes = {one.path: one for user in reversed(users) if (one := parts.probe(user, service)) and one.script}
    makers = project.assets_of(service) if outer is None else []
    workspace = service.workspace
    found = paths(service, others.secret_files, others.dockerfiles, others.files, assets=makers, outer=outer)
    builds = [_assets_item(project, maker, others, found.context) for maker in makers]
    steps = parts.steps(service, found.root + found.home)
    around = bool(steps["before_packages"] or steps["after_packages"])
    folders = [mounted[target] for target in dict.fromkeys(t for user in users for t in user.volumes.values())]
    python, javascript = python_view(service, found), javascript_view(service, found)
    at_runtime = [step for point in _OF_RUNTIME for step in steps[point] if step.run]
    version, shell = service.version, service.has_shell
    stage = "" if outer is None else stage_prefix(service.name)
    return BuiltView(
        image=None,
        build=replace(
            build(service, found, makers, [values, *(item.service for item in builds)]),
            cache=build_cache(project, service.name),
        ),
        ready=False,
        environment=parts.secret_environment(service),
        folders=folders,
        scripts=[*reversed(probes.values())],
        ports=parts.ports(service),
        volumes=_volumes(project, service),
        container=parts.container(service, service),
        depends_on=_dependencies(service),
        probe=parts.probe(service, service),
        paths=found,
        images=parts.images(service),
        version=version,
        cache_scope=f"{service.runtime}{version}-{service.image.distribution}",
        stage=stage,
        assets=assets(service, found, {item.name: item.view.paths.home for item in builds}),
        asset_builds=builds,
        toolchain=f"{stage}builder" if service.packages.build or around else f"{stage}base",
        dev_folder=_dev_folder(service, found),
        apt=bool(service.packages.build or service.packages.runtime or any(one.packages.build for one in makers)),
        shell=shell,
        own_interpreter=service.ships_own_interpreter,
        root=not service.user.create and bool(service.packages.runtime or at_runtime or (mounted and shell)),
        secrets=parts.fetch_secrets(service),
        steps=steps,
        programs=programs(service, found),
        shared=workspace is not None,
        packages=[Package(**package.model_dump()) for package in workspace.packages] if workspace else [],
        local=[Local(**one.model_dump()) for one in workspace.local or []] if workspace else [],
        member=member(service),
        env=parts.environment(service, layout(service, found)),
        labels=parts.labels(service),
        build_variables=service.build_variables(),
        python=python,
        javascript=javascript,
        develop=dev_stage(service, found, folders, python or javascript) if project.dev else None,
    )


def _assets_item(project: Project, service: OwnImage, others: _Others, context: str) -> AssetsItem:
    """Build what the templates of another service's Dockerfile see of a service whose stages are in it."""
    values = _values(service)
    view = _built(project, service, values, others, outer=context)
    return AssetsItem(name=service.name, service=values, view=view)


def _volumes(project: Project, service: Service) -> list[Volume]:
    parts_of = {name: (target, *target.rpartition("/")) for name, target in service.volumes.items()}
    return [
        Volume(name=project.volume_name(service, name), target=target, parent=f"{parent}/", folder=folder)
        for name, (target, parent, _, folder) in parts_of.items()
    ]


def _dependencies(service: Service) -> list[Dependency]:
    return [Dependency(name=name, condition=_CONDITIONS[what]) for name, what in service.depends_on.items()]


def _dev_folder(service: OwnImage, found: Paths) -> str | None:
    """Return where the stage `dev` works: it has the sources of Python below /src, and the others' where they ship."""
    own = service.working_dir
    if not isinstance(service, Python):
        if isinstance(service, JavaScript) and service.output == "static":
            own = None  # a folder of the web server, which this stage does not have
        return own or (f"/app{found.folder}" if found.folder else None)
    if own is None or own == "/app" or own.startswith("/app/"):
        below = f"{found.folder}{(own or '').removeprefix('/app')}"
        return f"/src{below}" if below else None
    return own
