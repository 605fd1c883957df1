"""Reads the folder of a service: its package manager, versions, sources, and whether its lock file is fresh.

Where the folder does not exist yet, nothing is detected and nothing is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from generator.detect.detected import Detected, Piece, combine, has_errors
from generator.detect.hints import detect_hints
from generator.detect.indexes import detect_indexes
from generator.detect.local_dependencies import detect_local_dependencies
from generator.detect.locks.lock_files import check_locks, choose_manager, find_locks, with_renamed_lock
from generator.detect.locks.lock_formats import check_format
from generator.detect.locks.lock_freshness import check_freshness
from generator.detect.managers import managers_of
from generator.detect.node_project import detect_node_project
from generator.detect.patches import detect_patches
from generator.detect.paths.links import detect_links
from generator.detect.paths.named_secrets import detect_named_secrets
from generator.detect.paths.outer_files import outer_files
from generator.detect.python_project import detect_python_project
from generator.detect.selections import detect_selections
from generator.detect.service_folder import Installation, ServiceFolder, Values
from generator.detect.tokens import detect_tokens
from generator.detect.versions.language_versions import detect_bun, detect_node, detect_python
from generator.detect.versions.manager_versions import detect_package_manager, detect_required_version
from generator.detect.workspace_membership import detect_workspace
from generator.model.names import is_folder
from generator.text.errors import Location
from generator.text.files import Repository, dig

Step = Callable[[Installation], Iterator[Piece]]

# What is read once the manager is known, by runtime, in this order.
_STEPS: dict[str, tuple[Step, ...]] = {
    "python": (detect_python_project, detect_python, detect_required_version, detect_selections, detect_indexes),
    "node": (detect_node_project, detect_patches, detect_node, detect_package_manager),
    "bun": (detect_node_project, detect_patches, detect_bun, detect_package_manager),
}


def detect(
    repository: Repository,
    *,
    name: str,
    own: Values,
    merged: Values,
    facts: Callable[[str], Values],
    locate: Callable[..., Location],
    secret_files: frozenset[str] = frozenset(),
    services: tuple[str, ...] = (),
    own_files: frozenset[str] = frozenset(),
) -> Detected:
    """Detect the values that the files of a repository give to one service, and what is wrong with the files.

    Args:
        repository: The files.
        name: The service's name in the spec.
        own: The values of the service itself.
        merged: The values of the presets and the service, not validated yet.
        facts: Returns the presets' section `install` for a manager.
        locate: Returns the place in the spec of one of the service's own values, by its keys.
        secret_files: Files of the repository that secrets of any service are taken from.
        services: The folders of all services, sorted.
        own_files: The spec and the presets that stand in the repository.

    Raises:
        SpecError: a file that has to be read is malformed.
    """
    path, runtime = merged.get("path"), merged.get("runtime")
    if not is_folder(path) or not isinstance(runtime, str):
        return Detected()  # the models report what is wrong with them
    managers = managers_of(runtime)
    if not managers or not repository.names(path):
        return Detected()
    service = ServiceFolder(
        repository=repository,
        name=name,
        path=path,
        runtime=runtime,
        own=own,
        merged=merged,
        facts={manager: facts(manager) for manager in managers},
        locate=locate,
        secret_files=secret_files,
        services=services,
        own_files=own_files,
    )
    found = combine(_pieces(service))
    if path != ".":
        repository.forget(path)  # manifest and lock file are the service's own; those of a workspace are at its root
    return found


def _pieces(service: ServiceFolder) -> list[Piece]:
    """Run the steps in the order of what they need: the workspace has the lock file, which decides the manager."""
    pieces: list[Piece] = [*detect_workspace(service)]
    if has_errors(pieces):
        return pieces
    workspace = combine(pieces).values.get("workspace", {})
    lock_folder = workspace.get("root", service.path)
    locks = find_locks(service, lock_folder)
    if not locks and lock_folder == service.path:
        service, renamed = with_renamed_lock(service)
        pieces += renamed
        locks = find_locks(service, lock_folder)
    manager = choose_manager(service, locks)
    # The models refuse a manager that the runtime does not have; the rest of the folder is read all the same.
    manager = manager if manager in service.facts else ""
    installation = Installation(
        service=service,
        manager=manager,
        lock_folder=lock_folder,
        workspace=workspace,
    )
    pieces += check_locks(installation, locks)
    by_code = outer_files(installation) if service.runtime != "python" else ()
    pieces += detect_local_dependencies(installation, by_code)
    installation = installation._replace(workspace=combine(pieces).values.get("workspace", {}))
    for step in (*_STEPS[service.runtime], detect_tokens, detect_named_secrets):
        pieces += step(installation)
    pieces += detect_links(installation, combine(pieces).values)
    pieces += check_format(installation, _manager_version(installation, combine(pieces).values))
    if not has_errors(pieces):
        pieces += check_freshness(installation)
        pieces += detect_hints(installation, combine(pieces).values)
    return pieces


def _manager_version(installation: Installation, found: Values) -> Any:
    """Give the version of the package manager; a runtime that installs for itself has one version for both."""
    service, manager = installation.service, installation.manager
    if manager == service.runtime:
        return found.get(manager, service.merged.get(manager))
    return dig(found, "install", "version") or installation.fact("version")
