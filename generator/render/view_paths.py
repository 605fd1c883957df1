"""Where the parts of a service are in the build context, and what of it the builder is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from generator.model import confidential
from generator.model.artefacts import COMPOSE
from generator.model.images import OwnImage, WrittenImage
from generator.model.names import dockerfile_name, is_archive
from generator.model.runtimes import JavaScript, Python
from generator.render.paths_view import AssetPaths, IgnorePaths, Paths
from generator.render.shared_context import WHOLE, allowed_lines, below, refused_by_others, refused_of_whole
from generator.text.files import common_folder, relative_to

# What builds put their output into and nothing else: `src` or `lib` may ship and be sources as well.
_MADE = ("dist", "build", "out", "esm", "cjs")


def paths(
    service: OwnImage,
    secrets: Sequence[str] = (),
    dockerfiles: Mapping[str, Sequence[str | None]] | None = None,
    files: Sequence[str] = (COMPOSE.name,),
    *,
    assets: Sequence[OwnImage] = (),
    outer: str | None = None,
) -> Paths:
    """Return the paths of a service in its build context.

    Args:
        service: The service.
        secrets: Files of the repository that are never sent, sorted.
        dockerfiles: By the folders of all services, sorted, the names of the Dockerfiles in them; None for the usual.
        files: What is generated in the root of the repository.
        assets: The services whose stages are in the Dockerfile too: the context holds what they are built from.
        outer: The context, where the Dockerfile is that of another service.
    """
    workspace, manifest = service.workspace, service.install.manifest
    context = common_folder([outer or _context(service), *map(_context, assets)])
    root = _prefix(relative_to(context, _context(service)))
    home = _prefix(relative_to(_context(service), service.path))
    lock_home = _lock_home(service)
    sources = [below(home, path) for path in service.sources]
    packages = _packages(service)
    members = [*packages, home.removesuffix("/") or "."] if workspace else []
    own = [home + manifest] if manifest and home != lock_home else []
    sent = [_sent(one, context, dockerfiles or {}, files) for one in (service, *assets)]
    first, *others = sent
    return Paths(
        context=context,
        root=root,
        dockerfile=f"{root}{home}{dockerfile_name(service.dockerfile)}" if root or home or service.dockerfile else None,
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
        allowed=allowed_lines(first.allowed),
        ssh_keys=confidential.key_lines(
            [path for one in sent for path in one.allowed], [path for one in sent for path in one.folders]
        ),
        refused=[*first.refused, *first.ignored],
        assets=[
            AssetPaths(name=name.name, allowed=allowed_lines(one.allowed), refused=[*one.refused, *one.ignored])
            for name, one in zip(assets, others, strict=True)
        ],
        secret=confidential.last_lines(
            [path for one in sent for path in one.allowed],
            folders=[path for one in sent for path in one.opened],
            secrets=confidential.files_in(context, secrets),
            left_out=[path for one in sent for path in (*one.refused, *one.ignored)],
        ),
    )


def written_paths(service: WrittenImage, secrets: Sequence[str] = ()) -> IgnorePaths:
    """Return what is sent to the Dockerfile of a team's own.

    Args:
        service: The service.
        secrets: Files of the repository that are never sent, sorted.
    """
    sources, ignored = service.sources or [], service.ignore or []
    folders = [path for path in sources if not PurePosixPath(path).suffix]
    own = dockerfile_name(service.dockerfile)
    refused = [own, f"{own}.dockerignore"] if WHOLE in sources else []
    return IgnorePaths(
        allowed=allowed_lines(sources),
        ssh_keys=confidential.key_lines(sources, folders),
        refused=[*refused, *ignored],
        assets=[],
        secret=confidential.last_lines(
            sources,
            folders=sources,
            secrets=confidential.files_in(service.path, secrets),
            left_out=[*refused, *ignored],
        ),
    )


class _Sent(NamedTuple):
    """What the builder is sent for the stages of a service, by paths of the build context.

    Attributes:
        allowed: What instructions read.
        opened: Those of them that may be folders.
        folders: Those of them that are folders, as far as their names tell.
        refused: What is not sent of them, since tools or other services have put it there.
        ignored: What is not sent of them, since the spec says so.
    """

    allowed: list[str]
    opened: list[str]
    folders: list[str]
    refused: list[str]
    ignored: list[str]


def _sent(
    service: OwnImage, context: str, dockerfiles: Mapping[str, Sequence[str | None]], files: Sequence[str]
) -> _Sent:
    own = _context(service)
    root, home = _prefix(relative_to(context, own)), _prefix(relative_to(own, service.path))
    lock_home = _lock_home(service)
    packages = _packages(service)
    sources = [below(home, path) for path in service.sources]
    opened = list(dict.fromkeys([*packages, *sources, *_copied(service, home), *_local(service), *links(service)]))
    beside = dockerfiles.get(service.path, [service.dockerfile])
    refused = list(dict.fromkeys([*_refused(service), *refused_of_whole(service, own, home, beside, files)]))
    refused += refused_by_others(service, own, opened, [*dockerfiles])
    return _Sent(
        allowed=[below(root, path) for path in dict.fromkeys(_allowed(service, home, lock_home, packages))],
        opened=[below(root, path) for path in opened],
        # A name with an extension is a file's, unless it is a package's.
        folders=[below(root, path) for path in opened if path in packages or not PurePosixPath(path).suffix],
        refused=[root + path for path in refused],
        ignored=[root + path for path in service.ignore],
    )


def _context(service: OwnImage) -> str:
    return service.workspace.root if service.workspace else service.path


def inputs(service: OwnImage) -> list[str]:
    """List every path that an instruction of the Dockerfile reads for a service, below the root of `Paths`."""
    home = _prefix(relative_to(_context(service), service.path))
    return list(dict.fromkeys(_allowed(service, home, _lock_home(service), _packages(service))))


def links(service: OwnImage) -> list[str]:
    """List what symbolic links among the sources lead to."""
    return list(service.workspace.links or []) if service.workspace else []


def _lock_home(service: OwnImage) -> str:
    return _prefix(service.workspace.lock_folder or "." if service.workspace else ".")


def _prefix(folder: str) -> str:
    """Return a folder of the context as the beginning of paths: with a slash at its end, and empty for the context."""
    return "" if folder == "." else f"{folder}/"


def _local(service: OwnImage) -> list[str]:
    return [one.path for one in service.workspace.local or []] if service.workspace else []


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
    yield from links(service)
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
