"""What the expressions of policies say of services: all of them are decided at once, in a process of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from generator.model.policy import Policy
from generator.text.confined import Outcome, confined
from generator.text.documents import Document
from generator.text.errors import Finding, Location

JUDGE = "generator.checks.expressions:judge"

Services = Mapping[str, Mapping[str, Any]]
"""The values of services, as expressions see them, by name."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """The answers to all expressions.

    Attributes:
        findings: What is wrong with expressions, and the one that has reached a limit.
    """

    findings: list[Finding] = field(default_factory=list)
    _said: dict[tuple[int, str, str], tuple[bool, str]] = field(default_factory=dict)

    def of(self, preset: Document, rule: str, service: str) -> tuple[bool, str]:
        """Return whether a rule holds for a service, and the error if it cannot be evaluated.

        A rule of which nothing is known has a finding, or comes after one that has, so it counts as kept.
        """
        return self._said.get((id(preset), rule, service), (True, ""))


class _Question(NamedTuple):
    preset: Document
    rule: str
    text: str
    services: Services

    def place(self) -> Location:
        return self.preset.locate(("policy", "rules", "expressions", self.rule, "that"))


def decide_all(policies: Iterable[tuple[Document, Policy, Services]]) -> Decisions:
    """Decide every expression of `policies`, each for the services that its preset has."""
    questions = [
        _Question(preset, rule, expression.that, services)
        for preset, policy, services in policies
        for rule, expression in policy.rules.expressions.items()
    ]
    decisions = Decisions()
    if not questions:
        return decisions
    outcomes = confined(JUDGE, [(one.text, list(one.services.values())) for one in questions])
    for question, outcome in zip(questions, outcomes, strict=True):
        decisions.findings.extend(_wrong(question, outcome))
        if isinstance(outcome.value, list):
            for service, (holds, error) in zip(question.services, outcome.value, strict=True):
                decisions._said[id(question.preset), question.rule, service] = (holds, error)
    return decisions


def _wrong(question: _Question, outcome: Outcome) -> Iterable[Finding]:
    if outcome.state == "stopped":
        message, fix = f"the expression {outcome.limit}", "simplify it"
        yield Finding(location=question.place(), message=message, fix=fix, code="limit-reached")
    elif isinstance(outcome.value, str):
        message, fix = f"is no expression: {outcome.value}", "correct it: docs/presets.md"
        yield Finding(location=question.place(), message=message, fix=fix, code="expression-malformed")
