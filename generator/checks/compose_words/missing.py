"""What is missing where somebody took a part over from Compose, and what Compose would have taken for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.checks.compose_words.building import command_for
from generator.checks.compose_words.connections import published_for
from generator.checks.compose_words.file import project_for
from generator.text.errors import KeyPath
from generator.text.files import dig

# The defaults of Docker; its start_period is 0s, and the shortest one here is 1s.
_CHECK = {"interval": "30s", "timeout": "30s", "start_period": "1s", "start_interval": "5s", "retries": "3"}


def fix_of_missing(service: str, values: Mapping[str, Any], path: KeyPath) -> str | None:
    """Return the fix of a key that is missing, made from what is there; None for any other key.

    Args:
        service: The name of the service; empty for what stands beside the services.
        values: All values of the service, or of the file.
        path: Where the key is missing among them.
    """
    if not service:
        return _of_file(values, path)
    match path:
        case ("command",):
            return command_for(values)
        case ("healthcheck", str(key)) if key in _CHECK:
            return f"add {key}: {_CHECK[key]}"
        case ("ports", int(index), "published"):
            ports = values.get("ports")
            return published_for(ports[index]) if isinstance(ports, list) else None
    return None


def _of_file(values: Mapping[str, Any], path: KeyPath) -> str | None:
    match path:
        case ("project",) if "name" in values:
            return project_for(values["name"])
        case ("version",):
            return "add version: 1"
        case ("networks", _, "internal"):
            return "add internal: false, as Compose takes it; true keeps its services from the internet"
    return None


def follows(values: Mapping[str, Any], path: KeyPath) -> bool:
    """Tell whether a key is missing because its value stands elsewhere, which is told: the tag behind the name."""
    above = dig(values, *path[:-1])
    if path[-1:] == ("tag",):
        return ":" in str(dig(above, "name")).rpartition("/")[2]
    return path[-1:] == ("name",) and dig(above, "repository") is not None
