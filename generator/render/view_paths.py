"""Where the parts of a service are in the build context, and what of it the builder is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from generator.model import confidential
from generator.model.images import OwnImage
from generator.model.runtimes import JavaScript
from generator.render.view import Paths

# What builds put their output into and nothing else: `src` or `lib` may ship and be sources as well.
_MADE = ("dist", "build", "out", "esm", "cjs")


def paths(service: OwnImage, secrets: Sequence[str] = ()) -> Paths:
    """Return the paths of a service in its build context; `secrets`, sorted, are files of the repository never sent."""
    workspace, manifest = service.workspace, service.install.manifest
    lock_home = _lock_home(service)
    home = f"{workspace.member.path}/" if workspace and workspace.member.path != "." else lock_home
    sources = [home + path for path in service.sources]
    packages = [package.path for package in workspace.packages] if workspace else []
    own = [home + manifest] if home and not lock_home and manifest else []
    context = workspace.root if workspace else _moved(service) or service.path
    allowed = list(dict.fromkeys(_allowed(service, home, lock_home, packages)))
    refused = list(_refused(service))
    opened = [*packages, *sources, *_copied(service, home), *_local(service)]
    return Paths(
        context=context,
        dockerfile=f"{home}Dockerfile" if home else None,
        home=home,
        folder=f"/{home}".removesuffix("/"),
        lock_home=lock_home,
        lock_folder=f"/{lock_home}".removesuffix("/"),
        manifest=home + manifest if manifest else None,
        sources=sources,
        beside=[file for file in workspace.files if file not in sources] if workspace else [],
        packages=packages,
        members=[*packages, *([home.removesuffix("/")] if home and not lock_home else [])],
        project=[*packages, *own, *sources],
        allowed=allowed,
        # A name with an extension is a file's, unless it is a package's.
        ssh_keys=confidential.key_lines(
            allowed, [path for path in opened if path in packages or not PurePosixPath(path).suffix]
        ),
        refused=refused,
        secret=confidential.last_lines(
            allowed,
            folders=opened,
            secrets=confidential.files_in(context, secrets),
            left_out=[*refused, *service.ignore],
        ),
    )


def _moved(service: OwnImage) -> str | None:
    """Return the build context where it is neither the service's own folder nor the root of a workspace."""
    return service.context if isinstance(service, JavaScript) and service.context != service.path else None


def _lock_home(service: OwnImage) -> str:
    """Return the folder of the lock file in the context, with a slash at its end; empty where it is at its top."""
    context = _moved(service)
    if context is None or service.workspace is not None:
        return ""
    return f"{service.path if context == '.' else service.path.removeprefix(f'{context}/')}/"


def _local(service: OwnImage) -> list[str]:
    return [one.path for one in service.install.local or []]


def _allowed(service: OwnImage, home: str, lock_home: str, packages: list[str]) -> Iterator[str]:
    """Yield every path that an instruction of the Dockerfile reads."""
    install = service.install
    beside_lock = [path for path in (install.manifest, install.lock) if path] + install.config
    for more in (install.patches, install.requirements, install.includes, install.development):
        beside_lock += more or []
    yield from (lock_home + path for path in beside_lock)
    yield from _local(service)
    if service.workspace is not None:
        yield from service.workspace.files
        yield from packages
        yield f"{home}{install.manifest}"
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
