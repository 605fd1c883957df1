"""A value that was typed in Compose's words, and the advice for what has no form here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from generator.model.compose import OURS, OURS_OF_FILE
from generator.text.errors import KeyPath
from generator.text.files import dig
from generator.text.quote import fits, quoted


class Typed(NamedTuple):
    """A value that does not fit, with what is around it.

    Attributes:
        service: The name of the service; empty for what stands beside the services.
        path: Where the value is in the service, or in the file.
        value: The value.
        values: All values of the service, or of the file.
    """

    service: str
    path: KeyPath
    value: Any
    values: Mapping[str, Any]

    @property
    def key(self) -> str:
        """The last key of the path."""
        return str(self.path[-1])

    @property
    def whole(self) -> Any:
        """The value of the first key of the path."""
        return dig(self.values, self.path[0])

    @property
    def built(self) -> bool:
        """Whether the service has a Dockerfile."""
        return "runtime" in self.values or self.values.get("kind") in ("python", "node")


def with_defaults(text: str) -> str:
    """Return a text of Compose with the default of each variable that has one, as 8080 for `${PORT:-8080}`."""
    return re.sub(r"\$\{\w+:?-([^{}$]*)\}", r"\1", text)


def plain_name(text: str) -> str:
    """Return a name of Compose as one of the spec, as pg-data for pg_data."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


Fix = Callable[[Typed], "str | None"]


def override(typed: Typed) -> str:
    """Say that a key of Compose passes through, or that one which is written belongs into a file of its own."""
    key = str(typed.path[0])
    value = typed.whole if key in typed.values else typed.value
    if key not in (OURS if typed.service else OURS_OF_FILE):
        return passed({key: value})
    return beside({"services": {typed.service: {key: value}}} if typed.service else {key: value})


def passed(values: Mapping[str, Any]) -> str:
    """Say that values pass through, and where."""
    shown = f"write compose: {quoted(dict(values))}"
    return shown if fits(shown) else "write it as it is, below compose"


def beside(there: Mapping[str | int, Any]) -> str:
    """Say that `there` belongs into a compose.override.yaml, with its text if it is short."""
    advice = (
        "not supported; keep it in a compose.override.yaml beside the generated file, which Compose reads by itself"
    )
    shown = quoted(dict(there))[1:-1]
    return f"{advice}: {shown}" if fits(f"{advice}: {shown}") else advice
