"""Which package manager a service has, told by its lock file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.detect.detected import Piece, Value
from generator.detect.locks.lock_formats import other_lock_paths, other_locks
from generator.detect.managers import MANAGERS, record_of
from generator.detect.managers.requirement_files import FOR_DEVELOPMENT
from generator.detect.paths.folder_entries import folder_entries
from generator.detect.service_folder import Installation, ServiceFolder, is_file
from generator.text.errors import Finding
from generator.text.files import dig, join

# Manifests of setuptools, which no package manager locks.
_SETUP = ("setup.py", "setup.cfg")


def find_locks(service: ServiceFolder, folder: str) -> dict[str, str]:
    """Give the managers of the runtime whose lock file is in `folder`, each with its path."""
    locks: dict[str, str] = {}
    for manager, facts in service.facts.items():
        own = dig(service.own, "install") if manager == service.own.get("manager") else None
        lock = (own if isinstance(own, dict) else {}).get("lock", facts.get("lock"))
        if isinstance(lock, str) and is_file(service.repository, join(folder, lock)):
            marker = MANAGERS[manager].lock_marker
            if not marker or marker in (service.repository.text(join(folder, lock)) or ""):
                locks[manager] = join(folder, lock)
    return locks


def choose_manager(service: ServiceFolder, locks: Mapping[str, str]) -> str:
    """Give the manager that the service names, or the one of its lock file, or the presets'; empty without any."""
    named, preset = service.own.get("manager"), service.merged.get("manager")
    if isinstance(named, str):
        return named
    if (by_name := _named_by(service)) is not None:
        return by_name
    if deciding := _deciding(locks):
        return deciding[0]
    return preset if isinstance(preset, str) else ""


def check_locks(installation: Installation, locks: Mapping[str, str]) -> Iterator[Piece]:
    """Yield `manager`, where only its lock file says it; report a lock file too many, or none."""
    service, manager, deciding = installation.service, installation.manager, _deciding(locks)
    if isinstance(service.own.get("manager"), str):
        if manager not in locks:
            named = [manager] if manager in service.facts else []
            unsupported = [*other_locks(service, installation.lock_folder, named)]
            yield from unsupported or _missing(installation, deciding, locks)
        return
    if manager == _named_by(service):
        if manager != service.merged.get("manager"):
            yield Value(path=("manager",), value=manager, place=service.locate("install", "lock"))
        return
    yield from _ambiguous(installation, deciding, locks)
    if not deciding and (unsupported := [*other_locks(service, installation.lock_folder, service.facts)]):
        yield from unsupported
    elif not deciding:
        yield from _missing(installation, deciding, locks)
    elif manager != service.merged.get("manager"):
        yield Value(path=("manager",), value=manager, place=service.repository.locate(locks[manager]))


def _ambiguous(installation: Installation, deciding: list[str], locks: Mapping[str, str]) -> Iterator[Finding]:
    """Report lock files of several managers, of any form."""
    service = installation.service
    others = [manager for manager in service.facts if manager not in deciding]
    paths = [path for manager in others for path in other_lock_paths(service, installation.lock_folder, manager)]
    paths = [*(locks[manager] for manager in deciding), *paths]
    if deciding and len(paths) > 1:
        yield Finding(
            location=service.locate(),
            message=f"{service.name} has more than one lock file: {' and '.join(paths)}",
            fix=f"remove all but one, or say which counts, as manager: {deciding[0]}",
            code="lock-ambiguous",
        )


def _deciding(locks: Mapping[str, str]) -> list[str]:
    """List the managers among those of `locks` that count: weak lock files do only where there is no other."""
    return [manager for manager in locks if not MANAGERS[manager].lock_is_weak] or list(locks)


def _missing(installation: Installation, others: list[str], locks: Mapping[str, str]) -> Iterator[Piece]:
    lock = installation.fact("lock")
    if installation.manager not in installation.service.facts or not isinstance(lock, str):
        return
    if not others:
        without = record_of(installation.manager).without_lock
        found: list[Piece] = [*_renamed(installation)] or [*without(installation, lock)]
        yield from found or _nothing(installation, lock)
        return
    name, manager, refresh = installation.service.name, installation.manager, installation.fact("refresh")
    yield Finding(
        location=installation.service.locate("manager"),
        message=f"{name} has {locks[others[0]]}, but its manager is {manager}",
        fix=f"set manager: {others[0]}, or make {lock} with: {refresh}",
        code="manager-disagrees",
    )


def _named_by(service: ServiceFolder) -> str | None:
    """Give the manager whose lock file the service names under `install.lock`; None without one that is there."""
    lock = dig(service.own, "install", "lock")
    if not isinstance(lock, str) or not is_file(service.repository, service.in_service(lock)):
        return None
    known = [name for name, facts in service.facts.items() if facts.get("lock") == lock]
    patterns = [(name, MANAGERS[name].lock_names) for name in service.facts if MANAGERS[name].lock_names]
    return next(iter([*known, *(name for name, pattern in patterns if re.fullmatch(pattern, lock))]), None)


def _renamed(installation: Installation) -> list[Finding]:
    """Report lock files under other names, where there is none that is known, no manifest, and no only one to take."""
    service = installation.service
    if _has_manifest(service, installation.manager):
        return []
    for manager, names in _other_names(service):
        shipped = _shipped(names)
        if shipped:
            best = next((name for name in shipped if re.search("prod", name)), shipped[0])
            return [
                Finding(
                    location=service.repository.locate(service.in_service(best)),
                    message=f"{service.name} has no {service.facts[manager].get('lock')}, but {' and '.join(names)}",
                    fix=f"name what ships, as manager: {manager} and install: {{lock: {best}}}",
                    code="lock-renamed",
                )
            ]
    return []


def with_renamed_lock(service: ServiceFolder) -> tuple[ServiceFolder, list[Piece]]:
    """Take the only lock file that can be meant, where it has another name than its manager looks for.

    It is the only one that is not for development, or the only one for production, as `requirements/prod.txt`.

    Returns:
        The service with the name of that file as a fact of the manager, and what is to be told.
    """
    if isinstance(dig(service.own, "install", "lock"), str):
        return service, []
    for manager, names in _other_names(service):
        named = service.own.get("manager", manager)
        shipped = _shipped(names)
        best = [name for name in shipped if re.search("prod", name)] if len(shipped) > 1 else shipped
        if named != manager or len(best) != 1 or _has_manifest(service, str(service.merged.get("manager"))):
            continue
        place = service.repository.locate(service.in_service(best[0]))
        found: list[Piece] = [
            Value(path=("install", "lock"), value=best[0], place=place),
            Finding(
                location=place,
                message=f"{service.name} has no {service.facts[manager].get('lock')}, and is installed from {best[0]}",
                fix=f"to choose it or another one, add manager: {manager} and install: {{lock: {best[0]}}}",
                code="lock-chosen",
                level="note",
            ),
        ]
        facts = {**service.facts, manager: {**service.facts[manager], "lock": best[0]}}
        return service._replace(facts=facts), found
    return service, []


def _other_names(service: ServiceFolder) -> Iterator[tuple[str, list[str]]]:
    """Yield the managers whose lock files have many names, each with those files of the folder that may be one."""
    for manager in service.facts:
        if pattern := MANAGERS[manager].lock_names:
            yield manager, [name for name in _files(service) if re.fullmatch(pattern, name)]


def _shipped(names: list[str]) -> list[str]:
    return [name for name in names if not re.search(FOR_DEVELOPMENT, name)]


def _has_manifest(service: ServiceFolder, manager: str) -> bool:
    """Say whether the folder has the manifest of a manager, which says by itself what to install."""
    manifest = dig(service.own, "install", "manifest") or service.facts.get(manager, {}).get("manifest")
    return isinstance(manifest, str) and is_file(service.repository, service.in_service(manifest))


def _nothing(installation: Installation, lock: str) -> Iterator[Finding]:
    """Report a folder with files, and with nothing that says what to install: no build could read it."""
    service, repository = installation.service, installation.repository
    if not folder_entries(installation).application:
        return
    setup = next((name for name in _SETUP if service.has(name)), None)
    manifest, refresh = installation.fact("manifest") or lock, installation.fact("refresh")
    fix = f"make {manifest}, and {lock} with: {refresh}" if manifest != lock else f"make {lock}"
    if service.runtime == "python":
        fix += "; a service without packages has an empty requirements.txt" if setup is None else ""
    if setup is not None:
        fix = f"lock what it asks for with: uv pip compile --generate-hashes {setup} --output-file requirements.txt"
    yield Finding(
        location=repository.locate(service.in_service(setup)) if setup else service.locate(),
        message=f"{service.name} has {f'{setup} and no lock file' if setup else f'no lock file and no {manifest}'}",
        fix=fix,
        code="lock-missing",
    )


def _files(service: ServiceFolder) -> list[str]:
    """List the files of the service's folder, and those one folder below."""
    names = service.repository.names(service.path)
    inside = {name: service.repository.names(service.in_service(name[:-1])) for name in names if name.endswith("/")}
    below = (folder + name for folder, found in inside.items() for name in found)
    return sorted(name for name in {*names, *below} if not name.endswith("/"))
