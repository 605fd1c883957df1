"""pip: requirement files, which may lack hashes, and which refer to each other; or a manifest without a lock file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from generator.detect.detected import Piece, Value
from generator.detect.managers.manager import Dependency, Manager, Refusal
from generator.detect.managers.pyproject import canonical, unlocked
from generator.detect.service_folder import Installation
from generator.detect.tokens import tokens_in
from generator.text.errors import Finding
from generator.text.files import dig
from generator.text.spelling import misspelled, on_disk

if TYPE_CHECKING:
    from generator.model.runtimes import Python

_MANIFEST = "pyproject.toml"

# Blanks of one line: `\s` at the beginning of each line would go through all blank lines again and again.
_REFERENCE = r"(?m)^[^\S\n]*(?:-r|--requirement|-c|--constraint)[\s=]+(\S+)"
_REQUIREMENT = r"(?m)^[^\S\n]*[A-Za-z0-9]"
# A requirement with an exact version, as pip-compile and uv write it.
_PIN = r"(?m)^([A-Za-z0-9][\w.-]*)(?:\[[^\]\n]*\])?==([^\s;\\]+)"

# Files that are not there; to find the place of each takes time.
_MAX_TOLD = 100


def without_lock(installation: Installation, lock: str) -> Iterator[Piece]:
    """Yield that pyproject.toml alone says what is installed; warn that two builds may then differ."""
    service, repository = installation.service, installation.repository
    if not service.has(_MANIFEST):
        return
    place = repository.locate(service.in_service(_MANIFEST), "[project]")
    yield Value(path=("install", "lock"), value=None, place=place)
    yield Value(path=("install", "manifest"), value=_MANIFEST, place=place)
    yield from tokens_in(installation, service.in_service(_MANIFEST))
    refresh = str(installation.fact("refresh")).replace("requirements.in", _MANIFEST)
    yield Finding(
        location=place,
        message=f"{service.name} has no {lock}: each build installs the newest versions that {_MANIFEST} allows",
        fix=f"lock them with: {refresh}",
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


def read_files(installation: Installation) -> Iterator[Piece]:
    """Yield `install.hashes` and `install.includes`, from the requirement files themselves."""
    lock = installation.fact("lock")
    own = dig(installation.service.own, "install")
    own = own if isinstance(own, dict) else {}
    shipped = _texts(installation, [lock, *_list(own.get("requirements"))])
    if not any(shipped.values()):
        return
    place = installation.repository.locate(installation.service.in_service(str(lock)))
    includes: list[str] = []
    for piece in _includes(installation, {**shipped, **_texts(installation, _list(own.get("development")))}):
        if isinstance(piece, Finding):
            yield piece
        else:
            includes.append(piece)
            yield from tokens_in(installation, installation.service.in_service(piece))
    if includes and "includes" not in own:
        yield Value(path=("install", "includes"), value=includes, place=place)
    whole = "\n".join(shipped.values())
    if "hashes" not in own and re.search(_REQUIREMENT, whole) and "--hash=" not in whole:
        name = installation.service.name
        yield Value(path=("install", "hashes"), value=False, place=place)
        yield Finding(
            location=place,
            message=f"{name} has requirements without hashes: a changed file of the index would not be noticed",
            fix=f"add them with: {installation.fact('refresh')}",
            code="hashes-missing",
            level="warn",
        )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(installation: Installation, files: list[Any]) -> dict[str, str]:
    """Give the files among `files` that are there, with their texts."""
    named = [file for file in files if isinstance(file, str)]
    found = {file: installation.repository.text(installation.service.in_service(file)) for file in named}
    return {file: text for file, text in found.items() if text is not None}


def _includes(installation: Installation, known: dict[str, str]) -> Iterator[str | Finding]:
    """Yield the files that `known` ones refer to, and those that these refer to, in the order they are met."""
    seen, missing = set(known), 0
    waiting = list(known.items())
    while waiting:
        name, text = waiting.pop(0)
        for match in re.finditer(_REFERENCE, text):
            other = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[1]))
            if "://" in match[1] or other in seen:
                continue
            seen.add(other)
            wrong, content = _unusable(installation, name, match[0].strip(), other)
            if wrong is not None:
                missing += 1
                yield from [wrong] if missing <= _MAX_TOLD else ()
                continue
            yield other
            waiting.append((other, content))


def _unusable(installation: Installation, name: str, words: str, path: str) -> tuple[Finding | None, str]:
    """Return what is wrong with the file at `path`, to which the file `name` refers in `words`; or its text.

    Both paths start from the folder of the service.
    """
    service, repository, said = installation.service, installation.repository, re.split(r"[\s=]+", words)[-1]
    here = service.in_service(path)
    outside = path.startswith(("../", "/"))
    spelled = here if outside else on_disk(repository, here)
    if not outside and spelled == here and (text := repository.text(here)) is not None:
        return None, text
    location = repository.locate(service.in_service(name), words)
    if spelled != here:
        there = posixpath.relpath(spelled, service.in_service(posixpath.dirname(name) or "."))
        return misspelled(f"{service.name} installs from", said, there, location), ""
    message = f"there is no {said} below {service.path}"
    return Finding(location=location, message=message, fix="move it there", code="requirements-missing"), ""


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
    lock_is_weak=True,  # it is also what other managers export
    without_lock=without_lock,
    find_unlocked=find_unlocked,
    read_files=read_files,
    package_manifest=_MANIFEST,
    refuse=refuse,
)
