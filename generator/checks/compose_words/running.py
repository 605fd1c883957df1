"""How a container runs: its limits, its user, its health check, how often it is there and how it stops."""

from __future__ import annotations

import re
from typing import Any

from generator.checks.compose_words.building import words_of
from generator.checks.compose_words.typed import Fix, Typed, override, passed
from generator.model.types import SIGNAL
from generator.text.files import dig
from generator.text.quote import quoted

_TIME = {"s": 1, "m": 60, "h": 3600}


def _size(value: Any) -> Any:
    """Return a size of Compose with one of the units k, m and g."""
    found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)\s*([kmg])(?:i?b)?", str(value).lower())
    if found and (number := float(found[1])):
        smaller = {"g": "m", "m": "k", "k": "k"}[found[2]]
        return f"{int(number)}{found[2]}" if number.is_integer() else f"{max(1, int(number * 1024))}{smaller}"
    if re.fullmatch(r"[1-9][0-9]{0,18}", str(value)):  # bytes, as kibibytes; so few are meant as mebibytes
        return f"{int(value) // 1024}k" if int(value) >= 1024 else f"{value}m"
    return value


def _contained(value: Any, key: str) -> Any:
    """Return a value of Compose in the type that it has in `container`."""
    match key:
        case "mem_limit" | "shm_size":
            return _size(value)
        case "cpus" if isinstance(value, str) and re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
            return float(value)
        case "tmpfs" | "cap_add" | "cap_drop" | "security_opt" if isinstance(value, str):
            return [value]
        case "restart" if value is False:
            return "no"
        case "restart" if isinstance(value, str):
            return value.replace("_", "-")
        case "pids_limit" if isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{0,8}", value):
            return int(value)
        case "init" | "read_only" if isinstance(value, str):
            return value.lower() in ("true", "yes", "on")
    return value


def _container(typed: Typed) -> str:
    if "$" in str(typed.value) or typed.value == -1:  # a variable, or no limit
        return override(typed)
    return f"write container: {quoted({typed.key: _contained(typed.value, typed.key)})}"


def _container_form(typed: Typed) -> str | None:
    value = _contained(typed.value, typed.key)
    return f"write {typed.key}: {quoted(value)}" if value != typed.value or value is False else None


def _renamed(name: str) -> Fix:
    """Make the fix of a key that has another name in the same mapping."""
    return lambda typed: f"write {name}: {quoted(_contained(typed.value, name))}"


def _deploy(typed: Typed) -> str | None:
    limits = dig(typed.value, "resources", "limits")
    found: dict[str, Any] = {}
    if isinstance(limits, dict):
        names = {"cpus": "cpus", "memory": "mem_limit", "pids": "pids_limit"}
        found = {names[key]: _contained(value, names[key]) for key, value in limits.items() if key in names}
    restart = {"any": "always", "none": "no", "on-failure": "on-failure"}.get(
        str(dig(typed.value, "restart_policy", "condition"))
    )
    found |= {"restart": restart} if restart else {}
    parts = [f"container: {quoted(found)}"] if found else []
    replicas = _whole(dig(typed.value, "replicas"))
    if replicas is not None and typed.values.get("kind") == "worker":
        parts.insert(0, f"replicas: {quoted(replicas)}")
    return f"write {', '.join(parts)}" if parts else override(typed)


def _whole(value: Any) -> Any:
    """Return the number that a text holds, or the value itself."""
    return int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value) else value


def _scale(typed: Typed) -> str:
    return f"write replicas: {quoted(_whole(typed.value))}" if typed.values.get("kind") == "worker" else override(typed)


def _replicas(typed: Typed) -> str | None:
    if typed.values.get("kind") == "worker":
        return None
    if alone := {"scheduler": "two would send each task twice", "job": "it runs once"}.get(
        str(typed.values.get("kind"))
    ):
        return f"remove it: {typed.service} is a {typed.values['kind']}, and {alone}"
    return passed({"scale": typed.value})


def _test(typed: Typed) -> str | None:
    value = typed.value
    if isinstance(value, list) and value[:1] == ["NONE"]:
        return "write healthcheck: null"
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    url = re.search(r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::\d+)?(/[\w./-]*)?", text)
    if typed.built and typed.values.get("ports") and url:
        return f"write healthcheck: {{http: {quoted(url[1] or '/')}}}"
    if isinstance(value, list) and value[:1] == ["CMD"]:
        words: list[str] | None = [str(word) for word in value[1:]]
    elif isinstance(value, list) and value[:1] == ["CMD-SHELL"]:
        words = ["sh", "-c", *map(str, value[1:])]
    else:
        words = words_of(value)
    if not words:
        return None
    return f"write healthcheck: {quoted({'command': words})}"


def _healthcheck(typed: Typed) -> str | None:
    if typed.value in (False, "none", "NONE"):
        return "write healthcheck: null"
    return _test(typed) if isinstance(typed.value, (str, list)) else None


def _http(typed: Typed) -> str | None:
    path = re.sub(r"^https?://[^/\s]*", "", str(typed.value)) or "/"
    path = path if path.startswith("/") else f"/{path}"
    return f"write http: {quoted(path)}" if typed.built and re.fullmatch(r"/[\w./-]*", path) else None


def _disable(typed: Typed) -> str:
    return "write healthcheck: null" if typed.value in (True, "true") else "remove it"


def _duration(typed: Typed) -> str | None:
    text = f"{typed.value}".strip().lower()
    if isinstance(typed.value, bool):
        return None
    if re.fullmatch(r"0+[a-z]*", text):
        return f'write {typed.key}: "1s", the shortest that there is'
    if found := re.fullmatch(r"([0-9]{0,3})\.([0-9]{1,3})s", text):
        return f'write {typed.key}: "{int(found[1] or 0) * 1000 + int(found[2].ljust(3, "0"))}ms"'
    if re.fullmatch(r"[1-9][0-9]*", text):
        return f'write {typed.key}: "{text}s"' if len(text) <= 6 else None  # as t.DURATION
    if found := re.fullmatch(r"([1-9][0-9]*) *(s|m|h)(?:ec|in|our)?(?:ond|ute)?s?", text):
        return f'write {typed.key}: "{found[1]}{found[2]}"' if len(found[1]) <= 6 else None  # the same
    parts = re.findall(r"([0-9]{1,6})([hms])", text)
    if parts and "".join(f"{number}{unit}" for number, unit in parts) == text:
        return f'write {typed.key}: "{sum(int(number) * _TIME[unit] for number, unit in parts)}s"'
    return None


def _user(typed: Typed) -> str | None:
    if not isinstance(typed.value, (str, int)) or isinstance(typed.value, bool):
        return None
    found = re.fullmatch(r"([1-9][0-9]*)(?::([1-9][0-9]*))?", str(typed.value))
    if found:
        return f"write user: {{uid: {found[1]}, gid: {found[2] or found[1]}}}"
    if str(typed.value).partition(":")[0] in ("0", "root"):
        return "leave it out: no service runs as root"
    name = str(typed.value).partition(":")[0]
    if typed.built and re.fullmatch(r"[a-z_][a-z0-9_-]*", name):
        return f"write user: {{name: {quoted(name)}}}"
    return "write its numbers, as user: {uid: 1000, gid: 1000}"


def _signal(typed: Typed) -> str | None:
    names = {"1": "HUP", "2": "INT", "3": "QUIT", "9": "KILL", "10": "USR1", "12": "USR2", "15": "TERM"}
    text = str(typed.value).upper()
    name = f"SIG{names.get(text, text.removeprefix('SIG'))}"
    return f"write stop_signal: {name}" if re.fullmatch(SIGNAL, name) else None


def _stop_signal(typed: Typed) -> str | None:
    return _signal(typed) if typed.built else override(typed)


def _privileged(typed: Typed) -> str:
    if not typed.value:
        return "remove it: no container is privileged"
    return f"name the capabilities that it needs, as container: {{cap_add: [NET_ADMIN]}}, or: {override(typed)}"


_CONTAINED = [
    "init",
    "read_only",
    "cap_drop",
    "cap_add",
    "security_opt",
    "tmpfs",
    "restart",
    "cpus",
    "mem_limit",
    "pids_limit",
    "shm_size",
]


_DURATIONS = ["healthcheck.interval", "healthcheck.timeout", "healthcheck.start_period", "healthcheck.start_interval"]


SERVICE: dict[str, Fix] = {
    "user": _user,
    "deploy": _deploy,
    "scale": _scale,
    "replicas": _replicas,
    "healthcheck": _healthcheck,
    "healthcheck.test": _test,
    "healthcheck.cmd": _test,
    "healthcheck.url": _http,
    "healthcheck.path": _http,
    "healthcheck.http": _http,
    "healthcheck.disable": _disable,
    "stop_signal": _stop_signal,
    "stop_grace_period": _duration,
    "privileged": _privileged,
    "memory": lambda typed: f"write container: {quoted({'mem_limit': _size(typed.value)})}",
    "container.memory": _renamed("mem_limit"),
    "container.mem": _renamed("mem_limit"),
    "container.cpu": _renamed("cpus"),
    "cpu": lambda typed: f"write container: {quoted({'cpus': _contained(typed.value, 'cpus')})}",
    "restart_policy": lambda typed: f"write container: {quoted({'restart': _contained(typed.value, 'restart')})}",
    **dict.fromkeys(_DURATIONS, _duration),
    **dict.fromkeys(_CONTAINED, _container),
    **{f"container.{key}": _container_form for key in _CONTAINED},
}
