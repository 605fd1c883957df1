"""Lists of `key=value` and what is taken from the shell: `environment`, `env`, `labels`, `secrets`."""

from __future__ import annotations

import re
from typing import Any

from generator.checks.compose_words.typed import Fix, Typed, beside, override
from generator.text.quote import quoted
from generator.text.secret_names import sounds_secret

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def variables(value: Any) -> dict[str, Any] | None:
    """Return Compose's list of variables, or a mapping with values that are no texts, in the form of `environment`."""
    entries: list[tuple[str, Any]] = []
    if isinstance(value, (str, dict)):
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
    found = variables(typed.value) or {}
    fitting = {name: value for name, value in found.items() if _VARIABLE.fullmatch(name)}
    other = {name: _plain(value) for name, value in found.items() if name not in fitting}
    written = f"write environment: {quoted(fitting)}" if fitting else ""
    if not other:
        return written or None
    rest = beside({"services": {typed.service: {"environment": other}}})
    return f"{written}; another name is {rest}" if written else rest


def _environment_name(typed: Typed) -> str | None:
    """Make the fix of a variable with a name that only Compose takes, as `discovery.type`."""
    if _VARIABLE.fullmatch(typed.key) or isinstance(typed.value, (dict, list)):
        return None
    return beside(
        {"services": {typed.service: {"environment": {typed.key: _plain(_variable(typed.key, typed.value))}}}}
    )


def _plain(value: Any) -> Any:
    """Return a value of `environment` in Compose's own form."""
    return f"${{{value['variable']}}}" if isinstance(value, dict) else value


def _host_variable(typed: Typed) -> str | None:
    found = re.fullmatch(r"\$\{?(\w+)\}?", str(typed.value))
    return f"write variable: {found[1]}" if found else None


def _env(typed: Typed) -> str | None:
    return _pairs(typed) if typed.built else _environment(typed)


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


def _secret_source(typed: Typed) -> str:
    return f"write variable: {quoted(typed.value)}"


def _label(typed: Typed) -> str | None:
    name = re.sub(r"[^a-z0-9.]+", "-", typed.key.lower()).strip(".-")
    return (
        f"write {quoted(name)}: {quoted(typed.value)}" if typed.key != name and isinstance(typed.value, str) else None
    )


def _env_file(_: Typed) -> str:
    return (
        "write each variable as environment: {NAME: {variable: NAME}}; Compose fills them in from .env beside its file"
    )


SERVICE: dict[str, Fix] = {
    "env_file": _env_file,
    "environment": _environment,
    "environment.*": _environment_name,
    "environment.*.variable": _host_variable,
    "env": _env,
    "labels": _labels,
    "labels.*": _label,
    "secrets": _secrets,
    "secrets.*.environment": _secret_source,
}
