"""Where the spec of a fleet, its Compose file and its Dockerfiles disagree, as Compose and BuildKit read them.

Each function yields a sentence for each disagreement. What the spec says is the resolved project, before anything is
rendered; Compose's `$$`, for a `$` that nothing fills in, is read back.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dockerfile

from generator.checks.needs import needs
from generator.model.images import ExistingImage, FromDockerfile, OwnImage, SharedImage, WrittenImage
from generator.model.names import HEARTBEAT_VARIABLE, dockerfile_name, secret_variable
from generator.model.project import Project
from generator.model.roles import Assets
from generator.model.services import Service
from generator.model.values import HostVariable, LiteralText

from .fleet import Read

_CONDITIONS = {
    "started": "service_started",
    "healthy": "service_healthy",
    "completed": "service_completed_successfully",
}
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_TIMES = ("interval", "timeout", "start_period", "start_interval")


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


def disagreements(fleet: Fleet) -> list[str]:
    """List everything in which the files of a fleet do not agree with its spec or with each other."""
    named = [*_names(fleet)]
    return named or [one for check in _CHECKS for one in check(fleet)]


def _names(fleet: Fleet) -> Iterator[str]:
    config = fleet.read.config
    yield from _differ("the name of the project", config["name"], fleet.project.project)
    running = {name for name, one in fleet.project.services.items() if not isinstance(one, Assets)}
    yield from _differ("services", {*config["services"]}, running)
    taken = [one["container_name"] for one in config["services"].values() if "container_name" in one]
    yield from _differ("containers of one name", len(taken), len({*taken}))


def _contexts(fleet: Fleet) -> Iterator[str]:
    """A build has the Dockerfile of the spec in a context that exists, with its own ignore file beside it."""
    for service, out in fleet.services():
        build = out.get("build")
        yield from _differ(f"{service.name} is built", build is not None, isinstance(service, FromDockerfile))
        if not isinstance(service, FromDockerfile) or build is None:
            continue
        contexts = [fleet.root / _context(one) for one in fleet.stages_of(service)]
        context = Path(os.path.commonpath(contexts))
        yield from _differ(f"context of {service.name}", Path(build["context"]), context.resolve())
        file = fleet.root / service.path / dockerfile_name(service.dockerfile)
        yield from _differ(f"Dockerfile of {service.name}", context / build["dockerfile"], file)
        yield from _differ(f"{file} is there", file.is_file(), True)
        if isinstance(service, OwnImage):
            ignored = file.with_name(f"{file.name}.dockerignore")
            yield from _differ(f"{ignored} is there", ignored.is_file(), True)


def _context(service: FromDockerfile) -> str:
    workspace = service.workspace if isinstance(service, OwnImage) else None
    return workspace.root if workspace else service.path


def _stages(fleet: Fleet) -> Iterator[str]:
    for service, out in fleet.services():
        if "build" in out:
            stages = fleet.read.stages[service.name]
            target = "runtime" if isinstance(service, OwnImage) else getattr(service, "target", None) or stages[-1]
            yield from _differ(f"target of {service.name}", out["build"].get("target", stages[-1]), target)
            yield from _differ(f"{target} is a stage of {service.name}", target in stages, True)
            yield from _differ(f"outline of {service.name}", fleet.read.outlines[service.name]["name"], target)


def _arguments(fleet: Fleet) -> Iterator[str]:
    """The target uses the arguments that the spec names and no other, each with the value of the shell or the spec."""
    for service, out in fleet.services():
        if not isinstance(service, FromDockerfile):
            continue
        given = {name: _read(value) for name, value in out["build"].get("args", {}).items()}
        # An outline leaves out a value that is empty.
        used = {one["name"]: one.get("value", "") for one in fleet.read.outlines[service.name].get("args") or ()}
        said = [one for maker in fleet.stages_of(service) for one in (maker.variables or {}).items()]
        expected = {name: fleet.value(value) for name, value in said}
        yield from _differ(f"args of {service.name} that no ARG takes", {*given} - {*used}, set())
        yield from _differ(f"ARG of {service.name}", used, expected)
        for name, value in given.items():
            yield from _differ(f"args.{name} of {service.name}", value, expected.get(name))


def _secrets(fleet: Fleet) -> Iterator[str]:
    """Compose hands over the secrets and the agent that the target mounts, from where the spec takes them."""
    declared = fleet.read.config.get("secrets", {})
    used: set[str] = set()
    for service, out in fleet.services():
        if not isinstance(service, FromDockerfile):
            continue
        outline = fleet.read.outlines[service.name]
        given = {one["source"] for one in out["build"].get("secrets", ())}
        mounted = {one["name"] for one in outline.get("secrets") or ()}
        yield from _differ(f"build secrets of {service.name}", given, mounted)
        said = {name: one for maker in fleet.stages_of(service) for name, one in (maker.secrets or {}).items()}
        yield from _differ(f"secrets of {service.name} in the spec", given, {*said})
        agents = {one["name"] for one in outline.get("ssh") or ()}
        yield from _differ(f"agents of {service.name}", {*out["build"].get("ssh", ())}, agents)
        yield from _differ(f"{service.name} has an agent", bool(agents), getattr(service, "ssh", None) is not None)
        for name, secret in said.items():
            used.add(name)
            place = declared.get(name, {})
            where = place.get("file") or place.get("environment")
            other = secret.variable or secret_variable(name)
            yield from _differ(f"source of {name}", where, str(fleet.root / secret.file) if secret.file else other)
    yield from _differ("secrets that are declared", {*declared}, used)


def _probes(fleet: Fleet) -> Iterator[str]:
    """The check of Compose is that of the spec, and the image's own HEALTHCHECK says the same."""
    for service, out in fleet.services():
        probe, check = service.healthcheck, out.get("healthcheck")
        written = _instruction(fleet, service.name) if isinstance(service, OwnImage) else None
        if probe is None:
            own = isinstance(service, FromDockerfile) or (isinstance(service, ExistingImage) and check is None)
            off = check is None if own else check == {"disable": True}
            explicit = isinstance(service, WrittenImage) and check == {"disable": True}
            yield from _differ(f"{service.name} is not probed", off or explicit, True)
            yield from _differ(f"HEALTHCHECK of {service.name}", written and written[0], written and ["NONE"])
            continue
        if check is None or not _is_probed(out):
            yield f"{service.name} is not probed: {check}"
            continue
        test = [_read(word) for word in check["test"]]
        for key in _TIMES:
            yield from _differ(f"{key} of {service.name}", _seconds(check[key]), _seconds(getattr(probe, key)))
        yield from _differ(f"retries of {service.name}", check["retries"], probe.retries)
        if probe.command is not None:
            yield from _differ(f"probe of {service.name}", test, ["CMD", *probe.command])
        elif probe.http is not None:
            asked = {str(_target(service.ports[0])), probe.http} | {
                f"{name}: {value}" for name, value in (probe.headers or {}).items()
            }
            yield from _differ(f"{asked} are asked by {service.name}", asked - {*test}, set())
        elif probe.heartbeat is not None:
            looked = {probe.heartbeat.file, str(probe.heartbeat.max_age)}
            yield from _differ(f"{looked} are looked at by {service.name}", looked - {*test}, set())
        if written is not None:
            words, flags = written
            yield from _differ(f"HEALTHCHECK of {service.name}", words, test)
            yield from _differ(f"retries in HEALTHCHECK of {service.name}", flags["retries"], str(probe.retries))
            for key in _TIMES:
                found = _seconds(flags[key.replace("_", "-")])
                yield from _differ(f"{key} in HEALTHCHECK of {service.name}", found, _seconds(getattr(probe, key)))


def _dependencies(fleet: Fleet) -> Iterator[str]:
    """Each condition is that of the spec, and the other side can fulfil it."""
    config = fleet.read.config["services"]
    for service, out in fleet.services():
        waits = out.get("depends_on", {})
        expected = {name: _CONDITIONS[what] for name, what in service.depends_on.items()}
        for need in needs(service):  # Compose waits until what it shares has started
            expected.setdefault(need.name, "service_started")
        found = {name: one["condition"] for name, one in waits.items()}
        yield from _differ(f"what {service.name} waits for", found, expected)
        for name, condition in found.items():
            other = config[name]
            if condition == "service_healthy":
                yield from _differ(f"{name} can be healthy for {service.name}", _is_probed(other), True)
            if condition == "service_completed_successfully":
                ends = other.get("restart", "no") not in ("always", "unless-stopped")
                yield from _differ(f"{name} can end for {service.name}", ends, True)
            theirs, ours = {*other.get("profiles", ())}, {*out.get("profiles", ())}
            yield from _differ(f"{name} starts with {service.name}", not theirs or bool(ours and ours <= theirs), True)


def _environment(fleet: Fleet) -> Iterator[str]:
    """The container sees the values of the spec, and in any image the file of its heartbeat and its first port."""
    for service, out in fleet.services():
        found = {name: _read(value) for name, value in (out.get("environment") or {}).items()}
        expected = {name: fleet.value(value) for name, value in service.environment.items()}
        for name, value in expected.items():
            yield from _differ(f"{name} in the environment of {service.name}", found.get(name), value)
        more = {*found} - {*expected}
        yield from _differ(f"variables of {service.name} besides the spec", more - {"PORT", HEARTBEAT_VARIABLE}, set())
        owner = fleet.project.services[service.image_of] if isinstance(service, SharedImage) else service
        image = _variables(fleet, owner.name) if isinstance(owner, OwnImage) else {}
        seen = {**image, **found}
        beat = service.healthcheck.heartbeat if service.healthcheck else None
        if beat is not None and HEARTBEAT_VARIABLE not in {**getattr(owner, "env", {}), **service.environment}:
            yield from _differ(f"{HEARTBEAT_VARIABLE} of {service.name}", seen.get(HEARTBEAT_VARIABLE), beat.file)
        if "PORT" in more:
            yield from _differ(f"PORT of {service.name}", found["PORT"], str(_target(service.ports[0])))


def _images(fleet: Fleet) -> Iterator[str]:
    """Services with the image of another one run exactly what Compose builds for that one, and it is built once."""
    config = fleet.read.config["services"]
    built = {name for name, one in config.items() if "build" in one}
    yield from _differ("targets that Compose builds", {*fleet.read.builds}, built)
    for service, out in fleet.services():
        if isinstance(service, SharedImage):
            yield from _differ(f"image of {service.name}", [out["image"]], fleet.read.builds[service.image_of]["tags"])
            yield from _differ(f"pull_policy of {service.name}", out.get("pull_policy"), "never")
        elif isinstance(service, ExistingImage):
            one = service.image
            reference = f"{one.registry}/{one.name}" if one.registry else one.name
            reference += f":{one.tag}" + (f"@{one.digest}" if one.digest else "")
            yield from _differ(f"image of {service.name}", out["image"], reference)


def _volumes(fleet: Fleet) -> Iterator[str]:
    """Each mount is that of the spec, of a volume that is declared; files of the repository are read-only."""
    declared, used = {*fleet.read.config.get("volumes", {})}, set[str]()  # Compose leaves out what nobody mounts
    for service, out in fleet.services():
        mounts = out.get("volumes", [])
        named = {one["target"]: one["source"] for one in mounts if one["type"] == "volume"}
        expected = {target: fleet.project.volume_name(service, name) for name, target in service.volumes.items()}
        yield from _differ(f"volumes of {service.name}", named, expected)
        used |= {*named.values()}
        bound = {one["target"]: one for one in mounts if one["type"] == "bind"}
        yield from _differ(f"bind mounts of {service.name}", {*bound}, {*(service.bind_mounts or {})})
        for target, one in bound.items():
            source = (service.bind_mounts or {}).get(target)
            yield from _differ(f"source of {target}", one["source"], source and str(fleet.root / source))
            yield from _differ(f"{target} is read-only", one.get("read_only"), True)
        folders = [one.partition(":")[0] for one in out.get("tmpfs") or ()] + [one["target"] for one in mounts]
        yield from _differ(f"mounts of {service.name} at one place", len(folders), len({*folders}))
    yield from _differ("volumes that are declared", declared, used)


def _networks(fleet: Fleet) -> Iterator[str]:
    declared = fleet.read.config["networks"]
    for service, out in fleet.services():
        yield from _differ(f"networks of {service.name}", {*out["networks"]}, {*service.networks})
        ports = {(one["host_ip"], one["published"], one["target"]) for one in out.get("ports", ())}
        expected = {("127.0.0.1", str(_published(one)), _target(one)) for one in service.ports}
        yield from _differ(f"ports of {service.name}", ports, expected)
    for name, network in declared.items():
        yield from _differ(f"{name} is internal", network.get("internal", False), fleet.project.networks[name].internal)


def _ignore_files(fleet: Fleet) -> Iterator[str]:
    """BuildKit reads the ignore file of the Dockerfile: by any other one it would not find what is copied."""
    for service in fleet.project.with_dockerfiles():
        yield from _differ(f"checks of {service.name}", fleet.read.warnings[service.name], [])


_CHECKS = (
    _contexts,
    _stages,
    _arguments,
    _secrets,
    _probes,
    _dependencies,
    _environment,
    _images,
    _volumes,
    _networks,
    _ignore_files,
)


def _differ(what: str, found: object, expected: object) -> Iterator[str]:
    if found != expected:
        yield f"{what}: {found!r}, and not {expected!r}"


def _read(text: str | None) -> str | None:
    return None if text is None else str(text).replace("$$", "$")


def _is_probed(out: Mapping[str, Any]) -> bool:
    check = out.get("healthcheck")
    return check is not None and not check.get("disable") and check["test"] != ["NONE"]


def _target(port: Any) -> int:
    return int(port if isinstance(port, int) else port.target)


def _published(port: Any) -> int:
    return int(port if isinstance(port, int) else port.published)


def _seconds(duration: str) -> float:
    return sum(float(number) * _UNITS[unit] for number, unit in re.findall(r"([0-9.]+)(ms|h|m|s)", duration))


def _parts(fleet: Fleet, name: str) -> Iterator[Any]:
    """Yield the instructions of the last stage of a Dockerfile, by the parser of BuildKit."""
    build = fleet.read.builds[name]
    parts = dockerfile.parse_file(str(Path(build["context"]) / build["dockerfile"]))
    last = max(index for index, part in enumerate(parts) if part.cmd == "FROM")
    yield from parts[last:]


def _instruction(fleet: Fleet, name: str) -> tuple[list[str], dict[str, str]]:
    """Return the words of HEALTHCHECK and its flags, of the one that there is."""
    [part] = [part for part in _parts(fleet, name) if part.cmd == "HEALTHCHECK"]
    flags = dict(flag.removeprefix("--").split("=") for flag in part.flags)
    return [*part.value], flags


def _variables(fleet: Fleet, name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in _parts(fleet, name):
        if part.cmd == "ENV":
            found |= dict(zip(part.value[::2], part.value[1::2], strict=False))
    return {key: re.sub(r'^"(.*)"$', r"\1", value) for key, value in found.items()}
