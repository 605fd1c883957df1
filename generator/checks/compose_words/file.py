"""What stands beside the services."""

from __future__ import annotations

import re
from typing import Any

from generator.checks.compose_words.typed import Fix, Typed, override, passed
from generator.text.quote import quoted


def _network(typed: Typed) -> str:
    networks, name, option = typed.path
    return passed({str(networks): {name: {option: typed.value}}})


def project_for(name: Any) -> str | None:
    """Return the fix of a name of Compose's file, which is `project` here."""
    if not isinstance(name, (str, int)):
        return None
    name = re.sub(r"[^a-z0-9]+", "-", str(name).lower()).strip("-")
    return f"write project: {quoted(name or 'shop')}"


def _project(typed: Typed) -> str | None:
    return project_for(typed.value)


def _version(typed: Typed) -> str | None:
    if isinstance(typed.value, int):
        return None
    return "write version: 1, which is that of this format; Compose needs none"


def _volumes_of_file(typed: Typed) -> str:
    name = str(next(iter(typed.value), "data")) if isinstance(typed.value, (dict, list)) else "data"
    form = quoted({"volumes": {name.replace("_", "-"): "/path"}})[1:-1]
    return f"remove it: the service that mounts a volume declares it, as {form}"


def _secrets_of_file(_: Typed) -> str:
    return "remove it: a service declares its build secrets, as secrets: {token: {env: TOKEN, variable: TOKEN}}"


FILE: dict[str, Fix] = {
    "name": _project,
    "project": _project,
    "version": _version,
    "volumes": _volumes_of_file,
    "secrets": _secrets_of_file,
    "configs": override,
    "include": override,
    "models": override,
    "jobs": override,
    "networks.*.*": _network,
}
