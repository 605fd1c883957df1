"""Keys of Compose that pass through as they are, and those that do not, since the tool writes them itself."""

from __future__ import annotations

from math import inf
from types import NoneType
from typing import Annotated, Any

from pydantic import AfterValidator

from generator.model.types import printable

CONTAINER = (
    *("init", "read_only", "cap_drop", "cap_add", "security_opt", "tmpfs", "restart", "cpus", "mem_limit"),
    *("pids_limit", "shm_size"),
)
"""Keys of a service in Compose that are keys of `container` here."""

OURS: dict[str, str] = {
    **{
        key: key
        for key in (
            *("image", "command", "entrypoint", "environment", "ports", "depends_on", "healthcheck", "networks"),
            *("volumes", "user", "working_dir", "stop_signal", "stop_grace_period"),
        )
    },
    **{key: f"container: {{{key}: …}}" for key in CONTAINER},
    "build": "path",
    "extends": "presets",
    "network_mode": "networks",
}
"""Keys of a service in Compose that are not passed through, and what says them here."""

OURS_OF_FILE: dict[str, str] = {"name": "project", "services": "services", "version": "version"}
"""Keys beside the services in Compose that are not passed through, and what says them here."""


def _as_json(value: Any) -> Any:
    """Refuse what JSON does not have, at any depth, and texts that could end a line or hide something."""
    if isinstance(value, str):
        printable(value)
    elif isinstance(value, dict):
        for key, one in value.items():
            _as_json(key)
            _as_json(one)
    elif isinstance(value, list):
        for one in value:
            _as_json(one)
    elif not isinstance(value, (bool, int, float, NoneType)) or value in (inf, -inf) or value != value:
        raise ValueError(f"{value} is no text, number, truth value, list or mapping: put it in quotes")
    return value


Passed = dict[str, Annotated[Any, AfterValidator(_as_json)]]
"""Values of Compose, as JSON has them: texts, numbers, truth values, lists and mappings."""
