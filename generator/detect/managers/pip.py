"""pip: requirement files, which may lack hashes, and which refer to each other; or a manifest without a lock file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from generator.detect.detected import Piece, Value
from generator.detect.managers import requirement_files
from generator.detect.managers.locked import in_requirements
from generator.detect.managers.manager import Dependency, Local, LockedPackage, Manager, Refusal
from generator.detect.managers.pyproject import canonical, unlocked
from generator.detect.managers.pyproject_groups import extras_by_name, groups_by_name
from generator.detect.managers.requirement_files import RequirementFile, included, local_of
from generator.detect.service_folder import Installation
from generator.detect.tokens import tokens_in
from generator.text.errors import Finding, Location
from generator.text.files import dig

if TYPE_CHECKING:
    from generator.model.runtimes import Python

_MANIFEST = "pyproject.toml"
_LOCK_NAMES = r"(?:.*[-_.])?requirements?(?:[-_.].*)?\.txt|requirements/.*\.txt"

# Blanks of one line: `\s` at the beginning of each line would go through all blank lines again and again.
_REQUIREMENT = r"(?m)^[^\S\n]*[A-Za-z0-9]"
# A requirement with an exact version, as pip-compile and uv write it.
_PIN = r"(?m)^([A-Za-z0-9][\w.-]*)(?:\[[^\]\n]*\])?==([^\s;\\]+)"


def without_lock(installation: Installation, lock: str) -> Iterator[Piece]:
    """Yield that pyproject.toml alone says what is installed; warn that two builds may then differ."""
    service, repository = installation.service, installation.repository
    if not service.has(_MANIFEST):
        return
    place = repository.locate(service.in_service(_MANIFEST), "[project]")
    yield Value(path=("install", "lock"), value=None, place=place)
    yield Value(path=("install", "manifest"), value=_MANIFEST, place=place)
    yield from tokens_in(installation, service.in_service(_MANIFEST))
    command = str(installation.fact("refresh")).replace("requirements.in", _MANIFEST)
    yield Finding(
        location=place,
        message=f"{service.name} has no {lock}: each build installs the newest versions that {_MANIFEST} allows",
        fix=f"lock them with: {command}",
        code="versions-unlocked",
        level="warn",
    )


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with the file that a requirements file is compiled from, as requirements.in beside requirements.txt."""
    source = re.sub(r"(\.txt)?$", ".in", lock, count=1)
    locked: dict[str, set[str]] = {}
    for name, version in re.findall(_PIN, installation.repository.text(lock) or ""):
        locked.setdefault(canonical(name), set()).add(version)
    lines = (line.partition(" #")[0].strip() for line in (installation.repository.text(source) or "").splitlines())
    yield from unlocked(source, (line for line in lines if line[:1].isalnum() and "@" not in line), locked)


def find_local(installation: Installation) -> Iterator[Local]:
    """Yield what the requirement files take from the repository by path."""
    yield from local_of(installation, _files(installation))


def read_files(installation: Installation) -> Iterator[Piece]:
    """Yield `install.hashes` and `install.includes`, from the requirement files themselves."""
    files = _files(installation)
    yield from (one for one in requirement_files.read_files(installation) if isinstance(one, Finding))
    yield from requirement_files.unread_of(files)
    yield from requirement_files.not_installed(installation, files, _LOCK_NAMES)
    if not any(file.text for file in files if file.ships and file.named):
        return
    own = dig(installation.service.own, "install")
    own = own if isinstance(own, dict) else {}
    place = installation.repository.locate(installation.service.in_service(str(installation.fact("lock"))))
    for file in files:
        if not file.named:
            yield from tokens_in(installation, file.path)
    if (includes := included(installation, files)) and "includes" not in own:
        yield Value(path=("install", "includes"), value=includes, place=place)
    if "hashes" not in own:
        # Those that are referred to count as well: a requirements.txt often has nothing but a reference.
        yield from _hashes(installation, "\n".join(file.text for file in files if file.ships), place)


def _files(installation: Installation) -> list[RequirementFile]:
    found = requirement_files.read_files(installation)
    return [file for file in found if isinstance(file, RequirementFile)]


def _hashes(installation: Installation, text: str, place: Location) -> Iterator[Piece]:
    """Yield that there are no hashes, with the command that adds them."""
    if not re.search(_REQUIREMENT, text) or "--hash=" in text:
        return
    name = installation.service.name
    yield Value(path=("install", "hashes"), value=False, place=place)
    yield Finding(
        location=place,
        message=f"{name} has requirements without hashes: a changed file of the index would not be noticed",
        fix=f"add them with: {_with_hashes(installation)}",
        code="hashes-missing",
        level="warn",
    )


def _with_hashes(installation: Installation) -> str:
    """Give the command that adds hashes; a file that nothing makes is an input, and stays as it is written."""
    lock = str(installation.fact("lock"))
    if source := _source(installation, lock):
        return _compile(installation, source, lock)
    other = re.sub(r"(\.txt)?$", ".lock.txt", lock, count=1)
    return f"{_compile(installation, lock, other)}, and install: {{lock: {other}}}"


def refresh(installation: Installation) -> str:
    """Give the command that writes the lock file, for the name that the service gives it and what it is made from."""
    lock = str(installation.fact("lock"))
    return _compile(installation, _source(installation, lock) or lock, lock)


def _compile(installation: Installation, source: str, lock: str) -> str:
    """Give the command that the presets have, for other names."""
    names = {"requirements.in": source, "requirements.txt": lock}
    return re.sub(r"\brequirements\.(?:in|txt)\b", lambda one: names[one[0]], str(installation.fact("refresh")))


def _source(installation: Installation, lock: str) -> str | None:
    """Return the file that a requirements file is made from: the .in beside it, or a manifest with dependencies."""
    source = re.sub(r"(\.txt)?$", ".in", lock, count=1)
    if installation.repository.text(installation.service.in_service(source)) is not None:
        return source
    data = installation.repository.toml(installation.service.in_service(_MANIFEST))
    return _MANIFEST if dig(data, "project", "dependencies") else None


def locked(installation: Installation, _: str, python: str) -> Iterator[LockedPackage]:
    """Yield the packages that the requirement files name, for a version of Python."""
    yield from in_requirements([file for file in _files(installation) if file.ships], python)


def options(installation: Installation) -> dict[str, Iterable[str]]:
    """Give the extras and groups of a manifest that has no lock file beside it; requirement files have none."""
    data = installation.repository.toml(installation.service.in_service(_MANIFEST))
    if data is None or installation.service.has(str(installation.fact("lock"))):
        return {}
    return {"extras": extras_by_name(data), "groups": groups_by_name(data)}


def more_required_facts(service: Python) -> tuple[str, ...]:
    """Give the manifest, where the project itself is installed, or where only its manifest says what to install."""
    return ("manifest",) if service.package or service.install.lock is None else ()


def refuse(service: Python) -> Iterator[Refusal]:
    """Refuse extras and groups of requirement files; a manifest without a lock file has both."""
    for key, selected in (("extras", service.extras), ("groups", service.groups)):
        if selected and service.install.lock is not None:
            message = f"{service.name} has {key}, but requirement files have none"
            fix = "name the files under install.requirements"
            yield Refusal(path=(key,), message=message, fix=fix, code="selection-unsupported")


MANAGER = Manager(
    runtimes=("python",),
    required_facts=("hashes", "requirements", "includes", "development"),
    more_required_facts=more_required_facts,
    lock_names=_LOCK_NAMES,
    lock_is_weak=True,  # it is also what other managers export
    without_lock=without_lock,
    find_unlocked=find_unlocked,
    refresh=refresh,
    find_local=find_local,
    locked=locked,
    options=options,
    read_files=read_files,
    package_manifest=_MANIFEST,
    refuse=refuse,
)
