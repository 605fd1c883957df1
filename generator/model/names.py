"""Names and patterns that need no Pydantic, so that reading a repository does not have to load it."""

from __future__ import annotations

import re
import unicodedata
from typing import TypeGuard

OUTPUTS = ("server", "bundle", "standalone", "static")
RUNTIMES = ("python", "node", "bun")

VERSION = r"[0-9]+(?:\.[0-9]+)*"

# A segment may not be . or .. and not start with a dash; no blanks and nothing that Docker, sh or an ignore file reads.
SEGMENT = r"(?:[\w@+][\w@+.%-]*|\.[\w@+-][\w@+.-]*)"
PATH = rf"{SEGMENT}(?:/{SEGMENT})*"

# Of a package index, without credentials and without what a shell would read.
INDEX_ADDRESS = r"https?://[A-Za-z0-9][A-Za-z0-9._~:/%+-]*"


def is_folder(path: object) -> TypeGuard[str]:
    """Tell whether a value can be the folder of a service: a path in the repository, or `.` for all of it."""
    return isinstance(path, str) and re.fullmatch(rf"\.|{PATH}", path) is not None


def disk_name(path: str) -> str:
    """Return the same text for paths that are one file on a disk that ignores case, as those of macOS and Windows."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def secret_variable(secret_id: str) -> str:
    """Return the variable that Compose takes a build secret from, where the secret names no source."""
    return secret_id.upper().replace("-", "_").replace(".", "_")


def image_reference(name: str, tag: str, *, registry: str | None, version: str, distribution: str | None) -> str:
    """Return the reference of an image without a digest, with `{version}` and `{distribution}` of its tag filled in."""
    tag = tag.replace("{version}", version).replace("{distribution}", distribution or "")
    return f"{registry}/{name}:{tag}" if registry else f"{name}:{tag}"
