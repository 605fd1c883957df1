"""Holds every service to the policies of its presets, and each waiver to its day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import TypeAdapter, ValidationError

from generator.checks.keys import nearest
from generator.checks.policy_rules import Audited, Breach, mistake, switched_on
from generator.layers.layer import MISSING, InDocument, Layer
from generator.layers.resolve import Resolved, ResolvedService
from generator.lockfile.pins import ImagePin
from generator.model.policy import Policy, Rules, Waiver
from generator.model.project import Project
from generator.text.documents import Document
from generator.text.errors import Finding, Findings, Level, SpecError

_LOCKED = "locked"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Broken:
    """A rule that a service breaks, and the finding that tells it."""

    rule: str
    service: str
    finding: Finding


def check(
    resolved: Resolved, project: Project, pins: Mapping[str, ImagePin], today: datetime.date | None = None
) -> list[Finding]:
    """Apply all policies, and find waivers that have ended or are not needed.

    `pins` are the images of the lock file; `today` is the day in UTC.
    """
    findings = Findings()
    waivers: list[Waiver] = []
    with findings.collecting():
        waivers = _waivers(resolved)
    policies: dict[int, Policy] = {}
    presets = {id(one): one for service in resolved.services.values() for one in service.presets}
    for key, preset in presets.items():
        with findings.collecting():
            policies[key] = read_policy(preset)
    today = today or datetime.datetime.now(tz=datetime.UTC).date()
    audit = _Audit(resolved=resolved, project=project, policies=policies, pins=pins, today=today)
    broken = [one for service in resolved.services.values() for one in audit.broken(service)]
    waived = {(waiver.rule, waiver.service) for waiver in waivers}
    findings.add(one.finding for one in broken if (one.rule, one.service) not in waived)
    findings.add(_ended(resolved, waivers, today))
    if len(policies) == len(presets):
        findings.add(_nothing_named(resolved, waivers, _rules(policies.values())))
        findings.add(_needless(resolved, project, waivers, broken))
    return findings.all


@dataclass(frozen=True, kw_only=True, slots=True)
class _Audit:
    """What services are held to; `policies` are by the identity of their preset."""

    resolved: Resolved
    project: Project
    policies: Mapping[int, Policy]
    pins: Mapping[str, ImagePin]
    today: datetime.date

    def broken(self, service: ResolvedService) -> Iterator[_Broken]:
        """Find where a service breaks the policies of its presets; rules are for services that fit their model."""
        model = self.project.services.get(service.name)
        for preset in {id(one): one for one in service.presets if id(one) in self.policies}.values():
            policy = self.policies[id(preset)]
            for key in policy.locked:
                yield from _locked(service, preset, key)
            if model is None:
                continue
            audited = Audited(resolved=service, model=model)
            for rule, level, breaches in switched_on(policy.rules, self.pins, self.today):
                for breach in breaches(audited):
                    yield self._broken(service, preset, rule, level, breach)

    def _broken(self, service: ResolvedService, preset: Document, rule: str, level: Level, breach: Breach) -> _Broken:
        by = preset.locate(("policy", "rules", *_place_of(rule, preset)))
        fix = breach.fix or f"correct {'.'.join(breach.path)}"
        finding = Finding(
            location=self.resolved.locate(("services", service.name, *breach.path)),
            message=f"{service.name}: {breach.message}",
            fix=f"{fix}; {by} asks for it (rule {rule})",
            code=rule,
            level=level,
        )
        return _Broken(rule=rule, service=service.name, finding=finding)


def _rules(policies: Iterable[Policy]) -> set[str]:
    """The names of all rules, those of the presets' own included."""
    own = {name for policy in policies for name in policy.rules.expressions}
    return {_LOCKED, *own, *(name.replace("_", "-") for name in Rules.model_fields if name != "expressions")}


def _place_of(rule: str, preset: Document) -> tuple[str, ...]:
    named = rule.replace("-", "_")
    rules: Any = preset.data["policy"]["rules"]
    return (named,) if named in rules else ("expressions", rule)


def _locked(service: ResolvedService, preset: Document, key: str) -> Iterator[_Broken]:
    """The words above a preset that change a value which the preset has locked."""
    path = tuple(key.split("."))
    end = max(index for index, document in enumerate(service.presets) if document is preset) + 1
    below = {id(document) for document in service.presets[:end]}
    written = [layer for layer in service.layers if not layer.adds and not layer.follows]
    above = max((index for index, layer in enumerate(written) if id(layer.document) in below), default=-1) + 1
    standing = [layer.value(path) for layer in written[:above]]
    allowed = next((value for value in reversed(standing) if value is not MISSING), MISSING)
    added = [layer for layer in service.layers if layer.adds and id(layer.document) not in below]
    for layer in [*written[above:], *added, *_templates(service.presets[end:])]:
        value = layer.value(path)
        if value is not MISSING and value != allowed:
            by = preset.locate(("policy", "locked", preset.data["policy"]["locked"].index(key)))
            finding = Finding(
                location=layer.locate(path),
                message=f"{service.name} changes {key}, which {by} has locked",
                fix=f"remove it, or ask for a waiver (rule {_LOCKED})",
                code=_LOCKED,
            )
            yield _Broken(rule=_LOCKED, service=service.name, finding=finding)


def _templates(presets: Iterable[Document]) -> Iterator[Layer]:
    """A template is no value of the service, and can change every one of them: it can be locked like one."""
    for preset in presets:
        if templates := preset.data.get("templates"):
            yield Layer(name=preset.name, values={"templates": templates}, origin=InDocument(document=preset))


def read_policy(preset: Document) -> Policy:
    """The policy of a preset.

    Raises:
        SpecError: it is malformed, is about a key that no service has, or has an expression that is none.
    """
    try:
        policy = Policy.model_validate(preset.data.get("policy") or {})
    except ValidationError as error:
        raise SpecError(*_malformed(preset, ("policy",), error)) from None
    if findings := [*_unknown_keys(preset, policy), *_no_expressions(preset, policy)]:
        raise SpecError(*sorted(findings))
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


def _no_expressions(preset: Document, policy: Policy) -> Iterator[Finding]:
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
        raise SpecError(*_malformed(resolved.spec, ("waivers",), error)) from None


def _malformed(document: Document, above: tuple[str, ...], error: ValidationError) -> Iterator[Finding]:
    for detail in error.errors(include_url=False):
        path = (*above, *detail["loc"])
        fix = "correct it: docs/presets.md describes policies and waivers"
        message = f"{'.'.join(map(str, path))}: {detail['msg']}"
        yield Finding(location=document.locate(path), message=message, fix=fix, code="policy-malformed")


def _ended(resolved: Resolved, waivers: list[Waiver], today: datetime.date) -> Iterator[Finding]:
    for index, waiver in enumerate(waivers):
        if waiver.until < today:
            message = f"the waiver of {waiver.rule} for {waiver.service} ended on {waiver.until}"
            fix = "keep the rule, or give a new day and reason"
            yield _of_waiver(resolved, (index, "until"), message, fix, "waiver-ended", "error")


def _nothing_named(resolved: Resolved, waivers: list[Waiver], known: set[str]) -> Iterator[Finding]:
    """Waivers of a service or a rule that there is not."""
    for index, waiver in enumerate(waivers):
        for key, word, names in (("service", waiver.service, [*resolved.names]), ("rule", waiver.rule, sorted(known))):
            if word not in names:
                near = get_close_matches(word, names, n=3) or names
                message, fix = f"there is no {key} {word!r}", f"use one of {', '.join(near)}"
                yield _of_waiver(resolved, (index, key), message, fix, f"waiver-{key}-unknown", "error")


def _needless(
    resolved: Resolved, project: Project, waivers: list[Waiver], broken: Iterable[_Broken]
) -> Iterator[Finding]:
    needed = {(one.rule, one.service) for one in broken}
    for index, waiver in enumerate(waivers):
        if (waiver.rule, waiver.service) not in needed and waiver.service in project.services:
            message = f"{waiver.service} keeps {waiver.rule}: the waiver is not needed"
            yield _of_waiver(resolved, (index, "rule"), message, "remove it", "waiver-not-needed", "warn")


def _of_waiver(resolved: Resolved, path: tuple[int, str], message: str, fix: str, code: str, level: Level) -> Finding:
    location = resolved.spec.locate(("waivers", *path))
    return Finding(location=location, message=message, fix=fix, code=code, level=level)
