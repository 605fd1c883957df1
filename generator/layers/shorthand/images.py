"""An image as one text: `postgres:18`, `ghcr.io/org/app:1.2@sha256:…`.

https://docs.docker.com/reference/compose-file/services/#image
"""

from __future__ import annotations

import re
from typing import Any

from generator.layers.shorthand.forms import Form, Given

# Suites of Debian that official images name in their tags.
_SUITES = ("bullseye", "bookworm", "trixie", "forky")


def reference(text: str) -> dict[str, str] | None:
    """Split the text of an image into registry, name, tag and digest, as far as they are there; None without a name."""
    plain, _, digest = text.partition("@")
    head, slash, last = plain.rpartition("/")
    name, _, tag = last.partition(":")
    parts: dict[str, str] = {}
    first, _, rest = head.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        parts["registry"], head = first, rest
    parts["name"] = f"{head}/{name}" if head else name
    parts |= {"tag": tag} if tag else {}
    parts |= {"digest": digest} if digest else {}
    return parts if name else None


def suite(tag: str) -> str | None:
    """Return the suite of Debian that a tag names; None without one."""
    return next((word for word in re.split(r"[-._]", tag) if word in _SUITES), None)


def image(given: Given) -> Form | None:
    """Read an image that is one text.

    The text is all of the reference: a registry or a digest of a lower layer is none of it, and None removes it. An
    image to build on needs a distribution, which the tag has to name.
    """
    parts = reference(given.value) if isinstance(given.value, str) else None
    if parts is None or "$" in given.value or parts["name"] != parts["name"].lower():
        return None
    if "tag" not in parts and "digest" in parts:
        return None  # no image has both no tag and one that could be shown here
    read: dict[str, Any] = {"registry": None, "tag": "latest", "digest": None, **parts}
    if given.built is False:
        return Form(read)
    distribution = suite(read["tag"]) if given.built else None
    if given.built and distribution is None:
        return None
    return Form({**read, "distribution": distribution, "root": None})
