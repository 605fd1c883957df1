"""What a service is connected to: `ports`, `depends_on`, `volumes`, `networks`."""

from __future__ import annotations

import re
from typing import Any

from generator.checks.compose_words.typed import Fix, Typed, beside, override, plain_name, with_defaults
from generator.layers.shorthand import connections, ports
from generator.model.names import is_path
from generator.text.files import dig
from generator.text.quote import quoted

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


_MANY_PORTS = 5
_NO_VARIABLE = ": a port is a number and no variable"


_CONDITIONS = {
    **connections.CONDITIONS,
    **{condition: condition for condition in connections.CONDITIONS.values()},
    "true": "started",
    "completed_successfully": "completed",
}


def _port(value: Any) -> Any:
    """Return a port of Compose as one of the spec, a list of them for a range; None for one that it cannot have.

    A variable is taken for its default; without one, the port of the host is that of the container.
    """
    if isinstance(value, dict):
        target, published = ports.number(value.get("target")), ports.number(with_defaults(str(value.get("published"))))
        if target is None or value.get("protocol", "tcp") != "tcp":
            return None
        return ports.port(target, published or target)
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        return None
    # A variable of the host that has no default is taken for the port of the container.
    plain = re.sub(r"(?:^|(?<=:))\$[^:]*:(?=[^:]*$)", "", with_defaults(str(value)))
    read = ports.parse(plain, _MANY_PORTS)
    if read is None or read.protocol not in ("", "tcp"):
        return None
    return read.ports[0] if len(read.ports) == 1 else read.ports


def _port_form(typed: Typed) -> str | None:
    index = typed.path[1]
    value = typed.whole[index] if isinstance(typed.whole, list) and isinstance(index, int) else typed.value
    if isinstance(value, (int, float)):
        return None
    port = _port(value)
    if port is None and isinstance(value, str) and "$" in value:
        return f"write the port of the container, as 8000{_NO_VARIABLE}"
    if port is None:
        simple = isinstance(value, str) and re.search(r"/udp|/sctp|-", value)
        return override(typed) if isinstance(value, dict) or simple else None
    if typed.key in ("target", "published"):
        number = port.get(typed.key) if isinstance(port, dict) else port
        return f"write {typed.key}: {number}"
    if isinstance(value, dict):
        return "remove it: a port has target and published, and is one of TCP on 127.0.0.1"
    plain = with_defaults(value) if isinstance(value, str) else ""
    note = ", which is published on 127.0.0.1" if plain.count(":") > 1 else ""
    note += _NO_VARIABLE if isinstance(value, str) and "$" in value else ""
    shown = quoted(port)[1:-1] if isinstance(port, list) else quoted(port)
    return f"write {shown}{note}"


def published_for(port: Any) -> str | None:
    """Return the fix of a port in the long form that does not say where it is published."""
    number = _port(port)
    return f"add published: {number}" if number is not None else None


def _ports(typed: Typed) -> str | None:
    value = typed.value
    if isinstance(value, dict):  # the port of the host, and that of the container
        found = [_port(f"{outside}:{inside}") for outside, inside in value.items()]
        return f"write ports: {quoted(found)}" if found and all(port is not None for port in found) else None
    port = _port(value)
    return f"write ports: {quoted(port if isinstance(port, list) else [port])}" if port is not None else None


def _condition(value: Any) -> str:
    said = value.get("condition") if isinstance(value, dict) else value
    return _CONDITIONS.get(str(said).lower(), "started")


def _depends(typed: Typed) -> str | None:
    entries = [typed.value] if isinstance(typed.value, str) else typed.value
    if not isinstance(entries, list) or not entries or not all(isinstance(one, (str, dict)) for one in entries):
        return None
    found: dict[str, str] = {}
    for one in entries:
        found |= {name: _condition(said) for name, said in (one if isinstance(one, dict) else {one: None}).items()}
    return f"write depends_on: {quoted(found)}"


def _dependency(typed: Typed) -> str | None:
    said = str(typed.value).lower()
    if not _NAME.fullmatch(str(typed.path[1])):
        return None
    if typed.value is not None and not isinstance(typed.value, dict) and said not in _CONDITIONS:
        return None
    return f"write depends_on: {quoted({typed.path[1]: _condition(typed.value)})}"


def _dependency_part(typed: Typed) -> str | None:
    return _dependency(typed._replace(value=dig(typed.values, *typed.path[:2])))


def _volumes(typed: Typed) -> str | None:
    value = [typed.value] if isinstance(typed.value, str) else typed.value
    if not isinstance(value, list):
        return None
    found: dict[str, str] = {}
    bound: dict[str, str] = {}
    other: list[Any] = []
    for entry in value:
        source, target = _volume(entry)
        if (mount := _bind_mount(entry)) is not None:
            bound |= mount
            continue
        if source is not None and _NAME.fullmatch(source) and target.startswith("/"):
            found[source] = target
        elif isinstance(entry, dict) or ":" in str(entry):
            other.append(entry)
        else:  # no volume of Compose either
            return f"write volumes: {quoted({source or 'data': '/path'})}"
    parts = [f"{key}: {quoted(part)}" for key, part in (("volumes", found), ("bind_mounts", bound)) if part]
    written = f"write {', '.join(parts)}" if parts else ""
    if not other:
        return written or None
    rest = beside({"services": {typed.service: {"volumes": other}}})
    return f"{written}; a bind mount is {rest}" if written else rest


def _bind_mount(entry: Any) -> dict[str, str] | None:
    """Return a bind mount of the repository, as path in the container: path in the repository; None for another one."""
    if isinstance(entry, dict):
        if entry.get("type") != "bind":
            return None
        source, target = str(entry.get("source", "")), str(entry.get("target", ""))
    else:
        source, _, rest = str(entry).partition(":")
        target = rest.partition(":")[0]
    plain = source.removeprefix("./").rstrip("/")
    inside = source.startswith("./") and is_path(plain)
    return {target: plain} if inside and target.startswith("/") else None


def _volume(entry: Any) -> tuple[str | None, str]:
    if isinstance(entry, dict):
        source = entry.get("source") if entry.get("type") == "volume" else None
        return (plain_name(str(source)) if source else None), str(entry.get("target", ""))
    source, _, rest = str(entry).partition(":")
    if not rest and source.startswith("/"):
        return plain_name(source.rpartition("/")[2]), source
    named = source and source[0] not in "./~$"
    return plain_name(source) if named else None, rest.partition(":")[0]


def _volume_entry(typed: Typed) -> str | None:
    """Make the fix of a volume whose name is malformed, or whose place is no text."""
    source, target = typed.key, typed.value
    if isinstance(target, dict):
        target = target.get("target", target.get("path"))
    if not isinstance(target, str) or not target.startswith("/"):
        return None
    if mount := _bind_mount(f"{source}:{target}"):
        return f"remove it, and write bind_mounts: {quoted(mount)} beside volumes"
    if source[:1] in "./~$":
        return beside({"services": {typed.service: {"volumes": [f"{source}:{target}"]}}})
    return f"write {plain_name(source) or 'data'}: {quoted(target.partition(':')[0])}"


def _networks(typed: Typed) -> str | None:
    if isinstance(typed.value, dict) and typed.value:
        note = "" if not any(typed.value.values()) else "; its options are not supported"
        return f"write networks: {quoted(list(typed.value))}{note}"
    if typed.value == {}:  # names without a value, as Compose has them, have removed themselves
        return "write a list of names, as networks: [backend]"
    return f"write networks: {quoted([typed.value])}" if isinstance(typed.value, str) else None


def _expose(_: Typed) -> str:
    return "remove it: services of one network reach all ports of each other"


SERVICE: dict[str, Fix] = {
    "expose": _expose,
    "ports": _ports,
    "ports.*": _port_form,
    "ports.*.*": _port_form,
    "volumes": _volumes,
    "volumes.*": _volume_entry,
    "depends_on": _depends,
    "depends_on.*": _dependency,
    "depends_on.*.*": _dependency_part,
    "networks": _networks,
}
