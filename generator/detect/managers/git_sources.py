"""Packages that only git can fetch, in the lock files of JavaScript managers: all of them have its addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from generator.detect.managers.manager import LockedPackage
from generator.detect.service_folder import Installation

# As npm, Yarn, pnpm and Bun write a source that only git can fetch.
_GIT_SOURCE = (
    r"""(?:git\+\w+|git|ssh)://[^\s"'#,}]{1,200}|https?://[^\s"'#,}]{1,200}\.git(?=\#)|(?<=repo: )[^\s"'#,}]{1,200}"""
    r"""|\bgit@[\w.-]{1,100}:[^\s"'#,}]{1,200}(?=\#commit=)"""
)
_MOST = 100
_PARTS = ("git+", "git://", "ssh://", ".git#", "repo: ", "#commit=")


def git_sources(installation: Installation, lock: str, _: str) -> Iterator[LockedPackage]:
    """Yield the packages of a lock file that git fetches, by their addresses."""
    text = installation.repository.text(lock) or ""
    # Most lock files have none of these, and may be large.
    found = re.findall(_GIT_SOURCE, text) if any(part in text for part in _PARTS) else []
    for source in islice(dict.fromkeys(found), _MOST):
        place = installation.repository.locate(lock, source)
        over_ssh = source.startswith(("ssh:", "git+ssh:", "git@"))
        yield LockedPackage(source, place, from_git=True, over_ssh=over_ssh)
