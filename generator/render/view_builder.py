"""The one builder of views: from the models of a resolved project to what its templates see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.model.images import ExistingImage, OwnImage
from generator.model.names import is_archive, secret_variable
from generator.model.project import Project
from generator.model.runtimes import JavaScript, Node, Python
from generator.model.services import Service
from generator.render import view_parts as parts
from generator.render.paths_view import Paths
from generator.render.view import (
    BuiltView,
    ComposeSecret,
    Dependency,
    Item,
    JavaScriptView,
    Local,
    Package,
    PatchFolder,
    ProjectView,
    PythonView,
    Requirements,
    Script,
    Variable,
    View,
    Volume,
)
from generator.render.view_paths import paths

_CONDITIONS = {
    "started": "service_started",
    "healthy": "service_healthy",
    "completed": "service_completed_successfully",
}
# From this minor version on, venv and the official images have neither setuptools nor wheel.
_WITHOUT_SETUPTOOLS = 12
# Of what lies beside the lock file of a workspace, what nothing reads at run time.
_OF_BUILDS = re.compile(r"(?:^|/)(?:turbo\.json|babel\.config\.\w+)$")
# The first major version of Node whose binaries are linked with libatomic.so.1.
_LIBATOMIC = 25
_OF_RUNTIME = ("before_runtime", "before_packages", "after_packages", "after_runtime")


def project_view(project: Project) -> ProjectView:
    """Build everything that the templates of a project are rendered from."""
    secrets = {name: secret for service in project.built() for name, secret in service.secrets.items()}
    # A service may have the whole repository as its context, and so the secrets of all others.
    files = sorted({secret.file for service in project.built() for secret in service.secrets.values() if secret.file})
    folders = sorted({service.path for service in project.built()})
    services = [_item(project, service, files, folders) for service in project.services.values()]
    return ProjectView(
        name=project.project,
        services=services,
        container=services[0].view.container if len(services) > 1 else None,
        networks={name: network.model_dump() for name, network in project.networks.items()},
        volumes=[*dict.fromkeys(volume.name for item in services for volume in item.view.volumes)],
        secrets=[
            ComposeSecret(id=name, file=secret.file, variable=secret.variable or secret_variable(name))
            for name, secret in secrets.items()
        ],
    )


def _item(project: Project, service: Service, secret_files: Sequence[str], folders: Sequence[str]) -> Item:
    # What nobody has set is not there, as in the spec itself.
    values = service.model_dump(by_alias=True, exclude_unset=True)
    if isinstance(service, OwnImage):
        built = _built(service, secret_files, folders)
        return Item(name=service.name, path=service.path, service=values, view=built)
    if isinstance(service, ExistingImage) and service.image_of is not None:
        return Item(name=service.name, path=None, service=values, view=_of_another(service, service.image_of, project))
    image = service.image if isinstance(service, ExistingImage) else None
    view = _existing(service, service, parts.reference(image) if image else None)
    return Item(name=service.name, path=None, service=values, view=view)


def _of_another(service: ExistingImage, name: str, project: Project) -> View:
    """Build the view of a service that runs the image of the service `name`, and has its volumes and its user."""
    # The name that Compose gives to what it builds: `--project-name` and COMPOSE_PROJECT_NAME change it.
    return _existing(service, project.services[name], f"${{COMPOSE_PROJECT_NAME}}-{name}")


def _existing(service: Service, owner: Service, image: str | None) -> View:
    return View(
        image=image,
        ports=parts.ports(service),
        volumes=_volumes(service, owner),
        container=parts.container(service, owner),
        depends_on=_dependencies(service),
        probe=parts.command_probe(service),
    )


def _built(service: OwnImage, secret_files: Sequence[str], folders: Sequence[str]) -> BuiltView:
    workspace, found = service.workspace, paths(service, secret_files, folders)
    steps = parts.steps(service, found.home)
    around = bool(steps["before_packages"] or steps["after_packages"])
    at_runtime = [step for point in _OF_RUNTIME for step in steps[point] if step.run]
    version, shell = service.version, service.has_shell
    return BuiltView(
        image=None,
        ports=parts.ports(service),
        volumes=_volumes(service, service),
        container=parts.container(service, service),
        depends_on=_dependencies(service),
        probe=parts.probe(service),
        paths=found,
        images=parts.images(service),
        version=version,
        cache_scope=f"{service.runtime}{version}-{service.image.distribution}",
        toolchain="builder" if service.packages.build or around else "base",
        dev_folder=_dev_folder(service, found),
        apt=bool(service.packages.build or service.packages.runtime),
        shell=shell,
        own_interpreter=service.ships_own_interpreter,
        root=not service.user.create and bool(service.packages.runtime or at_runtime or (service.volumes and shell)),
        secrets=parts.fetch_secrets(service),
        steps=steps,
        shared=workspace is not None,
        packages=[Package(**package.model_dump()) for package in workspace.packages] if workspace else [],
        local=[Local(**one.model_dump()) for one in workspace.local or []] if workspace else [],
        member=_member(service),
        env=parts.environment(service, _layout(service, found)),
        python=_python(service, found),
        javascript=_javascript(service, found),
    )


def _volumes(service: Service, owner: Service) -> list[Volume]:
    parts_of = {name: (target, *target.rpartition("/")) for name, target in service.volumes.items()}
    return [
        Volume(name=f"{owner.name}-{name}", target=target, parent=f"{parent}/", folder=folder)
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


def _member(service: OwnImage) -> Package | None:
    member = service.workspace.member if service.workspace else None
    return Package(name=member.name, path=member.path) if member else None


def _python(service: OwnImage, found: Paths) -> PythonView | None:
    if not isinstance(service, Python):
        return None
    shipped = _shipped(service)
    own = [f"./{found.home}".removesuffix("/")] if service.package else []
    local = [one.path for one in service.workspace.local or []] if service.workspace else []
    minor = int([*service.python.split("."), "99"][1])
    path = [Variable(name="PATH", value="/opt/venv/bin:$PATH", verbatim=True)]
    sources = Variable(name="PYTHONPATH", value=f"/src{found.folder}", verbatim=True)
    return PythonView(
        shipped=shipped,
        installed=[*(f"./{package}" for package in shipped), *own],
        beside=service.beside if service.package else [],
        editable=[*(f"./{package}" for package in found.packages), *own],
        archives=[path for path in local if is_archive(path)],
        requirements=_requirements(service, found),
        setuptools=minor < _WITHOUT_SETUPTOOLS,
        dev_env=parts.environment(service, path if service.package else [*path, sources]),
    )


def _shipped(service: Python) -> list[str]:
    """Return the folders of packages that the service runs with."""
    workspace = service.workspace
    if workspace is None:
        return []
    local = [one.path for one in workspace.local or [] if one.ships]
    return [*local, *(package.path for package in workspace.packages if package.artifacts)]


def _requirements(service: Python, found: Paths) -> Requirements:
    install, home = service.install, found.lock_home
    return Requirements(
        shipped=[home + path for path in ([install.lock] if install.lock else []) + (install.requirements or [])],
        development=[home + path for path in install.development or []],
        referred=[*(home + path for path in install.includes or []), *found.beside],
    )


def _javascript(service: OwnImage, found: Paths) -> JavaScriptView | None:
    if not isinstance(service, JavaScript):
        return None
    # Commands run in the folder of the lock file.
    home = found.home.removeprefix(found.lock_home)
    packages = service.workspace.packages if service.workspace else []
    folders = dict.fromkeys(["", *(f"{package.path}/" for package in packages if package.artifacts), home])
    scripts = list(_scripts(service))
    return JavaScriptView(
        patches=_patches(service.install.patches or []),
        scripts=scripts,
        compiled_in_deps=bool(service.rebuild and scripts),
        made=list(dict.fromkeys(home + _written(path) for path in service.artifacts)),
        node_modules=[f"{folder}node_modules" for folder in folders],
        settings=[] if service.build else [file for file in found.beside if not _OF_BUILDS.search(file)],
        needs_libatomic=isinstance(service, Node) and int(service.version.split(".")[0]) >= _LIBATOMIC,
        dev_env=[Variable(name="HOME", value="/tmp", verbatim=True), *_plug_n_play(service, found)],
    )


def _written(path: str) -> str:
    """Return what a build makes of the folders of an artifact; node_modules is there before, with every package."""
    return path if path.startswith("node_modules/") else path.split("/")[0]


def _patches(files: list[str]) -> list[PatchFolder]:
    folders: dict[str, list[str]] = {}
    for file in files:
        folders.setdefault(file.rpartition("/")[0] or ".", []).append(file)
    return [PatchFolder(path=path, files=inside) for path, inside in folders.items()]


def _scripts(service: JavaScript) -> Iterator[Script]:
    """Yield the build scripts of workspace packages, unless a task runner finds them, then the service's own."""
    packages = service.workspace.packages if service.workspace else []
    scripts = [
        Script(name=package.build, package=Package(name=package.name, path=package.path))
        for package in packages
        if package.build is not None
    ]
    member = _member(service)
    # A command in the root of a workspace runs the root's own script, and needs no name.
    own = member if member and member.path != "." else None
    if own is None or service.task_runner is None:
        yield from scripts
    elif service.build is None and scripts:
        yield Script(name="build", package=own)
    if service.build is not None:
        yield Script(name=service.build, package=own)


def _layout(service: OwnImage, found: Paths) -> list[Variable]:
    """Return the variables that the layout of the image needs."""
    if isinstance(service, Python):
        installed = service.package or bool(_shipped(service))
        bins = [*(["/opt/app/bin"] if installed else []), "/opt/venv/bin", "$PATH"]
        roots = [*([] if service.package else ["/app"]), *(["/opt/app"] if installed else [])]
        if service.package and service.beside:
            roots.append("/app")
        values = {"PATH": bins, "PYTHONPATH": roots}
        return [Variable(name=name, value=":".join(value), verbatim=True) for name, value in values.items()]
    if not isinstance(service, JavaScript):
        return []
    if service.output == "standalone" and service.ports:
        return [Variable(name="PORT", value=str(parts.ports(service)[0].target))]
    return _plug_n_play(service, found) if service.output == "server" else []


def _plug_n_play(service: OwnImage, found: Paths) -> list[Variable]:
    """Return NODE_OPTIONS with Yarn's map of packages, which Node needs where there are no node_modules."""
    if service.install.linker != "pnp":
        return []
    own = [service.env["NODE_OPTIONS"]] if "NODE_OPTIONS" in service.env else []
    folder = f"/app{found.lock_folder}"
    options = [f"--require={folder}/.pnp.cjs", f"--experimental-loader={folder}/.pnp.loader.mjs", *own]
    return [Variable(name="NODE_OPTIONS", value=" ".join(options))]
