"""Lists of `key=value` and what is taken from the shell: `environment`, `env`, `labels`, `secrets`."""

from __future__ import annotations

import re
from typing import Any

from generator.checks.compose_words.typed import Fix, Typed, override
from generator.text.quote import quoted
from generator.text.secret_names import sounds_secret


def _variables(value: Any) -> dict[str, Any] | None:
    """Return Compose's list of variables, or a mapping with values that are no texts, in the form of `environment`."""
    entries: list[tuple[str, Any]] = []
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list):
        for entry in value:
            if not isinstance(entry, (str, dict)):
                return None
            if isinstance(entry, dict):
                entries += entry.items()
            else:
                name, given, text = entry.partition("=")
                entries.append((name.strip(), text if given else None))
    return {name: _variable(name, text) for name, text in entries} if entries else None


def _variable(name: str, value: Any) -> Any:
    if value is None or sounds_secret(name):
        return {"variable": name}
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if found := re.fullmatch(r"\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+)", text):
        default = {} if found[2] is None else {"default": found[2]}
        return {"variable": found[1] or found[3], **default}
    return text


def _environment(typed: Typed) -> str | None:
    found = _variables(typed.value)
    return f"write {typed.path[0]}: {quoted(found)}" if found else None


def _environment_value(typed: Typed) -> str | None:
    return f"to take it from the shell: {typed.key}: {{variable: {typed.key}}}" if typed.value is None else None


def _env(typed: Typed) -> str | None:
    if typed.built:
        return _pairs(typed)
    values = typed.value if isinstance(typed.value, dict) else _variables(typed.value)
    return f"write environment: {quoted(values)}" if values else None


def _pairs(typed: Typed) -> str | None:
    """Make a mapping of a list of `key=value`."""
    if not isinstance(typed.value, list) or not all(isinstance(entry, str) for entry in typed.value):
        return None
    return f"write {typed.path[0]}: {quoted(dict(_pair(entry) for entry in typed.value))}"


def _pair(entry: str) -> tuple[str, str]:
    key, _, value = entry.partition("=")
    return key, value


def _labels(typed: Typed) -> str | None:
    return _pairs(typed) if typed.built else override(typed)


def _secrets(typed: Typed) -> str | None:
    given = typed.value if isinstance(typed.value, (list, dict)) else ()
    names = [one.get("source") if isinstance(one, dict) else one for one in given]
    if not names or not all(isinstance(name, str) for name in names):
        return None
    variables = {str(name): re.sub(r"\W", "_", str(name)).upper() for name in names}
    running = quoted({variable: {"variable": variable} for variable in variables.values()})
    if not typed.built:
        return f"write environment: {running}: secrets here are for builds"
    building = quoted({name: {"env": variable} for name, variable in variables.items()})
    return f"for the build write secrets: {building}, for the container environment: {running}"


def _env_file(_: Typed) -> str:
    return (
        "write each variable as environment: {NAME: {variable: NAME}}; Compose fills them in from .env beside its file"
    )


SERVICE: dict[str, Fix] = {
    "env_file": _env_file,
    "environment": _environment,
    "environment.*": _environment_value,
    "env": _env,
    "labels": _labels,
    "secrets": _secrets,
}
