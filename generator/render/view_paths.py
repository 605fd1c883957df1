"""Where the parts of a service are in the build context, and what of it the builder is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.model import confidential
from generator.model.images import OwnImage
from generator.model.runtimes import JavaScript
from generator.render.view import Paths

# What builds put their output into and nothing else: `src` or `lib` may ship and be sources as well.
_MADE = ("dist", "build", "out", "esm", "cjs")


def paths(service: OwnImage, secrets: Iterable[str] = ()) -> Paths:
    """Return the paths of a service in its build context; `secrets` are files of the repository never to be sent."""
    workspace, manifest = service.workspace, service.install.manifest
    home = _folder(workspace.member.path if workspace else None)
    at = _folder(workspace.lock_folder if workspace else None)
    sources = [home + path for path in service.sources]
    packages = [package.path for package in workspace.packages] if workspace else []
    own = [home + manifest] if workspace and manifest and home != at else []
    members = [*packages, workspace.member.path] if workspace else []
    context = workspace.root if workspace else service.path
    allowed = list(dict.fromkeys(_allowed(service, home, at, packages)))
    refused = list(_refused(service))
    return Paths(
        context=context,
        dockerfile=f"{home}Dockerfile" if home else None,
        at=at,
        home=home,
        folder=f"/{home}".removesuffix("/"),
        manifest=home + manifest if manifest else None,
        sources=sources,
        beside=workspace.files if workspace else [],
        packages=packages,
        members=members,
        manifests=[f"{path}/{manifest}" for path in members if manifest and _folder(path) != at],
        project=[*packages, *own, *sources],
        allowed=allowed,
        refused=refused,
        secret=confidential.last_lines(
            allowed,
            folders=[*packages, *sources, *_copied(service, home)],
            secrets=confidential.files_in(context, secrets),
            left_out=[*refused, *service.ignore],
        ),
    )


def _folder(path: str | None) -> str:
    """Give a folder of the context as the beginning of paths."""
    return "" if path in (None, ".") else f"{path}/"


def _allowed(service: OwnImage, home: str, at: str, packages: list[str]) -> Iterator[str]:
    """Yield every path that an instruction of the Dockerfile reads."""
    install = service.install
    yield from (at + path for path in (install.manifest, install.lock) if path)
    for more in (install.config, install.patches, install.requirements, install.includes, install.development):
        yield from (at + path for path in more or [])
    if service.workspace is not None:
        yield from service.workspace.files
        yield from packages
        if install.manifest:
            yield home + install.manifest
    if service.ssh is not None:
        yield home + service.ssh.known_hosts
    yield from _copied(service, home)
    yield from (home + path for path in service.sources)


def _copied(service: OwnImage, home: str) -> Iterator[str]:
    """Yield what steps of the service's own copy or mount."""
    for named in service.steps.values():
        for step in named.values():
            if step.copy_ is not None:
                yield home + step.copy_
            yield from (home + mount.source for mount in step.mounts or [] if mount.source is not None)


def _refused(service: OwnImage) -> Iterator[str]:
    """Yield the paths of files that tools or earlier builds have put into packages of a workspace."""
    if service.workspace is None or not isinstance(service, JavaScript):
        return
    for package in service.workspace.packages:
        if package.build is not None:
            made = _MADE if package.artifacts else ("dist",)
            yield from (f"{package.path}/{name}" for name in made if name in package.artifacts or not package.artifacts)
    # With an old one, tsc would take an output for made that is not there.
    yield "**/*.tsbuildinfo"
    if service.task_runner == "turbo":
        yield "**/.turbo"
