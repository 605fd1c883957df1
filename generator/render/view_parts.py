"""The parts of a view that need nothing but a piece of the model: images, probes, steps, environment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

from generator.detect.managers import MANAGERS
from generator.model.images import OwnImage, SharedImage
from generator.model.names import HEARTBEAT_VARIABLE, image_reference
from generator.model.parts import Healthcheck, Image, NumericUser, PortMapping, User
from generator.model.runtimes import JavaScript
from generator.model.services import Service
from generator.model.steps import Point
from generator.model.steps import Step as StepModel
from generator.model.values import FromBuild
from generator.render.parts_view import Images, Mount, Port, Probe, Secret, Step, Variable

POINTS: tuple[str, ...] = get_args(Point)
# Where images have our probes, each by its name: one image may serve several services.
_PROBES = "/opt/healthcheck"


def reference(image: Image, version: str = "") -> str:
    """Return an image's reference: registry, name, tag and digest."""
    distribution = getattr(image, "distribution", None)
    plain = image_reference(image.name, image.tag, registry=image.registry, version=version, distribution=distribution)
    return f"{plain}@{image.digest}" if image.digest else plain


def images(service: OwnImage) -> Images:
    """Return the references of all images that a Dockerfile names."""
    tool, installer = service.install.tool, service.install.installer
    return Images(
        base=reference(service.image, service.version),
        runtime=reference(service.runtime_image, service.version) if service.runtime_image else None,
        tool=reference(tool, service.install.version or "") if tool else None,
        installer=reference(installer) if installer else None,
    )


def ports(service: Service) -> list[Port]:
    """Return the ports of a service, with both numbers of each."""
    return [
        (
            Port(target=port.target, published=port.published)
            if isinstance(port, PortMapping)
            else Port(target=port, published=port)
        )
        for port in service.ports
    ]


def container(service: Service, owner: Service) -> dict[str, Any]:
    """Return how Compose runs the container, with an owner for each tmpfs that has neither owner nor mode.

    Over a folder that the image has, runc gives a tmpfs the mode of that folder and root as its owner. The image of
    `owner`, mostly the service itself, decides the user where the service does not.
    """
    values = service.container.model_dump(exclude_unset=True)
    user: User | NumericUser | None = getattr(service, "user", None) or getattr(owner, "user", None)
    if user is not None:
        values["tmpfs"] = [_owned(mount, f"uid={user.uid},gid={user.gid}") for mount in values["tmpfs"]]
    return values


def _owned(mount: str, owner: str) -> str:
    path, _, options = mount.partition(":")
    if any(option.startswith(("uid=", "gid=", "mode=")) for option in options.split(",")):
        return mount
    return f"{path}:{options},{owner}" if options else f"{path}:{owner}"


def probe(service: Service, owner: Service, *, in_dev: bool = False) -> Probe | None:
    """Return the probe of a service that runs the image of `owner`, mostly itself; None without a health check.

    The stage `dev` (`in_dev`) has the interpreter, also where what ships has none.
    """
    check = service.healthcheck
    if check is None:
        return None
    if check.command is not None:
        return Probe(command=check.command)
    if not isinstance(owner, OwnImage):
        return None
    found = ports(service)
    if isinstance(owner, JavaScript) and owner.output == "static" and check.http is not None and not in_dev:
        # The image of a static site has no interpreter.
        quiet = ["--fail", "--silent", "--output", "/dev/null", "--max-time", "2"]
        sent = [word for line in headers(check) for word in ("--header", line)]
        return Probe(command=["curl", *quiet, *sent, f"http://127.0.0.1:{found[0].target}{check.http}"])
    return _supplied(owner.runtime, check, found)


def _supplied(runtime: str, check: Healthcheck, found: list[Port]) -> Probe:
    """Return a probe that runs one of our scripts with the service's own interpreter."""
    # Isolated, so that neither the working directory nor site-packages can change it.
    interpreter, suffix = (["python", "-IS"], "py") if runtime == "python" else ([runtime], "cjs")
    if check.heartbeat is not None:
        name, arguments = "heartbeat", [check.heartbeat.file, str(check.heartbeat.max_age)]
    else:
        name, arguments = "http", [str(found[0].target), check.http or "/"]
        arguments += headers(check)
    path = f"{_PROBES}/{name}.{suffix}"
    return Probe(command=[*interpreter, path, *arguments], script=f"probe_{name}.{suffix}", path=path)


def headers(check: Healthcheck) -> list[str]:
    """Return the headers of a probe, each as the line that is sent."""
    return [f"{name}: {value}" for name, value in (check.headers or {}).items()]


def secrets(service: OwnImage) -> list[Secret]:
    """Return the build secrets of a service."""
    return [
        Secret(id=name, target=secret.target, env=secret.env, required=secret.required)
        for name, secret in service.secrets.items()
    ]


def fetch_secrets(service: OwnImage) -> list[Secret]:
    """Return the build secrets of a service, with variables by the names that are read by what fetches packages."""
    variable = MANAGERS[service.manager].variable
    return [replace(secret, env=variable(secret.env)) if secret.env else secret for secret in secrets(service)]


def steps(service: OwnImage, home: str) -> dict[str, list[Step]]:
    """Return the steps of a service by point, with their paths in the build context."""
    known = {secret.id: secret for secret in secrets(service)}
    given = {str(point): named for point, named in service.steps.items()}
    return {point: [_step(*entry, known, home) for entry in given.get(point, {}).items()] for point in POINTS}


def _step(name: str, step: StepModel, known: dict[str, Secret], home: str) -> Step:
    mounts = step.mounts or []
    return Step(
        comment=step.description if step.description is not None else name,
        run=step.run or [],
        network=step.network,
        mounts=[
            Mount(type=one.type, id=one.id, source=one.source and home + one.source, target=one.target)
            for one in mounts
            if one.type != "secret"
        ],
        secrets=[known[one.id] for one in mounts if one.type == "secret" and one.id is not None],
        source=step.copy_ and home + step.copy_,
        to=step.to,
        env=[Variable(name=key, value=value) for key, value in (step.env or {}).items()],
        variables=step.variables or [],
    )


def environment(service: OwnImage, layout: list[Variable]) -> list[Variable]:
    """Return the variables of ENV: those of the image's layout, then the service's own, which win.

    Only NODE_OPTIONS adds up: a layout that sets it has put the service's own value into it.
    """
    adds_up = [
        variable.name
        for variable in layout
        if variable.name == "NODE_OPTIONS" and isinstance(service.env.get(variable.name, ""), str)
    ]
    lines = [variable for variable in layout if variable.name not in service.env or variable.name in adds_up]
    lines += own_environment(service)
    return lines + [_variable(key, value) for key, value in service.env.items() if key not in adds_up]


def _variable(name: str, value: str | FromBuild) -> Variable:
    if isinstance(value, FromBuild):
        return Variable(name=name, value=f'"${{{value.variable}}}"', verbatim=True, argument=value.variable)
    return Variable(name=name, value=value)


def labels(service: OwnImage) -> list[Variable]:
    """Return the labels of the image."""
    return [_variable(name, value) for name, value in service.labels.items()]


def first_port(service: OwnImage) -> list[Variable]:
    """Return PORT with the first port of a service, which many servers listen on.

    Nothing, without a port, and where the command says the port or `env` says PORT.
    """
    found = _first_port(service, service.command)
    return [] if "PORT" in service.env else found


def port_of_sharing(service: SharedImage, owner: Service) -> list[Variable]:
    """Return PORT for a service with the image of `owner`, where that image does not say the same."""
    found = _first_port(service, service.command or getattr(owner, "command", None))
    return [] if isinstance(owner, OwnImage) and found == first_port(owner) else found


def _first_port(service: Service, command: list[str] | None) -> list[Variable]:
    found = [str(port.target) for port in ports(service)[:1]]
    said = any(one in word for one in found for word in command or [])
    return [] if said else [Variable(name="PORT", value=one) for one in found]


def own_environment(service: Service) -> list[Variable]:
    """Return the variables that tell a service what its probe looks at."""
    check = service.healthcheck
    if check is None or check.heartbeat is None:
        return []
    return [Variable(name=HEARTBEAT_VARIABLE, value=check.heartbeat.file)]
