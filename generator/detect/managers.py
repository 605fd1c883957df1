"""Which package manager a service has, told by its lock file."""

from __future__ import annotations

from generator.detect.subject import Subject

# A requirements file is also what other managers export; it decides only where no lock file does.
WEAK = frozenset({"pip"})


def find_manager(subject: Subject) -> None:
    """Set the manager by the lock file that is there; report a second one, another one, or none."""
    named = subject.own.get("manager")
    locks = _locks(subject)
    strong = [manager for manager in locks if manager not in WEAK] or list(locks)
    if isinstance(named, str):
        subject.manager = named
        if named in subject.facts and named not in locks:
            _not_there(subject, named, strong, locks)
        return
    if len(strong) > 1:
        names = " and ".join(locks[manager] for manager in strong)
        fix = f"remove all but one, or say which counts, as manager: {strong[0]}"
        subject.found.problem(subject.locate(), f"{subject.name} has more than one lock file: {names}", fix)
    preset = subject.merged.get("manager")
    subject.manager = strong[0] if strong else preset if isinstance(preset, str) else ""
    if strong and strong[0] != preset:
        location = subject.repository.locate(locks[strong[0]])
        subject.found.set(("manager",), strong[0], location)
    if not strong and subject.manager in subject.facts:
        _not_there(subject, subject.manager, strong, locks)


def _locks(subject: Subject) -> dict[str, str]:
    """The managers of the runtime whose lock file is there, each with its path."""
    found: dict[str, str] = {}
    for manager, facts in subject.facts.items():
        own = subject.own.get("install") if manager == subject.own.get("manager") else None
        lock = (own if isinstance(own, dict) else {}).get("lock", facts.get("lock"))
        if isinstance(lock, str) and (path := _path(subject, lock)) and _is_of(subject, path, facts):
            found[manager] = path
    return found


def _path(subject: Subject, lock: str) -> str | None:
    folder, _, name = subject.above(lock).rpartition("/")
    return subject.above(lock) if name in subject.repository.names(folder or ".") else None


def _is_of(subject: Subject, path: str, facts: dict[str, object]) -> bool:
    """Two managers may share the name of a file; then a text in it tells them apart."""
    marker = facts.get("lock_marker")
    return not isinstance(marker, str) or marker in (subject.repository.text(path) or "")


def _not_there(subject: Subject, manager: str, others: list[str], locks: dict[str, str]) -> None:
    """The lock file is missing although what it would be made from is there."""
    facts = subject.facts[manager]
    lock, manifest = subject.fact("lock"), facts.get("manifest")
    if not isinstance(lock, str):
        return
    if others:
        what = f"{subject.name} has {locks[others[0]]}, but its manager is {manager}"
        fix = f"set manager: {others[0]}, or make {lock} with: {facts.get('refresh')}"
        subject.found.problem(subject.locate("manager"), what, fix)
    elif manager == "pip":
        _no_requirements(subject, lock)
    elif isinstance(manifest, str) and subject.shared(manifest):
        fix = f"make it with: {facts.get('refresh')}"
        location = subject.repository.locate(subject.above(manifest))
        subject.found.problem(location, f"{subject.name} has no lock file: {subject.above(lock)} is missing", fix)


def _no_requirements(subject: Subject, lock: str) -> None:
    """Without a lock, pip installs what pyproject.toml asks for: a lesser case, where two builds may differ."""
    manifest = subject.here("pyproject.toml")
    if not subject.has("pyproject.toml"):
        return
    location = subject.repository.locate(manifest, "[project]")
    subject.found.set(("install", "lock"), None, location)
    subject.found.set(("install", "manifest"), "pyproject.toml", location)
    message = f"{subject.name} has no {lock}: each build installs the newest versions that pyproject.toml allows"
    refresh = str(subject.facts["pip"].get("refresh")).replace("requirements.in", "pyproject.toml")
    fix = f"lock them with: {refresh}"
    subject.found.warning(location, message, fix)
