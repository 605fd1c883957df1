"""Parts of package.json that several managers read: direct dependencies, and lock files that repeat their ranges."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from generator.detect.managers.manager import Dependency, Patch
from generator.detect.service_folder import Installation
from generator.text.files import dig, join, mapping

_SECTIONS = ("dependencies", "devDependencies", "optionalDependencies")


def ranges(entry: Any) -> dict[str, Any]:
    """Give the ranges of a manifest's dependencies, of all of its sections, by name."""
    return {name: value for section in _SECTIONS for name, value in mapping(entry, section).items()}


def direct_dependencies(installation: Installation) -> Iterator[tuple[str, Dependency]]:
    """Yield those of the service and of the packages that it needs, each with the folder in the workspace that asks."""
    for folder, importer in installation.package_folders():
        manifest = join(folder, "package.json")
        data = installation.repository.json(manifest) or {}
        for section in _SECTIONS:
            for name, wanted in mapping(data, section).items():
                if isinstance(wanted, str):
                    yield importer, Dependency(manifest=manifest, name=name, wanted=wanted)


def has_overrides(installation: Installation) -> bool:
    """Say whether the root's manifest may have put other ranges into the lock file than the manifests have."""
    manifest = installation.repository.json(installation.beside_lock("package.json"))
    return bool(dig(manifest, "overrides") or dig(manifest, "resolutions"))


def unlocked_by_importer(installation: Installation, importers: dict[str, Any]) -> Iterator[Dependency]:
    """Compare with a lock file that repeats the ranges of each manifest, by its folder in the workspace.

    A lock file without an entry for a manifest has another format, and nothing is certain.
    """
    known = {importer: ranges(entry) for importer, entry in importers.items()}
    for folder, dependency in direct_dependencies(installation):
        if folder in known and known[folder].get(dependency.name) != dependency.wanted:
            yield dependency


def listed_patches(manifest: str, patches: dict[str, Any]) -> Iterator[Patch]:
    """Yield the patches of a mapping from package to path, which `manifest` has."""
    for path in patches.values():
        if isinstance(path, str):
            yield Patch(manifest=manifest, said=path, path=posixpath.normpath(path))
