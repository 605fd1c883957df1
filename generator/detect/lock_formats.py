"""Lock files in a form that the package manager of the build does not read, or that lack what it needs there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from generator.detect.detected import Piece
from generator.detect.managers import MANAGERS, record_of
from generator.detect.service_folder import Installation, ServiceFolder, is_file
from generator.text.errors import Finding
from generator.text.files import dig, join, texts

# As npm, Yarn, pnpm and Bun write a source that only git can fetch.
_GIT_SOURCE = (
    r"""(?:git\+\w+|git|ssh)://[^\s"'#,}]{1,200}|https?://[^\s"'#,}]{1,200}\.git(?=\#)|(?<=repo: )[^\s"'#,}]{1,200}"""
)

_PARTS_OF_GIT = ("git+", "git://", "ssh://", ".git#", "repo: ")
# Numbers that fit into any type of number.
_COMPARABLE = r"\d{1,9}(?:\.\d{1,9}){0,2}(?!\d)"
_MAX_TOLD = 100


def other_locks(service: ServiceFolder, folder: str) -> Iterator[Finding]:
    """Report each lock file of a form that is not supported, with the command that gives it the other form."""
    for manager in service.facts:
        for name, command in MANAGERS[manager].other_locks.items():
            if is_file(service.repository, path := join(folder, name)):
                lock = service.facts[manager].get("lock")
                yield Finding(
                    location=service.repository.locate(path),
                    message=f"{service.name} is locked by {name}, which is not supported; {lock} is",
                    fix=f"convert it with: {command}",
                    code="lock-format",
                )


def check_format(installation: Installation, version: object) -> Iterator[Piece]:
    """Yield what is wrong with the lock file for the `version` of the manager that will read it."""
    lock = installation.fact("lock")
    if not isinstance(lock, str) or not installation.has_beside_lock(lock):
        return
    path = installation.beside_lock(lock)
    for name, command in record_of(installation.manager).other_locks.items():
        if installation.has_beside_lock(name) and record_of(installation.manager).prefers_other_lock:
            yield Finding(
                location=installation.repository.locate(installation.beside_lock(name)),
                message=f"{installation.manager} reads {name}, and the image would be built from {lock}",
                fix=f"remove one of them; to keep what {name} has: {command}",
                code="lock-ambiguous",
            )
    if version is None or (isinstance(version, str) and re.match(_COMPARABLE, version)):
        yield from islice(record_of(installation.manager).check_lock(installation, path, version or ""), _MAX_TOLD)


def detect_git_sources(installation: Installation) -> Iterator[Finding]:
    """Warn of sources that git has to fetch, where the build stages have no git: slim images have none."""
    lock = installation.fact("lock")
    have = {package.partition("=")[0] for package in texts(installation.service.merged, "packages", "build")}
    text = installation.repository.text(installation.beside_lock(lock)) if isinstance(lock, str) else None
    # Most lock files have none of these, and may be large.
    likely = text is not None and any(part in text for part in _PARTS_OF_GIT)
    source = re.search(_GIT_SOURCE, text or "", re.VERBOSE) if likely else None
    if not isinstance(lock, str) or not source or {"git", "ca-certificates"} <= have:
        return
    over_ssh = source[0].startswith(("ssh:", "git+ssh:"))
    ssh = dig(installation.service.merged, "ssh") is None and over_ssh
    more = "; with a private repository also openssh-client, and ssh: {known_hosts: FILE}" if ssh else ""
    yield Finding(
        location=installation.repository.locate(installation.beside_lock(lock), source[0]),
        message=f"{installation.service.name} gets a package by git from {source[0]}, and the build stages have no git",
        fix="add to packages.build: " + ", ".join(sorted({"git", "ca-certificates"} - have)) + more,
        code="git-client-missing",
        level="warn",
    )
