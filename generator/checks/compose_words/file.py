"""What stands beside the services."""

from __future__ import annotations

from typing import Any

from generator.checks.compose_words.typed import Fix, Typed, override, passed, plain_name
from generator.text.quote import quoted


def _network(typed: Typed) -> str:
    networks, name, option = typed.path
    return passed({str(networks): {name: {option: typed.value}}})


def project_for(name: Any) -> str | None:
    """Return the fix of a name of Compose's file, which is `project` here."""
    if not isinstance(name, (str, int)):
        return None
    return f"write project: {quoted(plain_name(str(name)) or 'shop')}"


def _project(typed: Typed) -> str | None:
    return project_for(typed.value)


def _version(typed: Typed) -> str | None:
    if isinstance(typed.value, int):
        return None
    return "write version: 1, which is that of this format; Compose needs none"


def _volumes_of_file(typed: Typed) -> str | None:
    names = typed.value if isinstance(typed.value, list) else [typed.value]
    if not all(isinstance(name, str) for name in names):
        return None
    return f"write volumes: {quoted({name.replace('_', '-'): {} for name in names})}"


def _volume_of_file(typed: Typed) -> str | None:
    plain = plain_name(typed.key)
    return f"write {plain}: {{}}, here and in the services that mount it" if plain != typed.key else None


def _option_of_volume(typed: Typed) -> str:
    volumes, name, option = typed.path
    return passed({str(volumes): {name: {option: typed.value}}})


def _secrets_of_file(_: Typed) -> str:
    return "remove it: a service declares its build secrets, as secrets: {token: {env: TOKEN, variable: TOKEN}}"


FILE: dict[str, Fix] = {
    "name": _project,
    "project": _project,
    "version": _version,
    "volumes": _volumes_of_file,
    "volumes.*": _volume_of_file,
    "volumes.*.*": _option_of_volume,
    "secrets": _secrets_of_file,
    "configs": override,
    "include": override,
    "models": override,
    "jobs": override,
    "develop": lambda _: "write dev: true",
    "networks.*.*": _network,
}
