"""Check each service against its model by itself: a service that does not fit does not hide other mistakes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from generator.checks.compose_words import kind_of
from generator.checks.words import Checked, findings_of, of_name
from generator.detect.managers import managers_of
from generator.layers.resolve import Resolved, ResolvedService
from generator.model import types as t
from generator.model.artefacts import COMPOSE
from generator.model.names import ASSETS, BY_RUNTIME
from generator.model.project import ROLES, RUNTIMES, RUNTIMES_OF, Network, Project, Spec, service_model
from generator.model.services import Service
from generator.text.errors import Finding, Findings, Location, SpecError

_NAME: TypeAdapter[str] = TypeAdapter(t.Name)


def validate(resolved: Resolved) -> tuple[Project, list[Finding]]:
    """Check the resolved values against the models; the values stay as they are.

    Gives the project with the services that fit, and a finding for each value that does not.
    """
    findings = Findings()
    spec: Spec | None = None
    with findings.collecting():
        spec = _spec(resolved)
    known = spec is not None and isinstance(resolved.project.values["networks"], dict)
    services: dict[str, Service] = {}
    for service in resolved.services.values():
        with findings.collecting():
            services[service.name] = _service(resolved, service)
    fitting = Project(
        project=spec.project if spec else "",
        compose_file=spec.compose_file if spec else COMPOSE.name,
        dev=spec is not None and spec.dev,
        networks=spec.networks if spec is not None and known else _assumed(services.values()),
        volumes=tuple((spec.volumes if spec is not None else None) or ()),
        compose=(spec.compose if spec is not None else None) or {},
        services=services,
        names=resolved.names,
        locate=resolved.locate,
        chosen=resolved.chosen,
    )
    return fitting, [*_once(findings.all)]


def _once(findings: list[Finding]) -> Iterator[Finding]:
    """Give a mistake at one line once, with the first service that has it: a preset is in many."""
    alike: dict[tuple[Location, str], list[Finding]] = {}
    for finding in findings:
        without_service = re.sub(r"^services\.[^.]+\.", "", finding.message)
        alike.setdefault((finding.location, without_service), []).append(finding)
    for first, *others in alike.values():
        said = f", and in {len(others)} more service{'s' if others[1:] else ''}" if others else ""
        yield replace(first, message=f"{first.message}{said}")


def _assumed(services: Iterable[Service]) -> dict[str, Network]:
    """Return the networks that services join, to stand for those of a spec that does not fit its model."""
    return {name: Network(internal=False) for service in services for name in service.networks}


def _spec(resolved: Resolved) -> Spec:
    values = resolved.project.values
    if not isinstance(values["networks"], dict):
        values = {**values, "networks": {}}  # told where the spec was resolved
    try:
        return Spec.model_validate(values)
    except ValidationError as error:
        raise SpecError(*findings_of(error, _checked(resolved, resolved.project.values))) from None


def _service(resolved: Resolved, service: ResolvedService) -> Service:
    path = ("services", service.name)
    findings = Findings()
    try:
        _NAME.validate_python(service.name, strict=True)
    except ValidationError as error:
        findings.add([of_name(error, path, resolved.locate(path))])
    # Fragments have done their work: what they say is among the values.
    values = {key: value for key, value in service.values.items() if key != "fragments"} | {"name": service.name}
    if findings.errors and any(layer.follows and "path" in layer.values for layer in service.layers):
        values["path"] = "."  # the default path follows from the name, which is told
    if "name" in service.values:
        findings.add([_named_again(resolved, service.name)])
    with findings.collecting():
        model = _model(resolved, service)
        try:
            fitting = model.model_validate(values)
        except ValidationError as error:
            findings.add(findings_of(error, _checked(resolved, service.values, *path)))
    findings.refuse()
    return fitting


def _named_again(resolved: Resolved, name: str) -> Finding:
    return Finding(
        location=resolved.locate(("services", name, "name")),
        message=f"services.{name}.name is not a known key here",
        fix="remove it: the key of the service is its name",
        code="key-unknown",
    )


def _checked(resolved: Resolved, values: Mapping[str, Any], *place: str) -> Checked:
    return Checked(values=values, place=place, locate=resolved.locate, written=resolved.written)


def _model(resolved: Resolved, service: ResolvedService) -> type[Service]:
    """Choose the model by kind and runtime. Raises SpecError where one of them is missing or unknown."""
    kind, runtime = service.values.get("kind"), service.values.get("runtime")
    if not isinstance(kind, str) or kind not in ROLES:
        raise SpecError(_unknown(resolved, service, "kind", ROLES))
    runtimes = RUNTIMES_OF[kind]
    if service.values.get("image_of") is not None:
        if kind == ASSETS:
            raise SpecError(_of_assets(resolved, service))
        return service_model(kind, shared=True)
    if not runtimes:
        return service_model(kind)
    if runtime not in runtimes:
        if kind in BY_RUNTIME:
            raise SpecError(_unknown(resolved, service, "runtime", RUNTIMES))
        runtime = runtimes[0]  # the kind is named by it, and the model says that it has to be the one
    return service_model(kind, str(runtime), managers_of(str(runtime)))


def _of_assets(resolved: Resolved, service: ResolvedService) -> Finding:
    return Finding(
        location=resolved.locate(("services", service.name, "image_of")),
        message=f"{service.name} makes assets, which are built and run no image",
        fix="remove image_of, or choose what the service is for, as kind: job",
        code="value-not-allowed",
    )


def _unknown(resolved: Resolved, service: ResolvedService, key: str, known: Iterable[str]) -> Finding:
    value = service.values.get(key)
    problem = "is missing" if value is None else f"{value!r} is not known"
    return Finding(
        # The whole service: a kind that is missing has no place of its own.
        location=resolved.locate(("services", service.name)),
        message=f"services.{service.name}.{key} {problem}",
        fix=(key == "kind" and value is None and kind_of(service.values)) or f"use one of {', '.join(known)}",
        code="key-missing" if value is None else "value-unknown",
    )
