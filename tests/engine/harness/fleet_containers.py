"""What Compose runs: probes, dependencies, environments, volumes, networks and ports, as the spec has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.checks.needs import needs
from generator.model.images import OwnImage, SharedImage
from generator.model.names import HEARTBEAT_VARIABLE
from generator.model.parts import Healthcheck, Port
from generator.model.services import Service

from .fleet_facts import Fleet, differ, env_of, healthcheck_of, is_probed, published_port, seconds, shown, target_port

_CONDITIONS = {
    "started": "service_started",
    "healthy": "service_healthy",
    "completed": "service_completed_successfully",
}
_TIMES = ("interval", "timeout", "start_period", "start_interval")


def _probes(fleet: Fleet) -> Iterator[str]:
    """The check of Compose is that of the spec, and the image's own HEALTHCHECK says the same."""
    for service, out in fleet.services():
        probe = service.healthcheck
        if probe is None:
            yield from _unprobed(fleet, service, out.get("healthcheck"))
            continue
        yield from differ(f"{service.name} is probed", is_probed(out), True)
        if not is_probed(out):
            continue
        check = out["healthcheck"]
        test = [shown(word) for word in check["test"]]
        yield from _asked(service.name, probe, test, service.ports)
        flags = {key.replace("_", "-"): str(check[key]) for key in (*_TIMES, "retries")}
        yield from _timing(f"Compose's check of {service.name}", flags, probe)
        if isinstance(service, OwnImage):
            words, flags = healthcheck_of(fleet, service.name)
            yield from differ(f"HEALTHCHECK of {service.name}", words, test)
            yield from _timing(f"HEALTHCHECK of {service.name}", flags, probe)


def _unprobed(fleet: Fleet, service: Service, check: Any) -> Iterator[str]:
    """What is built has no check; another image may have one, which is switched off, or left to it by the spec."""
    if isinstance(service, OwnImage):
        yield from differ(f"HEALTHCHECK of {service.name}", healthcheck_of(fleet, service.name)[0], ["NONE"])
        yield from differ(f"Compose's check of {service.name}", check, None)
    elif isinstance(service, SharedImage) or check is not None:
        yield from differ(f"Compose's check of {service.name}", check, {"disable": True})


def _asked(name: str, probe: Healthcheck, test: list[str | None], ports: list[Port]) -> Iterator[str]:
    """A command is that of the spec; a script has what it asks for among its arguments."""
    if probe.command is not None:
        yield from differ(f"probe of {name}", test, ["CMD", *probe.command])
        return
    if probe.heartbeat is not None:
        wanted = {probe.heartbeat.file, str(probe.heartbeat.max_age)}
    else:
        headers = {f"{key}: {value}" for key, value in (probe.headers or {}).items()}
        wanted = {str(target_port(ports[0])), str(probe.http), *headers}
    yield from differ(f"what the probe of {name} does not ask", wanted - {*test}, set())


def _timing(what: str, flags: Mapping[str, str], probe: Healthcheck) -> Iterator[str]:
    yield from differ(f"retries of {what}", flags["retries"], str(probe.retries))
    for key in _TIMES:
        found = seconds(flags[key.replace("_", "-")])
        yield from differ(f"{key} of {what}", found, seconds(getattr(probe, key)))


def _dependencies(fleet: Fleet) -> Iterator[str]:
    """Each condition is that of the spec, and the other side can fulfil it."""
    config = fleet.read.config["services"]
    for service, out in fleet.services():
        waits = out.get("depends_on", {})
        expected = {name: _CONDITIONS[what] for name, what in service.depends_on.items()}
        for need in needs(service):  # Compose waits until what it shares has started
            expected.setdefault(need.name, "service_started")
        found = {name: one["condition"] for name, one in waits.items()}
        yield from differ(f"what {service.name} waits for", found, expected)
        for name, condition in found.items():
            other = config[name]
            if condition == "service_healthy":
                yield from differ(f"{name} can be healthy for {service.name}", is_probed(other), True)
            if condition == "service_completed_successfully":
                ends = other.get("restart", "no") not in ("always", "unless-stopped")
                yield from differ(f"{name} can end for {service.name}", ends, True)
            theirs, ours = {*other.get("profiles", ())}, {*out.get("profiles", ())}
            yield from differ(f"{name} starts with {service.name}", not theirs or bool(ours and ours <= theirs), True)


def _environment(fleet: Fleet) -> Iterator[str]:
    """The container sees the values of the spec, and in any image the file of its heartbeat and its first port."""
    for service, out in fleet.services():
        found = {name: shown(value) for name, value in (out.get("environment") or {}).items()}
        expected = {name: fleet.value(value) for name, value in service.environment.items()}
        for name, value in expected.items():
            yield from differ(f"{name} in the environment of {service.name}", found.get(name), value)
        more = {*found} - {*expected}
        yield from differ(f"variables of {service.name} besides the spec", more - {"PORT", HEARTBEAT_VARIABLE}, set())
        owner = fleet.project.services[service.image_of] if isinstance(service, SharedImage) else service
        image = env_of(fleet, owner.name) if isinstance(owner, OwnImage) else {}
        seen = {**image, **found}
        beat = service.healthcheck.heartbeat if service.healthcheck else None
        if beat is not None and HEARTBEAT_VARIABLE not in {**getattr(owner, "env", {}), **service.environment}:
            yield from differ(f"{HEARTBEAT_VARIABLE} of {service.name}", seen.get(HEARTBEAT_VARIABLE), beat.file)
        if "PORT" in more:
            yield from differ(f"PORT of {service.name}", found["PORT"], str(target_port(service.ports[0])))


def _volumes(fleet: Fleet) -> Iterator[str]:
    """Each mount is that of the spec, of a volume that is declared; files of the repository are read-only."""
    declared, used = {*fleet.read.config.get("volumes", {})}, set[str]()  # Compose leaves out what nobody mounts
    for service, out in fleet.services():
        mounts = out.get("volumes", [])
        named = {one["target"]: one["source"] for one in mounts if one["type"] == "volume"}
        expected = {target: fleet.project.volume_name(service, name) for name, target in service.volumes.items()}
        yield from differ(f"volumes of {service.name}", named, expected)
        used |= {*named.values()}
        bound = {one["target"]: one for one in mounts if one["type"] == "bind"}
        yield from differ(f"bind mounts of {service.name}", {*bound}, {*(service.bind_mounts or {})})
        for target, one in bound.items():
            source = (service.bind_mounts or {}).get(target)
            yield from differ(f"source of {target}", one["source"], source and str(fleet.root / source))
            yield from differ(f"{target} is read-only", one.get("read_only"), True)
        folders = [one.partition(":")[0] for one in out.get("tmpfs") or ()] + [one["target"] for one in mounts]
        yield from differ(f"mounts of {service.name} at one place", len(folders), len({*folders}))
    yield from differ("volumes that are declared", declared, used)


def _networks(fleet: Fleet) -> Iterator[str]:
    declared = fleet.read.config["networks"]
    for service, out in fleet.services():
        yield from differ(f"networks of {service.name}", {*out["networks"]}, {*service.networks})
        ports = {(one["host_ip"], one["published"], one["target"]) for one in out.get("ports", ())}
        expected = {("127.0.0.1", str(published_port(one)), target_port(one)) for one in service.ports}
        yield from differ(f"ports of {service.name}", ports, expected)
    for name, network in declared.items():
        yield from differ(f"{name} is internal", network.get("internal", False), fleet.project.networks[name].internal)


CHECKS = (
    _probes,
    _dependencies,
    _environment,
    _volumes,
    _networks,
)
