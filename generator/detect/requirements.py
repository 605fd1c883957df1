"""pip's requirement files: do they have hashes, and which other files do they refer to."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from generator.detect.subject import Subject

_REFERENCE = re.compile(r"^\s*(?:-r|--requirement|-c|--constraint)[\s=]+(\S+)", re.MULTILINE)
_REQUIREMENT = re.compile(r"^\s*[A-Za-z0-9]", re.MULTILINE)


def find_requirements(subject: Subject) -> None:
    """`install.hashes` and `install.includes`, from the files themselves."""
    lock = subject.fact("lock")
    install = subject.own.get("install")
    own = install if isinstance(install, dict) else {}
    shipped = _texts(subject, [lock, *_list(own.get("requirements"))])
    if not any(shipped.values()):
        return
    location = subject.repository.locate(subject.here(str(lock)))
    includes = _includes(subject, {**shipped, **_texts(subject, _list(own.get("development")))})
    if includes and "includes" not in own:
        subject.found.set(("install", "includes"), includes, location)
    whole = "\n".join(shipped.values())
    if "hashes" not in own and _REQUIREMENT.search(whole) and "--hash=" not in whole:
        subject.found.set(("install", "hashes"), False, location)
        message = f"{subject.name} has requirements without hashes: a changed file of the index would not be noticed"
        subject.found.warning(location, message, f"add them with: {subject.fact('refresh')}")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(subject: Subject, files: list[Any]) -> dict[str, str]:
    """The files among `files` that are there, with their texts."""
    found = {file: subject.repository.text(subject.here(file)) for file in files if isinstance(file, str)}
    return {file: text for file, text in found.items() if text is not None}


def _includes(subject: Subject, known: dict[str, str]) -> list[str]:
    """The files that `known` ones refer to, and those that these refer to, in the order they are met."""
    found: list[str] = []
    waiting = list(known.items())
    while waiting:
        name, text = waiting.pop(0)
        for match in _REFERENCE.finditer(text):
            other = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[1]))
            if "://" in match[1] or other in known or other in found:
                continue
            content = None if other.startswith(("../", "/")) else subject.repository.text(subject.here(other))
            if content is None:
                location = subject.repository.locate(subject.here(name), match[0].strip())
                subject.found.problem(location, f"there is no {match[1]} below {subject.path}", "move it there")
                continue
            found.append(other)
            waiting.append((other, content))
    return found
