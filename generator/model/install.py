"""What installs a service's dependencies, and what they are installed from: package manager, workspace, artifacts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from generator.model import types as t
from generator.model.parts import Image


class LocalDependency(t.Model):
    """A dependency that is a folder or an archive of the repository, as `file:../lib` names it."""

    path: t.RelativePath
    """The folder or the archive, below the build context."""
    linked: bool
    """node_modules has a link to it, so that it ships itself; otherwise the manager copies it."""


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
    local: list[LocalDependency] | None = None
    """Node, Bun: dependencies that are files of the repository; found in the manifests."""
    linker: Literal["node-modules", "pnp"] | None = None
    """How Yarn lays packages out; `nodeLinker` of `.yarnrc.yml` decides it."""
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

    name: Annotated[str, StringConstraints(pattern=t.NPM_NAME)]
    """As its manifest says."""
    path: t.RelativePath
    """Its folder, below the workspace's root."""
    build: t.Script | None = None
    """The package.json script that compiles it."""
    artifacts: list[t.RelativePath | Literal["."]]
    """What of it ships, below its folder; nothing where it is only needed to build."""


class Member(t.Model):
    """The service's own package in the workspace."""

    name: Annotated[str, StringConstraints(pattern=t.NPM_NAME)] | Literal["."]
    """As its manifest says; `.` for a root without a name."""
    path: t.RelativePath | Literal["."]
    """Its folder, below the workspace's root; `.` where it is the root itself."""


class Workspace(t.Model):
    """The workspace that the service is a member of. It is found by reading the manifests, dependencies first."""

    root: t.ServicePath
    """Folder of the lock file, and build context."""
    member: Member
    """The service's own package."""
    packages: list[WorkspacePackage]
    """The packages of the workspace that the service needs, dependencies first."""
    files: list[t.RelativePath]
    """Files beside the lock file that builds read, as tsconfig.base.json."""
