"""Holds every service to the policies of its presets, and each waiver to its day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import TypeAdapter, ValidationError

from generator.checks.keys import nearest
from generator.checks.policy_rules import Breach, mistake, switched_on
from generator.layers.layer import MISSING, Layer
from generator.layers.resolve import Resolved
from generator.lockfile.pins import ImagePin
from generator.model.policy import Level, Policy, Rules, Waiver
from generator.text.documents import Document
from generator.text.errors import Location, Finding, SpecError

_LOCKED = "locked"
_TEMPLATES = ("templates",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Breach_:
    """One service that breaks one rule."""

    rule: str
    level: Level
    service: str
    problem: Finding


def check(resolved: Resolved, pins: Mapping[str, ImagePin], today: datetime.date | None = None) -> list[Finding]:
    """Apply all policies; gives what is only to be told: findings of level warn, and waivers that are not needed.

    `pins` are the images of the lock file, as they have been laid into the values; `today` is the day in UTC.

    Raises:
        SpecError: a finding of level error, a waiver that has ended, or a policy that is malformed.
    """
    today = today or datetime.datetime.now(tz=datetime.UTC).date()
    waivers = _waivers(resolved)
    presets = {id(one): one for documents in resolved.of_service.values() for one in documents}
    policies = {key: read_policy(preset) for key, preset in presets.items()}
    names = resolved.values["services"]
    findings = [finding for name in names for finding in _findings(resolved, name, policies, pins, today)]
    errors = [*_ended(resolved, waivers, today), *_nothing_named(resolved, waivers, _rules(policies.values()))]
    warnings: list[Finding] = []
    for finding in findings:
        waived = any((waiver.rule, waiver.service) == (finding.rule, finding.service) for waiver in waivers)
        if not waived:
            (errors if finding.level == "error" else warnings).append(finding.problem)
    if errors:
        raise SpecError(*sorted(set(errors)))
    return sorted({*warnings, *_needless(resolved, waivers, findings)})


def _rules(policies: Iterable[Policy]) -> set[str]:
    """The names of all rules, those of the presets' own included."""
    own = {name for policy in policies for name in policy.rules.expressions}
    return {_LOCKED, *own, *(name.replace("_", "-") for name in Rules.model_fields if name != "expressions")}


def _findings(
    resolved: Resolved,
    name: str,
    policies: Mapping[int, Policy],
    pins: Mapping[str, ImagePin],
    today: datetime.date,
) -> Iterator[Breach_]:
    """Where a service breaks the `policies` of its presets, which are by the identity of the preset."""
    service = resolved.values["services"][name]
    for preset in {id(one): one for one in resolved.of_service[name]}.values():
        policy = policies[id(preset)]
        for key in policy.locked:
            yield from _locked(resolved, name, preset, key)
        for rule, level, broken in switched_on(policy.rules, pins, today):
            for breach in broken(service):
                problem = _problem(resolved, name, preset, rule, breach)
                yield Breach_(rule=rule, level=level, service=name, problem=problem)


def _problem(resolved: Resolved, name: str, preset: Document, rule: str, breach: Breach) -> Finding:
    by = preset.locate(("policy", "rules", *_place_of(rule, preset)))
    fix = breach.fix or f"correct {'.'.join(breach.path)}"
    return Finding(
        location=resolved.locate(("services", name, *breach.path)),
        message=f"{name}: {breach.message}",
        fix=f"{fix}; {by} asks for it (rule {rule})",
        code=rule,
    )


def _place_of(rule: str, preset: Document) -> tuple[str, ...]:
    named = rule.replace("-", "_")
    rules: Any = preset.data["policy"]["rules"]
    return (named,) if named in rules else ("expressions", rule)


def _locked(resolved: Resolved, name: str, preset: Document, key: str) -> Iterator[Breach_]:
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
            fix = f"remove it, or ask for a waiver (rule {_LOCKED})"
            problem = Finding(location=layer.locate(path), message=message, fix=fix, code="policy-locked")
            yield Breach_(rule=_LOCKED, level="error", service=name, problem=problem)


def read_policy(preset: Document) -> Policy:
    """The policy of a preset.

    Raises:
        SpecError: it is malformed, is about a key that no service has, or has an expression that is none.
    """
    try:
        policy = Policy.model_validate(preset.data.get("policy") or {})
    except ValidationError as error:
        raise SpecError(*_problems(preset, ("policy",), error)) from None
    if problems := [*_unknown_keys(preset, policy), *_malformed(preset, policy)]:
        raise SpecError(*sorted(problems))
    return policy


def _unknown_keys(preset: Document, policy: Policy) -> Iterator[Finding]:
    keys = {("policy", "locked", index): key for index, key in enumerate(policy.locked)}
    named = policy.rules.expressions.items()
    expressions = {("policy", "rules", "expressions", name, "value"): rule.value for name, rule in named}
    for path, key in (*keys.items(), *expressions.items()):
        near = nearest(key)
        if near is not None:
            fix = f"use one of {', '.join(near)}"
            yield Finding(
                location=preset.locate(path), message=f"no service has a key {key!r}", fix=fix, code="policy-key"
            )


def _malformed(preset: Document, policy: Policy) -> Iterator[Finding]:
    for name, rule in policy.rules.expressions.items():
        if wrong := mistake(rule):
            place = preset.locate(("policy", "rules", "expressions", name, "that"))
            yield Finding(
                location=place,
                message=f"is no expression: {wrong}",
                fix="correct it: docs/presets.md",
                code="policy-expression",
            )


def _waivers(resolved: Resolved) -> list[Waiver]:
    try:
        return TypeAdapter(list[Waiver]).validate_python(resolved.spec.data.get("waivers", []))
    except ValidationError as error:
        raise SpecError(*_problems(resolved.spec, ("waivers",), error)) from None


def _problems(document: Document, above: tuple[str, ...], error: ValidationError) -> list[Finding]:
    found = []
    for detail in error.errors(include_url=False):
        path = (*above, *detail["loc"])
        fix = "correct it: docs/presets.md describes policies and waivers"
        message = f"{'.'.join(map(str, path))}: {detail['msg']}"
        found.append(Finding(location=document.locate(path), message=message, fix=fix, code="policy-shape"))
    return found


def _ended(resolved: Resolved, waivers: list[Waiver], today: datetime.date) -> Iterator[Finding]:
    for index, waiver in enumerate(waivers):
        if waiver.until < today:
            message = f"the waiver of {waiver.rule} for {waiver.service} ended on {waiver.until}"
            yield _at(resolved, index, "until", message, "keep the rule, or give a new day and reason")


def _nothing_named(resolved: Resolved, waivers: list[Waiver], known: set[str]) -> Iterator[Finding]:
    """Waivers of a service or a rule that there is not."""
    services = resolved.values["services"]
    for index, waiver in enumerate(waivers):
        for key, word, names in (("service", waiver.service, [*services]), ("rule", waiver.rule, sorted(known))):
            if word not in names:
                near = get_close_matches(word, names, n=3) or names
                yield _at(resolved, index, key, f"there is no {key} {word!r}", f"use one of {', '.join(near)}")


def _needless(resolved: Resolved, waivers: list[Waiver], findings: list[Breach_]) -> Iterator[Finding]:
    broken = {(finding.rule, finding.service) for finding in findings}
    for index, waiver in enumerate(waivers):
        if (waiver.rule, waiver.service) not in broken:
            message = f"{waiver.service} keeps {waiver.rule}: the waiver is not needed"
            yield _at(resolved, index, "rule", message, "remove it")


def _at(resolved: Resolved, index: int, key: str, message: str, fix: str) -> Finding:
    location: Location = resolved.spec.locate(("waivers", index, key))
    return Finding(location=location, message=message, fix=fix, code="TODO")
