"""What a service is connected to: `ports`, `depends_on`, `volumes`, `networks`."""

from __future__ import annotations

import re
from typing import Any

from generator.checks.compose_words.typed import Fix, Typed, override
from generator.text.files import dig
from generator.text.quote import quoted

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


_MANY_PORTS = 5


_CONDITIONS = {
    "service_started": "started",
    "service_healthy": "healthy",
    "service_completed_successfully": "completed",
    "completed_successfully": "completed",
}


def _port(value: Any) -> Any:
    """Return a port of Compose as one of the spec, a list of them for a range; None for one that it cannot have."""
    if isinstance(value, dict):
        target, published = _number(value.get("target")), _number(value.get("published"))
        if target is None or value.get("protocol", "tcp") != "tcp":
            return None
        return target if published in (None, target) else {"target": target, "published": published}
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        return None
    plain, _, protocol = str(value).partition("/")
    if protocol not in ("", "tcp"):
        return None
    *before, inside = plain.rsplit(":", 2)
    outside = before[-1] if before else inside
    targets, published_range = _range(inside), _range(outside or inside)
    if not targets or not published_range or len(targets) != len(published_range) or len(targets) > _MANY_PORTS:
        return None
    found: list[Any] = [
        target if target == host else {"target": target, "published": host}
        for target, host in zip(targets, published_range, strict=True)
    ]
    return found[0] if len(found) == 1 else found


def _number(value: Any) -> int | None:
    return int(value) if re.fullmatch(r"[1-9][0-9]{0,4}", str(value)) and not isinstance(value, bool) else None


def _range(text: str) -> list[int] | None:
    first, _, last = text.partition("-")
    low, high = _number(first), _number(last or first)
    return list(range(low, high + 1)) if low is not None and high is not None and low <= high else None


def _port_form(typed: Typed) -> str | None:
    index = typed.path[1]
    value = typed.whole[index] if isinstance(typed.whole, list) and isinstance(index, int) else typed.value
    if isinstance(value, (int, float)):
        return None
    port = _port(value)
    if port is None:
        simple = isinstance(value, str) and re.search(r"/udp|/sctp|-", value)
        return override(typed) if isinstance(value, dict) or simple else None
    note = ", which is published on 127.0.0.1" if isinstance(value, str) and value.count(":") > 1 else ""
    shown = quoted(port)[1:-1] if isinstance(port, list) else quoted(port)
    return f"write {shown}{note}"


def _ports(typed: Typed) -> str | None:
    port = _port(typed.value)
    return f"write ports: {quoted(port if isinstance(port, list) else [port])}" if port is not None else None


def _condition(value: Any) -> str:
    said = value.get("condition") if isinstance(value, dict) else value
    return _CONDITIONS.get(str(said), "started")


def _depends(typed: Typed) -> str | None:
    names = [typed.value] if isinstance(typed.value, str) else typed.value
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        return None
    return f"write depends_on: {quoted(dict.fromkeys(names, 'started'))}"


def _dependency(typed: Typed) -> str | None:
    if typed.value is not None and not isinstance(typed.value, dict) and str(typed.value) not in _CONDITIONS:
        return None
    return f"write depends_on: {quoted({typed.path[1]: _condition(typed.value)})}"


def _dependency_part(typed: Typed) -> str | None:
    return _dependency(typed._replace(value=dig(typed.values, *typed.path[:2])))


def _volumes(typed: Typed) -> str | None:
    value = [typed.value] if isinstance(typed.value, str) else typed.value
    if not isinstance(value, list):
        return None
    found: dict[str, str] = {}
    for entry in value:
        source, target = _volume(entry)
        if source is None or not _NAME.fullmatch(source) or not target.startswith("/"):
            return override(typed)
        found[source] = target
    return f"write volumes: {quoted(found)}"


def _volume(entry: Any) -> tuple[str | None, str]:
    if isinstance(entry, dict):
        source = entry.get("source") if entry.get("type") == "volume" else None
        return (str(source).replace("_", "-") if source else None), str(entry.get("target", ""))
    source, _, rest = str(entry).partition(":")
    if not rest and source.startswith("/"):
        return source.rpartition("/")[2].lower(), source
    named = source and source[0] not in "./~$"
    return source.replace("_", "-") if named else None, rest.partition(":")[0]


def _networks(typed: Typed) -> str | None:
    if isinstance(typed.value, dict) and typed.value:
        note = "" if not any(typed.value.values()) else "; its options are not supported"
        return f"write networks: {quoted(list(typed.value))}{note}"
    return f"write networks: {quoted([typed.value])}" if isinstance(typed.value, str) else None


def _expose(_: Typed) -> str:
    return "remove it: services of one network reach all ports of each other"


SERVICE: dict[str, Fix] = {
    "expose": _expose,
    "ports": _ports,
    "ports.*": _port_form,
    "ports.*.*": _port_form,
    "volumes": _volumes,
    "depends_on": _depends,
    "depends_on.*": _dependency,
    "depends_on.*.*": _dependency_part,
    "networks": _networks,
}
