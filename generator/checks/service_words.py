"""Words for what fits no single key of a service: whose image it runs, and how its health is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.model.names import OF_IMAGE
from generator.text.errors import KeyPath

NO_IMAGE = 'name the image, as image: {name: nginx, tag: "1.29"}, or the service that builds it, as image_of: web'
"""The fix of a service that names no image."""


def of_another(service: str, values: Mapping[str, Any], inside: KeyPath) -> tuple[str, str] | None:
    """Return message and fix of a key that says how an image is built, in a service that runs another one's image."""
    owner, key = values.get("image_of"), str(inside[-1])
    if not isinstance(owner, str) or len(inside) != 1 or key not in OF_IMAGE:
        return None
    if key == "image":
        fix = "keep one of them; a preset that names an image, as redis, is for that image"
        return f"services.{service} has image and image_of", fix
    message = f"services.{service}.{key} says how an image is built, and {service} runs that of {owner}"
    return message, f"move it to {owner}, or remove image_of"


def of_probes(check: Mapping[str, Any]) -> str | None:
    """Return the fix of a health check with more than one probe, or with headers that are not sent."""
    given = [key for key in ("http", "heartbeat", "command") if check.get(key) is not None]
    if len(given) > 1:
        return f"keep one of them: {' or '.join(given)}"
    if given and check.get("headers") and given != ["http"]:
        return f"remove headers, or {given[0]} and name a path, as http: /healthz"
    return "write each header once" if check.get("headers") else None


def of_secrets(error: str, key: str) -> str:
    """Return the fix of a secret with too many or too few places, by what its model says; a plain one otherwise."""
    if error.startswith("a secret is mounted"):
        return f"keep one of them, as {key}: {{target: /run/secrets/{key}}}"
    if error.startswith("a secret comes from"):
        return f"keep one of them, as {key}: {{file: secrets/{key}}}" if "exactly" in error else "keep one of them"
    return "correct this value"
