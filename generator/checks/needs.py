"""Which services a service needs: those that it waits for, and those that a key of Compose ties it to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from generator.model.services import Service
from generator.text.errors import KeyPath


class Need(NamedTuple):
    """A service that another one needs.

    Attributes:
        name: The service that is needed.
        path: Where it is named, below the service that needs it.
        words: What the other one does, as a message says it.
    """

    name: str
    path: KeyPath
    words: str


_LISTS = {"links": "is linked to", "volumes_from": "mounts the volumes of"}
_SPACES = {"pid": "shares the processes of", "ipc": "shares the memory of"}
_SERVICE = "service:"
_CONTAINER = "container:"


def needs(service: Service) -> Iterator[Need]:
    """Yield what Compose takes for a dependency; a name that is a variable is only known to Compose.

    https://github.com/compose-spec/compose-go (`ServiceConfig.GetDependencies`) has the same keys.
    """
    for name in service.depends_on:
        yield Need(name, ("depends_on", name), "waits for")
    for need in _passed(service):
        if need.name and "$" not in need.name:
            yield need


def _passed(service: Service) -> Iterator[Need]:
    passed = service.compose or {}
    for key, words in _LISTS.items():
        entries = passed.get(key)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, str) and not entry.startswith(_CONTAINER):
                yield Need(entry.partition(":")[0], ("compose", key, index), words)
    for key, words in _SPACES.items():
        value = passed.get(key)
        if isinstance(value, str) and value.startswith(_SERVICE):
            yield Need(value.removeprefix(_SERVICE), ("compose", key), words)
