"""Hypothesis strategies for fleets: several services that share images, folders, volumes, networks and variables.

`specs()` of tests/strategies.py draws the values of single services. What is drawn here ties them to each other, with
the files of the repository and the variables of the shell that Compose needs to read the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from generator.model.names import ASSETS, NOT_BUILT
from tests.strategies import BACKGROUND, HOSTILE_TEXTS, Values, specs
from tests.support import write_files

_GIVEN = ("given", "a b", "$x", "${y:-z}", 'q"q', "it's", "")
_ENDING = ("no", "on-failure:3")
_TIMING = {"interval": "10s", "timeout": "3s", "start_period": "5s", "start_interval": "1s", "retries": 3}
_SHARED_FOLDER = "/srv/shared"
# In ASCII: buildx refuses others where builds share a context (https://github.com/docker/compose/issues/13965).
_FOLDERS = ("a+b/c@d", "x%20y", ".hidden/app", "_/a.b", "no", "1.5", "dist/x")
_SECRETS: Values = {"netrc-2": {"file": "secrets/two"}, "token.2": {"variable": "TWO"}, "plain": {}}
_MANIFEST = '{"name": "root", "version": "1.0.0"}\n'
_PACKAGES = '{"name": "root", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "root"}}}\n'
_LOCKED = {
    "python": ("pip", {"requirements.txt": ""}),
    "node": ("npm", {"package.json": _MANIFEST, "package-lock.json": _PACKAGES}),
    "bun": ("bun", {"package.json": _MANIFEST, "bun.lock": '{"lockfileVersion": 1, "workspaces": {"": {}}}\n'}),
}
_OWN_DOCKERFILE = """\
FROM debian:trixie-slim AS base
{arguments}{mounts}
FROM base AS server
CMD ["serve"]
FROM server AS tool
"""


@dataclass(frozen=True)
class Fleet:
    """A repository to generate files in.

    Attributes:
        spec: What services.yaml says.
        files: Texts of other files, by path.
        environment: Variables of the shell that runs Compose.
    """

    spec: Values
    files: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def services(self) -> dict[str, Values]:
        """The services of the spec."""
        services: dict[str, Values] = self.spec["services"]
        return services


def write_fleet(fleet: Fleet, root: Path) -> Path:
    """Write the spec and the other files of a fleet below `root`. Return `root`."""
    spec = yaml.safe_dump(fleet.spec, sort_keys=False, allow_unicode=True)
    return write_files(root, {**fleet.files, "services.yaml": spec})


@st.composite
def fleets(draw: DrawFn) -> Fleet:
    """Draw a valid fleet of one to eight services."""
    fleet = Fleet(draw(specs(max_services=4)))
    for number in range(draw(st.integers(0, 2))):
        _by_hand(draw, fleet, f"hand-{number}")
    for number in range(draw(st.integers(0, 2))):
        _sharing(draw, fleet, f"shares-{number}")
    _one_folder(draw, fleet)
    _root_folder(fleet)
    _folders(draw, fleet)
    _workspace(draw, fleet)
    _outputs(draw, fleet)
    _more_dependencies(draw, fleet)
    _networks(draw, fleet)
    _volumes(draw, fleet)
    _bind_mounts(draw, fleet)
    _passed(draw, fleet)
    _assets(draw, fleet)
    _given(draw, fleet)
    return fleet


def host_variables(fleet: Fleet) -> Iterator[Values]:
    """Yield every value of the spec that comes from the shell, as `{variable: …, default: …}`."""
    for service in fleet.services.values():
        for key in ("environment", "variables"):
            for one in service.get(key, {}).values():
                if isinstance(one, dict) and "variable" in one:
                    yield one


def _by_hand(draw: DrawFn, fleet: Fleet, name: str) -> None:
    """Add a service whose Dockerfile the team has written, with all that its spec says of it."""
    folder = draw(st.sampled_from(["own", f"own/{name}"]))
    file = draw(st.sampled_from([None, f"{name}.Dockerfile", f"Dockerfile.{name}"]))
    path = f"{folder}/{file or 'Dockerfile'}"
    values: Values = {"kind": "dockerfile", "path": folder}
    given = st.fixed_dictionaries({"variable": st.sampled_from(["RELEASE", "A1"])}, optional={"default": st.just("0")})
    options: dict[str, st.SearchStrategy[Any]] = {
        "target": st.sampled_from(["server", "tool"]),
        "variables": st.dictionaries(st.sampled_from(["RELEASE", "SHA"]), HOSTILE_TEXTS.map(_literal) | given),
        "secrets": st.sets(st.sampled_from([*_SECRETS])).map(lambda ids: {one: _SECRETS[one] for one in sorted(ids)}),
        "command": st.lists(HOSTILE_TEXTS, min_size=1, max_size=3),
        "user": st.just({"uid": 20001, "gid": 20001}),
        "healthcheck": st.none() | st.just({"command": ["/server", "--health"], **_TIMING}),
        "ports": st.just([{"target": 9000, "published": 50000 + len(fleet.services)}]),
        "volumes": st.just({"data": "/var/lib/data"}),
    }
    values |= draw(st.fixed_dictionaries({}, optional=options))
    if draw(st.booleans()):
        values["container"] = {"restart": draw(st.sampled_from(_ENDING))}
    if file is not None:
        values["dockerfile"] = file
    if path in fleet.files:  # one Dockerfile for two services, which says what the first one says
        first = next(one for one in fleet.services.values() if one.get("path") == folder and "dockerfile" not in one)
        for key in ("variables", "secrets"):
            values.pop(key, None)
            values |= {key: first[key]} if key in first else {}
    arguments = "".join(f"ARG {one}\n" for one in values.get("variables", {}))
    mounts = "".join(f"RUN --mount=type=secret,id={one} true\n" for one in values.get("secrets", {}))
    fleet.files[path] = _OWN_DOCKERFILE.format(arguments=arguments, mounts=mounts)
    fleet.services[name] = values


def _literal(text: str) -> str | Values:
    return {"literal": text} if "$" in text else text


def _assets(draw: DrawFn, fleet: Fleet) -> None:
    """Let a service ship what the stages of one or two others make, from folders below, above and beside its own."""
    built = _built(fleet)
    for number in range(draw(st.integers(0, 2)) if built else 0):
        takes = fleet.services[draw(st.sampled_from(built))]
        folder = draw(st.sampled_from(["assets", f"{takes.get('path', 'services/assets')}/ui".removeprefix("./")]))
        values: Values = {"kind": ASSETS, "runtime": draw(st.sampled_from(["node", "bun"])), "build": "build"}
        values |= {"path": f"{folder}-{number}", "artifacts": ["dist", "one.css"], "sources": ["src", "id_work.js"]}
        options: dict[str, st.SearchStrategy[Any]] = {
            "secrets": st.sampled_from([*_SECRETS]).map(lambda one: {one: {**_SECRETS[one], "target": f"/root/{one}"}}),
            "variables": st.just({f"API_{number}": {"variable": f"API_{number}", "default": "0"}}),
            "packages": st.just({"build": ["make"]}),
        }
        values |= draw(st.fixed_dictionaries({}, optional=options))
        target = draw(st.sampled_from(["static/ui", "/srv/ui", "src/ui"]))
        fleet.services[f"ui-{number}"] = values
        takes.setdefault("assets", {})[f"ui-{number}"] = {draw(st.sampled_from(["dist", "dist/js", "one.css"])): target}


def _sharing(draw: DrawFn, fleet: Fleet, name: str) -> None:
    """Add a process of its own in the image of another service, in any role."""
    owners = [one for one, own in fleet.services.items() if own["kind"] != "image" and "image_of" not in own]
    if not owners:
        return
    owner = draw(st.sampled_from(owners))
    kind = draw(st.sampled_from(["image", "python", "node", *BACKGROUND]))
    values: Values = {"kind": kind, "image_of": owner, "command": draw(st.lists(HOSTILE_TEXTS, min_size=1, max_size=3))}
    if kind in ("python", "node"):
        values["ports"] = [{"target": 8000, "published": 51000 + len(fleet.services)}]
    if kind in ("python", "node", "image") and (fleet.services[owner]["kind"] == "dockerfile" or draw(st.booleans())):
        check = draw(st.none() | st.just({"command": ["check", "it's"], **_TIMING}))
        values["healthcheck"] = check if kind == "image" or check is None else {"http": None, **check}
    if kind in ("worker", "scheduler") and fleet.services[owner]["kind"] == "dockerfile":
        values["healthcheck"] = {"heartbeat": None, "command": ["check"]}
    fleet.services[name] = values


def _built(fleet: Fleet) -> list[str]:
    return [one for one, own in fleet.services.items() if own["kind"] not in NOT_BUILT and "image_of" not in own]


def _one_folder(draw: DrawFn, fleet: Fleet) -> None:
    """Let two services be built from one folder, each by a Dockerfile with a name of its own."""
    built = _built(fleet)
    if len(built) < 2 or not draw(st.booleans()):
        return
    first, second = built[:2]
    folder = fleet.services[first].get("path", f"services/{first}")
    fleet.services[second] |= {
        "path": folder,
        "dockerfile": draw(st.sampled_from(["gpu.Dockerfile", "Dockerfile.2", "a.b-c_d.Dockerfile.x"])),
    }


def _root_folder(fleet: Fleet) -> None:
    """Give what is built from the root of the repository its lock file: where a folder exists, one is looked for."""
    for name in _built(fleet):
        own = fleet.services[name]
        if own.get("path") != ".":
            continue
        for key in ("install", "package", "build", "extras", "groups", "variables", "env", "labels", "rebuild"):
            own.pop(key, None)
        own["manager"], files = _LOCKED[own["runtime"] if "runtime" in own else own["kind"]]
        fleet.files.update(files)


def _folders(draw: DrawFn, fleet: Fleet) -> None:
    """Let folders have names that a file could read as something else."""
    folders = draw(st.lists(st.sampled_from(_FOLDERS), max_size=3, unique=True))
    alone = [own for own in (fleet.services[name] for name in _built(fleet)) if not {"path", "dockerfile"} & own.keys()]
    taken = {own["path"] for own in fleet.services.values() if "path" in own}
    for own, folder in zip(alone, folders, strict=False):
        if not any(fleet.services[name] is own and f"services/{name}" in taken for name in fleet.services):
            own["path"] = folder


def _outputs(draw: DrawFn, fleet: Fleet) -> None:
    """Let what a build of Node makes ship in another way than with its packages."""
    for name in _built(fleet):
        own = fleet.services[name]
        if own.get("runtime", own["kind"]) == "node" and "build" in own and "rebuild" not in own:
            own["output"] = draw(
                st.sampled_from(["server", "bundle", *(["standalone"] if own["kind"] == "node" else [])])
            )


def _workspace(draw: DrawFn, fleet: Fleet) -> None:
    """Let a service be a member of a workspace, whose root is the build context then."""
    for name in _built(fleet):
        own = fleet.services[name]
        ours = own.get("manager", "uv" if own.get("runtime", own["kind"]) == "python" else "npm") in ("uv", "npm")
        alone = "path" not in own and own.get("runtime") != "bun" and "rebuild" not in own
        if ours and alone and draw(st.integers(0, 2)) == 0:
            member = {"name": name, "path": f"services/{name}"}
            own["workspace"] = {"root": draw(st.sampled_from([".", "services"])), "packages": [], "files": []}
            own["workspace"]["member"] = member | ({"path": name} if own["workspace"]["root"] == "services" else {})
            own["manager"] = "uv" if own.get("runtime", own["kind"]) == "python" else "npm"


def offers(own: Values) -> list[str]:
    """Return the conditions that others can wait for, of a service as these strategies draw it."""
    kind = own["kind"]
    probed = {"python": True, "node": True, "worker": True, "scheduler": True, "job": False}.get(
        kind, bool({"postgres", "redis"} & {*own.get("presets", ())}) and "image_of" not in own
    )
    if "healthcheck" in own:
        probed = own["healthcheck"] is not None
    ends = kind == "job" or own.get("container", {}).get("restart") in _ENDING
    return ["started", *(["completed"] if ends else []), *(["healthy"] if probed else [])]


def _more_dependencies(draw: DrawFn, fleet: Fleet) -> None:
    """Let services wait for those before them, for whatever these offer."""
    names = [*fleet.services]
    for index, name in enumerate(names[1:], 1):
        for other in draw(st.lists(st.sampled_from(names[:index]), max_size=2, unique=True)):
            condition = draw(st.sampled_from(offers(fleet.services[other])))
            fleet.services[name].setdefault("depends_on", {}).setdefault(other, condition)


def _networks(draw: DrawFn, fleet: Fleet) -> None:
    if not draw(st.booleans()):
        return
    fleet.spec["networks"] = {"lan": {"internal": draw(st.booleans())}, "null": {"internal": True}}
    for own in fleet.services.values():
        if draw(st.booleans()):
            own["networks"] = draw(st.sampled_from([["edge", "lan"], ["edge", "null", "lan"], ["edge"]]))


def _volumes(draw: DrawFn, fleet: Fleet) -> None:
    """Let services of one user mount a volume that belongs to none of them."""
    if not draw(st.booleans()):
        return
    fleet.spec["volumes"] = {"the-media": {}, "unused": {}}
    for own in fleet.services.values():
        owner = fleet.services[own["image_of"]] if "image_of" in own else own
        hardened = "hardened" in [*fleet.spec.get("presets", ()), *owner.get("presets", ())]
        other_user = hardened or owner["kind"] in NOT_BUILT or "user" in owner or "user" in own
        if other_user or not draw(st.booleans()):
            continue
        own["volumes"] = {**own.get("volumes", {}), "the-media": _SHARED_FOLDER}


def _bind_mounts(draw: DrawFn, fleet: Fleet) -> None:
    for own in fleet.services.values():
        if own["kind"] in NOT_BUILT and draw(st.booleans()):
            own["bind_mounts"] = {"/etc/app/settings.conf": "conf/settings.conf", "/etc/app/more": "conf/more"}
            fleet.files.update({"conf/settings.conf": "x = 1\n", "conf/more/y.conf": "y = 1\n"})


def _passed(draw: DrawFn, fleet: Fleet) -> None:
    """Let services be behind a profile, have a name of their own, and keys that pass through."""
    needed = {other for own in fleet.services.values() for other in [*own.get("depends_on", {}), own.get("image_of")]}
    needed.add(next(iter(fleet.services)))  # the first one is tied to others
    for name, own in fleet.services.items():
        passed: Values = {}
        if name not in needed and draw(st.integers(0, 2)) == 0:
            passed["profiles"] = draw(st.sampled_from([["tools"], ["tools", "all"]]))
        if own.get("replicas", 1) == 1 and draw(st.integers(0, 2)) == 0:
            passed["container_name"] = f"{fleet.spec['project']}.{name}_1"
        if draw(st.integers(0, 3)) == 0:
            passed["hostname"] = name
        if draw(st.integers(0, 3)) == 0 and name != (first := next(iter(fleet.services))):
            passed |= draw(
                st.sampled_from(
                    [{"links": [f"{first}:a"]}, {"volumes_from": [f"{first}:ro"]}, {"ipc": f"service:{first}"}]
                )
            )
        if passed:
            own["compose"] = passed


def _given(draw: DrawFn, fleet: Fleet) -> None:
    """Set the variables that have to be set, and some of the others; write the files of build secrets."""
    needed = {one["variable"] for one in host_variables(fleet) if "default" not in one}
    if any("postgres" in own.get("presets", ()) for own in fleet.services.values()):
        needed.add("POSTGRES_PASSWORD")
    others = {one["variable"] for one in host_variables(fleet)} - needed - {"HOME"}
    for name in sorted(needed):
        fleet.environment[name] = draw(st.sampled_from(_GIVEN[:-1]))
    for name in sorted(others):
        if draw(st.booleans()):
            fleet.environment[name] = draw(st.sampled_from(_GIVEN))
    for own in fleet.services.values():
        for secret in own.get("secrets", {}).values():
            if "file" in secret:
                fleet.files[secret["file"]] = "secret\n"
