"""The paths of the repository that a service names, and those that are spelled otherwise on the disk.

On a disk that ignores case such a path would work, and in a checkout on another one detection would find nothing there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from generator.model.names import is_folder
from generator.text.errors import Finding, KeyPath, Location
from generator.text.files import Repository, dig, join, mapping, texts
from generator.text.spelling import misspelled, on_disk

_FILES = ("config", "requirements", "includes", "development", "patches")


Locate = Callable[[KeyPath], Location]


class NamedPath(NamedTuple):
    """A path that a service names.

    Attributes:
        keys: Where it is among the values of the service.
        said: The path as it is written there.
        folder: Where it starts from, in the repository.
    """

    keys: KeyPath
    said: str
    folder: str

    @property
    def path(self) -> str:
        """The path in the repository."""
        return join(self.folder, self.said)


def named_paths(values: Any, path: str, root: str, lock_folder: str) -> Iterator[NamedPath]:
    """Yield what a service names, each with the folder that it starts from.

    Args:
        values: The values of the service. They need not be valid, and what is no text is left out.
        path: Its folder.
        root: Its build context.
        lock_folder: The folder of its lock file.
    """
    for index, said in enumerate(texts(values, "sources")):
        yield NamedPath(("sources", index), said, path)
    for index, said in enumerate(texts(values, "extra_sources")):
        yield NamedPath(("extra_sources", index), said, path)
    if isinstance(hosts := dig(values, "ssh", "known_hosts"), str):
        yield NamedPath(("ssh", "known_hosts"), hosts, path)
    for name in _FILES:
        for index, said in enumerate(texts(values, "install", name)):
            yield NamedPath(("install", name, index), said, lock_folder)
    yield from _of_steps(values, path)
    yield from _of_workspace(values, root)
    for index, said in enumerate(texts(values, "ignore")):
        yield NamedPath(("ignore", index), said, root)
    for name, secret in mapping(values, "secrets").items():
        if isinstance(file := dig(secret, "file"), str):
            yield NamedPath(("secrets", name, "file"), file, ".")


def build_folders(values: Mapping[str, Any], path: str) -> tuple[str, str]:
    """Give the build context and the folder of the lock file of a service in the folder `path`, as its values say."""
    root, lock_folder = dig(values, "workspace", "root"), dig(values, "workspace", "lock_folder")
    context = root if is_folder(root) else path
    return context, join(context, lock_folder) if is_folder(lock_folder) else context


def misspelled_paths(
    repository: Repository, name: str, values: Mapping[str, Any], own: Mapping[str, Any], locate: Locate
) -> Iterator[Finding]:
    """Report each path of a service that has another case or another form of Unicode on the disk.

    Args:
        repository: The files.
        name: The name of the service.
        values: Its values.
        own: Those that stand in the spec. Only these name what is ignored and there; a preset lists what may be.
        locate: Returns the place of one of them.
    """
    said = values.get("path")
    if not is_folder(said) or "runtime" not in values:
        return
    root = dig(values, "workspace", "root")
    found = [NamedPath(("path",), said, "."), *([NamedPath(("workspace", "root"), root, ".")] if root else [])]
    context, beside_lock = (on_disk(repository, one) for one in build_folders(values, said))
    # Extra sources are among the sources by now.
    standing = {**values, "ignore": own.get("ignore"), "extra_sources": None}
    found += named_paths(standing, on_disk(repository, said), context, beside_lock)
    for one in found:
        # A pattern of the ignore file is no path.
        if is_folder(one.said) and (there := on_disk(repository, one.path)) != one.path:
            spelled = there if one.folder == "." else there.removeprefix(f"{one.folder}/")
            key = one.keys[-1] if isinstance(one.keys[-1], str) else ""
            yield misspelled(f"{name} has the path", one.said, spelled, locate(one.keys), key=key)


def _of_steps(values: Any, path: str) -> Iterator[NamedPath]:
    for point, steps in mapping(values, "steps").items():
        for name, step in mapping(steps).items():
            if isinstance(said := dig(step, "copy"), str):
                yield NamedPath(("steps", point, name, "copy"), said, path)
            mounts = dig(step, "mounts")
            for index, mount in enumerate(mounts if isinstance(mounts, list) else ()):
                if isinstance(said := dig(mount, "source"), str):
                    yield NamedPath(("steps", point, name, "mounts", index, "source"), said, path)


def _of_workspace(values: Any, root: str) -> Iterator[NamedPath]:
    for keys in (("lock_folder",), ("member", "path")):
        if isinstance(said := dig(values, "workspace", *keys), str):
            yield NamedPath(("workspace", *keys), said, root)
    for key in ("packages", "local"):
        entries = dig(values, "workspace", key)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(said := dig(entry, "path"), str):
                yield NamedPath(("workspace", key, index, "path"), said, root)
    for index, said in enumerate(texts(values, "workspace", "files")):
        yield NamedPath(("workspace", "files", index), said, root)
