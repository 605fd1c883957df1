"""The one service that is being looked at, with everything the looking needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.detect.detected import Found
from generator.text.errors import Location
from generator.text.files import Repository, dig, join

Values = dict[str, Any]


@dataclass(kw_only=True, slots=True)
class Subject:
    """A service with a Dockerfile, before its own repository has had its say.

    Attributes:
        repository: The files.
        name: Its name in the spec.
        path: Its folder.
        runtime: python, node or bun.
        merged: What the presets and the service say, not yet validated: any value may have any type.
        own: What the service itself says.
        facts: `install` of every manager that its runtime has, as the presets give it.
        locate: Gives the place in the spec of one of the service's own words, or of the nearest above it.
        found: What has been found so far.
        root: Folder of the lock file: `path`, or the root of its workspace.
        manager: Who installs, as far as is known.
    """

    repository: Repository
    name: str
    path: str
    runtime: str
    merged: Values
    own: Values
    facts: Mapping[str, Values]
    locate: Callable[..., Location]
    found: Found = field(default_factory=Found)
    root: str = ""
    manager: str = ""

    def fact(self, name: str) -> Any:
        """A fact under `install` of the service's manager: its own word, what was found, or the presets'."""
        own = dig(self.own, "install", name)
        found = dig(self.found.values, "install", name)
        return own if own is not None else found if found is not None else self.facts.get(self.manager, {}).get(name)

    def here(self, name: str) -> str:
        """The path of a file in the service's folder."""
        return join(self.path, name)

    def above(self, name: str) -> str:
        """The path of a file beside the lock file."""
        return join(self.root or self.path, name)

    def has(self, name: str) -> bool:
        """Whether the service's folder has an entry of that name; a folder ends with a slash."""
        return name in self.repository.names(self.path)

    def shared(self, name: str) -> bool:
        """Whether there is an entry of that name beside the lock file."""
        return name in self.repository.names(self.root or self.path)
