"""Where the parts of a service are in the build context, and what of it the builder is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from generator.model import confidential
from generator.model.images import OwnImage
from generator.model.names import dockerfile_name, is_archive
from generator.model.runtimes import JavaScript, Python
from generator.render.paths_view import Paths
from generator.render.shared_context import allowed_lines, below, refused_by_others, refused_of_whole
from generator.text.files import relative_to

# What builds put their output into and nothing else: `src` or `lib` may ship and be sources as well.
_MADE = ("dist", "build", "out", "esm", "cjs")


def paths(
    service: OwnImage,
    secrets: Sequence[str] = (),
    dockerfiles: Mapping[str, Sequence[str | None]] | None = None,
    asked: Sequence[str] = (),
) -> Paths:
    """Return the paths of a service in its build context.

    Args:
        service: The service.
        secrets: Files of the repository that are never sent, sorted.
        dockerfiles: By the folders of all services, sorted, the names of the Dockerfiles in them; None for the usual.
        asked: The keys beside the services that ask for generated files.
    """
    workspace, manifest = service.workspace, service.install.manifest
    context = workspace.root if workspace else service.path
    home = _prefix(relative_to(context, service.path))
    lock_home = _prefix(workspace.lock_folder or "." if workspace else ".")
    sources = [below(home, path) for path in service.sources]
    packages = _packages(service)
    members = [*packages, home.removesuffix("/") or "."] if workspace else []
    own = [home + manifest] if manifest and home != lock_home else []
    allowed = list(dict.fromkeys(_allowed(service, home, lock_home, packages)))
    opened = list(dict.fromkeys([*packages, *sources, *_copied(service, home), *_local(service), *_links(service)]))
    beside = (dockerfiles or {}).get(service.path, [service.dockerfile])
    refused = list(dict.fromkeys([*_refused(service), *refused_of_whole(service, context, home, beside, asked)]))
    refused += refused_by_others(service, context, opened, [*(dockerfiles or {})])
    # A name with an extension is a file's, unless it is a package's.
    folders = [path for path in opened if path in packages or not PurePosixPath(path).suffix]
    return Paths(
        context=context,
        dockerfile=f"{home}{dockerfile_name(service.dockerfile)}" if home or service.dockerfile else None,
        home=home,
        folder=f"/{home}".removesuffix("/"),
        lock_home=lock_home,
        lock_folder=f"/{lock_home}".removesuffix("/"),
        manifest=home + manifest if manifest else None,
        sources=sources,
        beside=[file for file in workspace.files if file not in sources] if workspace else [],
        packages=packages,
        members=members,
        manifests=[f"{path}/{manifest}" for path in members if manifest and _prefix(path) != lock_home],
        project=[*packages, *own, *sources],
        allowed=allowed_lines(allowed),
        ssh_keys=confidential.key_lines(allowed, folders),
        refused=refused,
        secret=confidential.last_lines(
            allowed,
            folders=opened,
            secrets=confidential.files_in(context, secrets),
            left_out=[*refused, *service.ignore],
        ),
    )


def _prefix(folder: str) -> str:
    """Return a folder of the context as the beginning of paths: with a slash at its end, and empty for the context."""
    return "" if folder == "." else f"{folder}/"


def _local(service: OwnImage) -> list[str]:
    return [one.path for one in service.workspace.local or []] if service.workspace else []


def _links(service: OwnImage) -> list[str]:
    return list(service.workspace.links or []) if service.workspace else []


def _packages(service: OwnImage) -> list[str]:
    """Return the folders that are built or installed with the project.

    Projects of Python are, also those that are named by a path. What package.json names by a path is installed with the
    other dependencies.
    """
    workspace = service.workspace
    if workspace is None:
        return []
    folders = [path for path in _local(service) if isinstance(service, Python) and not is_archive(path)]
    return list(dict.fromkeys([*folders, *(package.path for package in workspace.packages)]))


def _allowed(service: OwnImage, home: str, lock_home: str, packages: list[str]) -> Iterator[str]:
    """Yield every path that an instruction of the Dockerfile reads."""
    install = service.install
    yield from (lock_home + path for path in (install.manifest, install.lock) if path)
    for more in (install.config, install.patches, install.requirements, install.includes, install.development):
        yield from (lock_home + path for path in more or [])
    yield from _local(service)
    yield from _links(service)
    if service.workspace is not None:
        yield from service.workspace.files
        yield from packages
        if install.manifest:
            yield home + install.manifest
    if service.ssh is not None:
        yield home + service.ssh.known_hosts
    yield from _copied(service, home)
    yield from (below(home, path) for path in service.sources)


def _copied(service: OwnImage, home: str) -> Iterator[str]:
    """Yield what steps of the service's own copy or mount."""
    for named in service.steps.values():
        for step in named.values():
            if step.copy_ is not None:
                yield home + step.copy_
            yield from (home + mount.source for mount in step.mounts or [] if mount.source is not None)


def _refused(service: OwnImage) -> Iterator[str]:
    """Yield the paths of files that tools or earlier builds have put into packages of a workspace."""
    if service.workspace is None or service.workspace.member is None or not isinstance(service, JavaScript):
        return
    for package in service.workspace.packages:
        if package.build is not None:
            made = _MADE if package.artifacts else ("dist",)
            yield from (f"{package.path}/{name}" for name in made if name in package.artifacts or not package.artifacts)
    # With an old one, tsc would take an output for made that is not there.
    yield "**/*.tsbuildinfo"
    if service.task_runner == "turbo":
        yield "**/.turbo"
