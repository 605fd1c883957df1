"""Check every service against the policies of its presets, and every waiver against its last day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from generator.checks.decisions import Decisions, decide_all
from generator.checks.policy_rules import Audited, Breach, switched_on
from generator.checks.policy_section import read_policy
from generator.checks.waivers import ended, not_needed, of_nothing, waivers_of
from generator.layers.layer import MISSING, InDocument, Layer
from generator.layers.resolve import Resolved, ResolvedService
from generator.lockfile.pin import ImagePin
from generator.model.policy import Policy, Rules, Waiver
from generator.model.project import Project
from generator.text.documents import Document
from generator.text.errors import Finding, Findings, Level

_LOCKED = "locked"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Broken:
    """A rule that a service breaks, with its finding."""

    rule: str
    service: str
    finding: Finding


def broken_policies(
    resolved: Resolved, project: Project, pins: Mapping[str, ImagePin], today: datetime.date | None = None
) -> list[Finding]:
    """Apply all policies, and find waivers that have ended or are not needed.

    `pins` are the images of the lock file; `today` is the day in UTC.
    """
    findings = Findings()
    waivers: list[Waiver] = []
    with findings.collecting():
        waivers = waivers_of(resolved)
    policies: dict[int, Policy] = {}
    presets = {id(one): one for service in resolved.services.values() for one in service.presets}
    for key, preset in presets.items():
        with findings.collecting():
            policies[key] = read_policy(preset)
    today = today or datetime.datetime.now(tz=datetime.UTC).date()
    decisions = _decided(resolved, project, [(presets[key], policy) for key, policy in policies.items()])
    findings.add(decisions.findings)
    audit = _Audit(resolved=resolved, project=project, policies=policies, decisions=decisions, pins=pins, today=today)
    broken = [one for service in resolved.services.values() for one in audit.broken(service)]
    waived = {(waiver.rule, waiver.service) for waiver in waivers}
    findings.add(one.finding for one in broken if (one.rule, one.service) not in waived)
    findings.add(ended(resolved, waivers, today))
    if resolved.complete and len(policies) == len(presets) and not decisions.findings:
        findings.add(of_nothing(resolved, waivers, _rules(policies.values())))
        findings.add(not_needed(resolved, project, waivers, [(one.rule, one.service) for one in broken]))
    return findings.all


@dataclass(frozen=True, kw_only=True, slots=True)
class _Audit:
    """The policies that services are checked against; `policies` are by the identity of their preset."""

    resolved: Resolved
    project: Project
    policies: Mapping[int, Policy]
    decisions: Decisions
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
            decided = partial(self.decisions.of, preset)
            for rule, level, breaches in switched_on(policy.rules, self.pins, self.today, decided):
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


def _decided(resolved: Resolved, project: Project, policies: Iterable[tuple[Document, Policy]]) -> Decisions:
    """Decide the expressions of `policies` for the services that have their preset and fit their model."""
    services = [one for one in resolved.services.values() if one.name in project.services]
    seen = {one.name: {"name": one.name, **one.values} for one in services}
    return decide_all(
        (preset, policy, {one.name: seen[one.name] for one in services if any(preset is its for its in one.presets)})
        for preset, policy in policies
    )


def _rules(policies: Iterable[Policy]) -> set[str]:
    """Return the names of all rules, including those that presets define."""
    own = {name for policy in policies for name in policy.rules.expressions}
    return {_LOCKED, *own, *(name.replace("_", "-") for name in Rules.model_fields if name != "expressions")}


def _place_of(rule: str, preset: Document) -> tuple[str, ...]:
    named = rule.replace("-", "_")
    rules: Any = preset.data["policy"]["rules"]
    return (named,) if named in rules else ("expressions", rule)


def _locked(service: ResolvedService, preset: Document, key: str) -> Iterator[_Broken]:
    """Find where layers above a preset change a value that the preset has locked."""
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
    """Yield the templates of presets as layers: a template can change every value, so it can be locked too."""
    for preset in presets:
        if templates := preset.data.get("templates"):
            yield Layer(name=preset.name, values={"templates": templates}, origin=InDocument(document=preset))
