"""Ports in Compose's forms: `"8080:80"`, `"127.0.0.1:8080:80/tcp"`, ranges, and the long form.

https://docs.docker.com/reference/compose-file/services/#ports. Only one port of the container means that of the host
as well, where Compose would take any that is free.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from generator.layers.shorthand.forms import Form, Given
from generator.text.errors import KeyPath

LOOPBACK = "127.0.0.1"
_MOST = 100  # in one range: each of them becomes a line of the generated file
_LONG = {"target", "published", "protocol", "host_ip"}


class Ports(NamedTuple):
    """What a text says.

    Attributes:
        address: The address of the host; empty without one.
        protocol: The protocol; empty without one.
        ports: The ports, in the form of the spec.
    """

    address: str
    protocol: str
    ports: list[Any]


def parse(text: str, most: int = _MOST) -> Ports | None:
    """Read a port or a range of at most `most` ports; None for what is none, or has a variable."""
    plain, _, protocol = text.partition("/")
    *before, inside = plain.rsplit(":", 2)
    outside = before[-1] if before else inside
    targets, published = _range(inside), _range(outside or inside)
    if not targets or not published or len(targets) != len(published) or len(targets) > most:
        return None
    ports = [port(target, host) for target, host in zip(targets, published, strict=True)]
    return Ports(address=before[0] if before[1:] else "", protocol=protocol, ports=ports)


def port(target: int, published: int) -> Any:
    """Return one port in the form of the spec."""
    return target if target == published else {"target": target, "published": published}


def number(value: Any) -> int | None:
    """Return the port that a number or a text is; None for anything else."""
    return int(value) if re.fullmatch(r"[1-9][0-9]{0,4}", str(value)) and not isinstance(value, bool) else None


def ports(given: Given) -> Form | None:
    """Read the entries of a list of ports; one that does not fit stays as it is."""
    if not isinstance(given.value, list):
        return None
    found: list[Any] = []
    moves: dict[KeyPath, KeyPath] = {}
    for index, entry in enumerate(given.value):
        for one in _entry(entry, given.typed((index,))):
            moves[(len(found),)] = (index,)
            found.append(one)
    changed = [repr(one) for one in found] != [repr(one) for one in given.value]
    return Form(found, moves) if changed else None


def _entry(entry: Any, typed: str | None) -> list[Any]:
    if isinstance(entry, dict):
        return [_long(entry)]
    # YAML reads 22:22 as a number to the base of 60, which Compose does not.
    text = entry if isinstance(entry, str) else typed if typed and ":" in typed else None
    read = parse(text) if text is not None else None
    if read is None or read.address not in ("", LOOPBACK) or read.protocol not in ("", "tcp"):
        return [entry]
    return read.ports


def _long(entry: dict[str, Any]) -> Any:
    target, published = number(entry.get("target")), number(entry.get("published"))
    known = entry.keys() <= _LONG and {"target", "published"} <= entry.keys()
    plain = entry.get("protocol", "tcp") == "tcp" and entry.get("host_ip", LOOPBACK) == LOOPBACK
    if not known or not plain or target is None or published is None:
        return entry
    return {"target": target, "published": published}


def _range(text: str) -> list[int] | None:
    first, _, last = text.partition("-")
    low, high = number(first), number(last or first)
    return list(range(low, high + 1)) if low is not None and high is not None and low <= high else None
