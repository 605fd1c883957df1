"""What the lock file keeps of one vendored file and of one image, and where vendored files lie."""

from __future__ import annotations

import datetime
import posixpath
import re
from dataclasses import dataclass

from generator.sources.source import GitSource, Source

LOCK = "gen-dockerfiles.lock"
FOLDER = ".gen-dockerfiles/presets"
# Enough for a branch that is some updates behind, and few enough to review.
REPLACED = 5
FETCH_AGAIN = "fetch it again with: gen-dockerfiles presets add"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pin:
    """One vendored file: its path in the repository, its digest, and its commit if it is from git."""

    file: str
    sha256: str
    commit: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImagePin:
    """The pinned digest of an image reference.

    Attributes:
        digest: The digest in the generated files.
        date: The day on which it was last looked up at the registry, or confirmed by it where a generated file had it;
            None if the lock file has no date.
        replaced: The earlier digests, newest first. A generated file with one of them is stale, not updated by a bot.
    """

    digest: str
    date: datetime.date | None
    replaced: tuple[str, ...] = ()

    def renewed(self, digest: str, date: datetime.date) -> ImagePin:
        """Return the pin with `digest`, which may be unchanged, looked up on the day `date`."""
        before = dict.fromkeys((self.digest, *self.replaced))
        before.pop(digest, None)
        return ImagePin(digest=digest, date=date, replaced=tuple(before)[:REPLACED])


def vendored_path(source: Source) -> str:
    """Return the path of a source's vendored file in the repository. It does not depend on the ref.

    The file keeps its suffix, which says what kind of file it is.
    """
    if isinstance(source, GitSource):
        stem, suffix = posixpath.splitext(f"{source.url}/{source.path}")
    else:
        # An address may end in anything; the file behind it is always a preset.
        stem, suffix = re.sub(r"\.ya?ml$", "", source.url), ".yaml"
    words = re.sub(r"^\w+://(?:[\w.-]+@)?", "", stem)
    return f"{FOLDER}/{re.sub(r'[^A-Za-z0-9]+', '-', words).strip('-').lower()}{suffix}"
