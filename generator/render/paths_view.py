"""The part of a view that says where everything is in the build context, and what of it is sent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class AssetPaths:
    """What of the build context the stages of another service read, which make assets for this one."""

    name: str
    """Of the other service."""
    allowed: list[str]
    refused: list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Paths:
    """Where the parts of a service are in the build context."""

    context: str
    """The build context, below the repository."""
    root: str
    """The folder of the context that all other paths start from, with a slash at its end; empty where that is the
    context itself. It is not where assets come from another folder. Paths of the ignore file start from the context."""
    dockerfile: str | None
    """The Dockerfile below the context, where it is not the one that builders look for."""
    home: str
    """The service's folder below the root, with a slash at its end; empty where they are one."""
    folder: str
    """The same below another folder: with a slash at its start and none at its end."""
    lock_home: str
    """The folder of the lock file in the context, with a slash at its end; empty where the context is that folder."""
    lock_folder: str
    """The same below another folder: with a slash at its start and none at its end."""
    manifest: str | None
    """The service's own manifest."""
    sources: list[str]
    beside: list[str]
    """Files that builds read besides, as those beside the lock file of a workspace."""
    packages: list[str]
    """Folders that are built or installed with the project, dependencies first."""
    members: list[str]
    """Those, and the service's own folder; none for a service that shares nothing."""
    manifests: list[str]
    """The manifests of the members that are not beside the lock file."""
    project: list[str]
    """All that a build reads besides what lies beside the lock file: packages, manifest, sources."""
    allowed: list[str]
    """Everything that an instruction reads: the allow-list of the ignore file."""
    ssh_keys: list[str]
    """Patterns that refuse SSH keys in the allowed folders, and allow sources whose names begin in the same way."""
    refused: list[str]
    """What earlier builds have left inside the allowed folders, and what the spec lists under `ignore`."""
    assets: list[AssetPaths]
    """The same of the services that make assets for this one."""
    secret: list[str]
    """The last patterns of the ignore file: what is a secret, and after it the very files that instructions read."""
