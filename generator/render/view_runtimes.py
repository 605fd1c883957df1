"""Builds the parts of views that depend on the runtime of a service."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.model.images import OwnImage
from generator.model.names import is_archive
from generator.model.runtimes import JavaScript, Node, Python
from generator.render import view_parts as parts
from generator.render.parts_view import Package, PatchFolder, Script, Variable
from generator.render.paths_view import Paths
from generator.render.view import JavaScriptView, PythonView, Requirements

# From this minor version on, venv and the official images have neither setuptools nor wheel.
_WITHOUT_SETUPTOOLS = 12
# Of what lies beside the lock file of a workspace, what nothing reads at run time.
_OF_BUILDS = re.compile(r"(?:^|/)(?:turbo\.json|babel\.config\.\w+)$")
# The first major version of Node whose binaries are linked with libatomic.so.1.
_LIBATOMIC = 25


def member(service: OwnImage) -> Package | None:
    """Return the service's own package of a workspace."""
    found = service.workspace.member if service.workspace else None
    return Package(name=found.name, path=found.path) if found else None


def python_view(service: OwnImage, found: Paths) -> PythonView | None:
    """Build what the templates of Python see; None for a service of another runtime."""
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
        dev_env=parts.environment(
            service, [*(path if service.package else [*path, sources]), *parts.first_port(service)]
        ),
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


def javascript_view(service: OwnImage, found: Paths) -> JavaScriptView | None:
    """Build what the templates of Node and Bun see; None for a service of another runtime."""
    if not isinstance(service, JavaScript):
        return None
    # Commands run in the folder of the lock file.
    home = found.home.removeprefix(found.lock_home)
    packages = service.workspace.packages if service.workspace else []
    folders = dict.fromkeys(["", *(f"{package.path}/" for package in packages if package.artifacts), home])
    scripts = list(_scripts(service))
    port = parts.first_port(service) if service.output != "static" else []
    return JavaScriptView(
        patches=_patches(service.install.patches or []),
        scripts=scripts,
        compiled_in_deps=bool(service.rebuild and scripts),
        made=list(dict.fromkeys(home + _written(path) for path in service.artifacts)),
        node_modules=[f"{folder}node_modules" for folder in folders],
        settings=[] if service.build else [file for file in found.beside if not _OF_BUILDS.search(file)],
        needs_libatomic=isinstance(service, Node) and int(service.version.split(".")[0]) >= _LIBATOMIC,
        dev_env=[Variable(name="HOME", value="/tmp", verbatim=True), *_plug_n_play(service, found), *port],
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
    root = member(service)
    # A command in the root of a workspace runs the root's own script, and needs no name.
    own = root if root and root.path != "." else None
    if own is None or service.task_runner is None:
        yield from scripts
    elif service.build is None and scripts:
        yield Script(name="build", package=own)
    if service.build is not None:
        yield Script(name=service.build, package=own)


def layout(service: OwnImage, found: Paths) -> list[Variable]:
    """Return the variables that the layout of the image needs."""
    if isinstance(service, Python):
        installed = service.package or bool(_shipped(service))
        bins = [*(["/opt/app/bin"] if installed else []), "/opt/venv/bin", "$PATH"]
        roots = [*([] if service.package else ["/app"]), *(["/opt/app"] if installed else [])]
        if service.package and service.beside:
            roots.append("/app")
        values = {"PATH": bins, "PYTHONPATH": roots}
        paths = [Variable(name=name, value=":".join(value), verbatim=True) for name, value in values.items()]
        return [*paths, *parts.first_port(service)]
    if not isinstance(service, JavaScript) or service.output == "static":
        return []
    return [*(_plug_n_play(service, found) if service.output == "server" else []), *parts.first_port(service)]


def programs(service: OwnImage, found: Paths) -> str | None:
    """Return the folders of programs that are installed with the dependencies; None where they are in archives."""
    if isinstance(service, Python):
        return "/opt/venv/bin"
    if service.install.linker == "pnp":
        return None
    folders = dict.fromkeys([found.folder, found.lock_folder])
    return ":".join(f"/app{folder}/node_modules/.bin" for folder in folders)


def _plug_n_play(service: OwnImage, found: Paths) -> list[Variable]:
    """Return NODE_OPTIONS with Yarn's map of packages, which Node needs where there are no node_modules."""
    if service.install.linker != "pnp":
        return []
    options = service.env.get("NODE_OPTIONS")
    own = [options] if isinstance(options, str) else []
    folder = f"/app{found.lock_folder}"
    loaded = [f"--require={folder}/.pnp.cjs", f"--experimental-loader={folder}/.pnp.loader.mjs", *own]
    return [Variable(name="NODE_OPTIONS", value=" ".join(loaded))]
