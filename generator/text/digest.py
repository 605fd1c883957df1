"""The digest by which a text is known again."""

from __future__ import annotations

import hashlib


def digest(text: str) -> str:
    """Give the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
