"""What installs a service's dependencies, and what they are installed from: package manager, workspace, artifacts."""

from __future__ import annotations

from typing import Literal

from generator.model import types as t
from generator.model.parts import Image


class Install(t.Model):
    """The facts of a package manager: its files in the repository, its cache directory, where the tool comes from."""

    manifest: t.RelativePath | None = None
    """The project file of the manager."""
    lock: t.RelativePath | None = None
    """The lock file; a build needs it. pip without one installs what `pyproject.toml` allows."""
    refresh: t.ShellCommand
    """The command that brings the lock file up to date; messages name it."""
    cache: t.AbsolutePath
    """Target of the cache mount."""
    version: t.ToolVersion | None = None
    """Version of the manager. `packageManager`, `required-version` and their like in the repository decide it."""
    tool: Image | None = None
    """Image with the manager's binary; mounted, never copied. `{version}` of its tag is the version above."""
    exporter: t.ToolVersion | None = None
    """Version of the plugin that exports the lock file (Poetry)."""
    installer: Image | None = None
    """Image with uv, which installs what the manager has locked."""
    settings: list[t.RelativePath]
    """Files beside the lock file that change what the manager does; those that exist become `config`."""
    config: list[t.RelativePath]
    """Settings files that the build reads."""
    patches: list[t.RelativePath] | None = None
    """pnpm, Yarn, Bun: patches of packages, below the folder of the lock file; found where the manager names them."""
    linker: Literal["node-modules", "pnp"] | None = None
    """How Yarn lays packages out; `nodeLinker` of `.yarnrc.yml` decides it."""
    indexes: dict[t.IndexName, t.IndexAddress] | None = None
    """Python: addresses of package indexes by name, for secrets such as `UV_INDEX_<NAME>_PASSWORD`; detected."""
    hashes: bool | None = None
    """pip: every requirement has a hash; the files themselves decide it."""
    requirements: list[t.RelativePath] | None = None
    """pip: requirement files to install besides `lock`."""
    includes: list[t.RelativePath] | None = None
    """pip: files that the requirement files refer to with `-r` or `-c`; found by reading them."""
    development: list[t.RelativePath] | None = None
    """pip: requirement files for the dev stage."""


class WorkspacePackage(t.Model):
    """A package of the workspace that the service needs."""

    name: t.NpmName
    """As its manifest says."""
    path: t.RelativePath
    """Its folder, below `root`."""
    build: t.Script | None = None
    """The package.json script that compiles it."""
    artifacts: list[t.RelativePath | Literal["."]]
    """What of it ships, below its folder; nothing where it is only needed to build."""


class LocalDependency(t.Model):
    """A folder or an archive of the repository that something depends on by its path, as `file:../lib` names it."""

    path: t.RelativePath
    """Where it is, below the build context."""
    ships: bool
    """The image has the folder itself: it is installed with the project, or node_modules has a link to it. Otherwise
    the package manager copies or unpacks it among the other packages, or only development needs it."""
    name: t.NpmName | None = None
    """Python: its name, where the build reads from its `pyproject.toml` what it depends on."""


class Member(t.Model):
    """The service's own package in the workspace."""

    name: t.NpmName | Literal["."]
    """As its manifest says; `.` for a root without a name."""
    path: t.ServicePath
    """Its folder, below `root`; `.` where it is `root` itself."""


class Workspace(t.Model):
    """What the service shares a repository with: a workspace, and dependencies by path. Found by reading manifests."""

    root: t.ServicePath
    """The build context: the folder that holds everything. Without dependencies elsewhere, that of the lock file."""
    lock_folder: t.RelativePath | None = None
    """Folder of the lock file below the root, where it is not the root itself."""
    member: Member | None = None
    """The service's own package; left out where there is no workspace, but dependencies by path alone."""
    packages: list[WorkspacePackage]
    """The packages of the workspace that the service needs, dependencies first."""
    local: list[LocalDependency] | None = None
    """Dependencies by path, those of the packages too."""
    files: list[t.RelativePath]
    """Files below the root that builds read besides, as tsconfig.base.json or requirements/base.txt."""
    links: list[t.RelativePath] | None = None
    """Paths below the root that symbolic links lead to. They are sent to the builder, which follows links that
    instructions name."""
