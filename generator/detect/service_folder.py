"""What detection knows before it starts, and what it knows once the package manager is chosen. Neither ever changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from generator.model.confidential import looks_secret
from generator.text.errors import Location
from generator.text.files import Repository, dig, is_below, join, texts

Values = Mapping[str, Any]


class ServiceFolder(NamedTuple):
    """A service with a Dockerfile, before its own repository has had its say.

    Attributes:
        repository: The files.
        name: The service's name in the spec.
        path: Its folder.
        runtime: python, node or bun.
        own: What the service itself says, not yet validated: any value may have any type.
        merged: What the presets and the service say, not yet validated either.
        facts: `install` of every manager that the runtime has, as the presets give it.
        locate: Gives the place in the spec of one of the service's own words, or of the nearest above it.
        secret_files: Files of the repository that secrets are taken from, those of other services too.
        services: The folders of all services, sorted.
        own_files: The spec and the presets that stand in the repository.
    """

    repository: Repository
    name: str
    path: str
    runtime: str
    own: Values
    merged: Values
    facts: Mapping[str, Values]
    locate: Callable[..., Location]
    secret_files: frozenset[str]
    services: tuple[str, ...]
    own_files: frozenset[str]

    def in_service(self, name: str) -> str:
        """Give the path of a file in the service's folder."""
        return join(self.path, name)

    def has(self, name: str) -> bool:
        """Say whether the service's folder has that entry, or a file at that path; a folder ends with a slash."""
        return name in self.repository.names(self.path) or is_file(self.repository, self.in_service(name))

    def is_secret(self, name: str) -> bool:
        """Say whether an entry of the folder is no source: it looks like a secret, or is or holds nothing but some."""
        path = self.in_service(name.removesuffix("/"))
        inside = self.repository.names(path) if name.endswith("/") else ()
        held = bool(inside) and all(join(path, one) in self.secret_files for one in inside)
        return held or path in self.secret_files or name == "secrets/" or looks_secret(name)


class Installation(NamedTuple):
    """A service, the package manager of its dependencies, and the folder of its lock file.

    Attributes:
        service: The service.
        manager: Name of the package manager; empty where the spec names one that the runtime does not have.
        lock_folder: Folder of the lock file: the service's own, or the root of its workspace.
        workspace: `workspace` as it was detected, with dependencies by path once they are known; empty without both.
    """

    service: ServiceFolder
    manager: str
    lock_folder: str
    workspace: Values

    @property
    def repository(self) -> Repository:
        """The files."""
        return self.service.repository

    def fact(self, name: str) -> Any:
        """Return a value under `install`: the service's own, or else that of the presets for the manager."""
        own = dig(self.service.own, "install", name)
        return own if own is not None else self.service.facts.get(self.manager, {}).get(name)

    def beside_lock(self, name: str) -> str:
        """Give the path of a file beside the lock file."""
        return join(self.lock_folder, name)

    @property
    def context(self) -> str:
        """The build context, as far as it is known: the folder of the lock file, or one above it."""
        root = self.workspace.get("root")
        return self.lock_folder if root is None else str(root)

    @property
    def is_member(self) -> bool:
        """Whether the service is a member of a workspace of its package manager, or the root of one."""
        return "member" in self.workspace

    def is_below_lock(self, path: str) -> bool:
        """Say whether a path of the repository is in the folder of the lock file."""
        return is_below(path, self.lock_folder)

    def has_beside_lock(self, name: str) -> bool:
        """Say whether there is an entry of that name beside the lock file, or a file at that path from there."""
        return name in self.repository.names(self.lock_folder) or is_file(self.repository, self.beside_lock(name))

    def in_both_folders(self, name: str) -> tuple[str, ...]:
        """Give the paths of a file in the service's folder and beside the lock file; one path where they are one."""
        return tuple(dict.fromkeys((self.service.in_service(name), self.beside_lock(name))))

    def settings(self) -> list[str]:
        """List the settings files of the manager that are there and no secrets, by their names beside the lock file."""
        names = texts(self.service.facts.get(self.manager), "settings")
        secret = self.service.secret_files
        return [name for name in names if self.has_beside_lock(name) and self.beside_lock(name) not in secret]

    def package_folders(self) -> Iterator[tuple[str, str]]:
        """Yield the folder of the service and of each package that it needs, and each as its workspace calls it."""
        yield self.service.path, dig(self.workspace, "member", "path") or ""
        for package in self.workspace.get("packages") or []:
            yield join(self.workspace["root"], package["path"]), package["path"]

    def local_folders(self) -> Iterator[str]:
        """Yield the folders of dependencies by path, in the repository; an archive is none."""
        for one in self.workspace.get("local") or []:
            path = join(self.workspace["root"], one["path"])
            if self.repository.names(path):
                yield path


def is_file(repository: Repository, path: str) -> bool:
    """Say whether there is a file at `path`."""
    folder, _, name = path.rpartition("/")
    return name in repository.names(folder or ".")


def is_there(repository: Repository, path: str) -> bool:
    """Say whether there is a file or a folder at `path`."""
    folder, _, name = path.rpartition("/")
    return path == "." or bool({name, f"{name}/"} & repository.names(folder or "."))
