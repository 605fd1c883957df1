"""What is compared of a fleet, and how its values are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dockerfile

from generator.model.images import FromDockerfile, OwnImage
from generator.model.project import Project
from generator.model.roles import Assets
from generator.model.services import Service
from generator.model.values import HostVariable, LiteralText

from .fleet import Read

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class Fleet:
    """What is compared.

    Attributes:
        root: The repository.
        project: What the spec says, resolved.
        shell: The variables of the shell that runs Compose.
        read: What the tools have read.
    """

    root: Path
    project: Project
    shell: Mapping[str, str]
    read: Read

    def services(self) -> Iterator[tuple[Service, dict[str, Any]]]:
        """Yield each service that runs with what Compose has of it."""
        for name, service in self.project.services.items():
            if not isinstance(service, Assets):
                yield service, self.read.config["services"][name]

    def stages_of(self, service: FromDockerfile) -> list[FromDockerfile]:
        """Give the services that have stages in the Dockerfile of one: itself, and those that make its assets."""
        return [service, *(self.project.assets_of(service) if isinstance(service, OwnImage) else ())]

    def value(self, value: str | HostVariable | LiteralText) -> str | None:
        """Give a value as it arrives: what Compose interpolates from the shell, or the text."""
        if isinstance(value, LiteralText):
            return value.literal
        if isinstance(value, HostVariable):
            return self.shell.get(value.variable) or value.default
        return value


def differ(what: str, found: object, expected: object) -> Iterator[str]:
    """Say how two values differ, if they do."""
    if found != expected:
        yield f"{what}: {found!r}, and not {expected!r}"


def shown(text: str | None) -> str | None:
    """Read a text of Compose, which writes `$$` for a `$` that nothing fills in."""
    return None if text is None else str(text).replace("$$", "$")


def is_probed(out: Mapping[str, Any]) -> bool:
    """Tell whether Compose probes a service."""
    check = out.get("healthcheck")
    return check is not None and not check.get("disable") and check["test"] != ["NONE"]


def target_port(port: Any) -> int:
    """Give the port in the container."""
    return int(port if isinstance(port, int) else port.target)


def published_port(port: Any) -> int:
    """Give the port of the host."""
    return int(port if isinstance(port, int) else port.published)


def seconds(duration: str) -> float:
    """Read a duration in the form of Compose or of a Dockerfile, in seconds."""
    return sum(float(number) * _UNITS[unit] for number, unit in re.findall(r"([0-9.]+)(ms|h|m|s)", duration))


def _parts(fleet: Fleet, name: str) -> Iterator[Any]:
    """Yield the instructions of the last stage of a Dockerfile, by the parser of BuildKit."""
    build = fleet.read.builds[name]
    parts = dockerfile.parse_file(str(Path(build["context"]) / build["dockerfile"]))
    last = max(index for index, part in enumerate(parts) if part.cmd == "FROM")
    yield from parts[last:]


def healthcheck_of(fleet: Fleet, name: str) -> tuple[list[str], dict[str, str]]:
    """Return the words of HEALTHCHECK and its flags, of the one that there is."""
    [part] = [part for part in _parts(fleet, name) if part.cmd == "HEALTHCHECK"]
    flags = dict(flag.removeprefix("--").split("=") for flag in part.flags)
    return [*part.value], flags


def env_of(fleet: Fleet, name: str) -> dict[str, str]:
    """Return ENV of the last stage of a Dockerfile."""
    found: dict[str, str] = {}
    for part in _parts(fleet, name):
        if part.cmd == "ENV":
            found |= dict(zip(part.value[::2], part.value[1::2], strict=False))
    return {key: re.sub(r'^"(.*)"$', r"\1", value) for key, value in found.items()}
