"""Packages that only git can fetch, in the lock files of JavaScript managers: all of them have its addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.detect.managers.manager import LockedPackage
from generator.detect.service_folder import Installation

# As npm, Yarn, pnpm and Bun write a source that only git can fetch.
_GIT_SOURCE = (
    r"""(?:git\+\w+|git|ssh)://[^\s"'#,}]{1,200}|https?://[^\s"'#,}]{1,200}\.git(?=\#)|(?<=repo: )[^\s"'#,}]{1,200}"""
    r"""|\bgit@[\w.-]{1,100}:[^\s"'#,}]{1,200}(?=\#commit=)"""
)
_PARTS = ("git+", "git://", "ssh://", ".git#", "repo: ", "#commit=")


def git_sources(installation: Installation, lock: str, _: str) -> Iterator[LockedPackage]:
    """Yield the first package of a lock file that git fetches."""
    text = installation.repository.text(lock) or ""
    # Most lock files have none of these, and may be large.
    source = re.search(_GIT_SOURCE, text) if any(part in text for part in _PARTS) else None
    if source:
        place = installation.repository.locate(lock, source[0])
        over_ssh = source[0].startswith(("ssh:", "git+ssh:", "git@"))
        yield LockedPackage(source[0], place, from_git=True, over_ssh=over_ssh)
