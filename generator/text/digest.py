"""Digests: of a content, which is known again by it, and of an image."""

from __future__ import annotations

import hashlib
import re
from typing import TypeGuard

IMAGE_DIGEST = r"sha256:[0-9a-f]{64}"


def is_image_digest(value: object) -> TypeGuard[str]:
    """Tell whether a value is the digest of an image, as `sha256:` and 64 digits."""
    return isinstance(value, str) and re.fullmatch(IMAGE_DIGEST, value) is not None


def digest(content: str | bytes) -> str:
    """Give the SHA-256 of a content, or of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()
