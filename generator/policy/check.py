"""Holds every service to the policies of its presets, and each waiver to its day."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from generator.errors import Location, Problem, SpecError
from generator.policy.model import Level, Policy, Waiver
from generator.policy.rules import Breach, switched_on
from generator.presets.document import Document
from generator.presets.layers import MISSING, Layer
from generator.presets.pins import ImagePin
from generator.presets.resolve import Resolved

_LOCKED = "locked"
_TEMPLATES = ("templates",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One service that breaks one rule."""

    rule: str
    level: Level
    service: str
    problem: Problem


def check(resolved: Resolved, pins: Mapping[str, ImagePin], today: datetime.date | None = None) -> list[Problem]:
    """Apply all policies; gives what is only to be told: findings of level warn, and waivers that are not needed.

    `pins` are the images of the lock file, as they have been laid into the values; `today` is the day in UTC.

    Raises:
        SpecError: a finding of level error, a waiver that has ended, or a policy that is malformed.
    """
    today = today or datetime.datetime.now(tz=datetime.UTC).date()
    waivers = _waivers(resolved)
    names = resolved.values["services"]
    findings = [finding for name in names for finding in _findings(resolved, name, pins, today)]
    errors = [*_ended(resolved, waivers, today)]
    warnings: list[Problem] = []
    for finding in findings:
        waived = any((waiver.rule, waiver.service) == (finding.rule, finding.service) for waiver in waivers)
        if not waived:
            (errors if finding.level == "error" else warnings).append(finding.problem)
    if errors:
        raise SpecError(*sorted(set(errors)))
    return sorted({*warnings, *_needless(resolved, waivers, findings)})


def _findings(resolved: Resolved, name: str, pins: Mapping[str, ImagePin], today: datetime.date) -> Iterator[Finding]:
    service = resolved.values["services"][name]
    for preset in {id(one): one for one in resolved.of_service[name]}.values():
        policy = _policy(preset)
        for key in policy.locked:
            yield from _locked(resolved, name, preset, key)
        for rule, level, broken in switched_on(policy.rules, pins, today):
            for breach in broken(service):
                problem = _problem(resolved, name, preset, rule, breach)
                yield Finding(rule=rule, level=level, service=name, problem=problem)


def _problem(resolved: Resolved, name: str, preset: Document, rule: str, breach: Breach) -> Problem:
    by = preset.locate(("policy", "rules", *_place_of(rule, preset)))
    fix = breach.fix or f"correct {'.'.join(breach.path)}"
    return Problem(
        location=resolved.locate(("services", name, *breach.path)),
        message=f"{name}: {breach.message}",
        fix=f"{fix}; {by} asks for it (rule {rule})",
    )


def _place_of(rule: str, preset: Document) -> tuple[str, ...]:
    named = rule.replace("-", "_")
    rules: Any = preset.data["policy"]["rules"]
    return (named,) if named in rules else ("expressions", rule)


def _locked(resolved: Resolved, name: str, preset: Document, key: str) -> Iterator[Finding]:
    """The words above a preset that change a value which the preset has locked."""
    path = tuple(key.split("."))
    documents = resolved.of_service[name]
    end = max(index for index, document in enumerate(documents) if document is preset) + 1
    below = {id(document) for document in documents[:end]}
    layers = resolved.layers(name)
    above = max((index for index, layer in enumerate(layers) if id(layer.document) in below), default=-1) + 1
    standing = [layer.value(path) for layer in layers[:above]]
    allowed = next((value for value in reversed(standing) if value is not MISSING), MISSING)
    # A template is no value of the service, and can change every one of them.
    templates = [Layer(part=document.data, document=document) for document in documents[end:] if path == _TEMPLATES]
    added = [layer for layer in resolved.additions(name) if id(layer.document) not in below]
    for layer in [*layers[above:], *added, *templates]:
        value = layer.value(path)
        if value is not MISSING and value != allowed:
            index = preset.data["policy"]["locked"].index(key)
            by = preset.locate(("policy", "locked", index))
            message = f"{name} changes {key}, which {by} has locked"
            problem = Problem(location=layer.locate(path), message=message, fix="remove it, or ask for a waiver")
            yield Finding(rule=_LOCKED, level="error", service=name, problem=problem)


def _policy(preset: Document) -> Policy:
    try:
        return Policy.model_validate(preset.data.get("policy") or {})
    except ValidationError as error:
        raise SpecError(*_problems(preset, ("policy",), error)) from None


def _waivers(resolved: Resolved) -> list[Waiver]:
    try:
        return TypeAdapter(list[Waiver]).validate_python(resolved.spec.data.get("waivers", []))
    except ValidationError as error:
        raise SpecError(*_problems(resolved.spec, ("waivers",), error)) from None


def _problems(document: Document, above: tuple[str, ...], error: ValidationError) -> list[Problem]:
    found = []
    for detail in error.errors(include_url=False):
        path = (*above, *detail["loc"])
        fix = "correct it: docs/presets.md describes policies and waivers"
        message = f"{'.'.join(map(str, path))}: {detail['msg']}"
        found.append(Problem(location=document.locate(path), message=message, fix=fix))
    return found


def _ended(resolved: Resolved, waivers: list[Waiver], today: datetime.date) -> Iterator[Problem]:
    for index, waiver in enumerate(waivers):
        if waiver.until < today:
            message = f"the waiver of {waiver.rule} for {waiver.service} ended on {waiver.until}"
            yield _at(resolved, index, "until", message, "keep the rule, or give a new day and reason")


def _needless(resolved: Resolved, waivers: list[Waiver], findings: list[Finding]) -> Iterator[Problem]:
    broken = {(finding.rule, finding.service) for finding in findings}
    for index, waiver in enumerate(waivers):
        if (waiver.rule, waiver.service) not in broken:
            message = f"{waiver.service} keeps {waiver.rule}: the waiver is not needed"
            yield _at(resolved, index, "rule", message, "remove it")


def _at(resolved: Resolved, index: int, key: str, message: str, fix: str) -> Problem:
    location: Location = resolved.spec.locate(("waivers", index, key))
    return Problem(location=location, message=message, fix=fix)
