"""The section `policy` of a preset, read and checked by itself."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from generator.checks.keys import nearest
from generator.model.policy import Policy
from generator.text.documents import Document
from generator.text.errors import Finding, SpecError


def read_policy(preset: Document) -> Policy:
    """Read the policy of a preset.

    Raises:
        SpecError: it is malformed, is about a key that no service has, or has an expression that is none.
    """
    try:
        policy = Policy.model_validate(preset.data.get("policy") or {})
    except ValidationError as error:
        raise SpecError(*malformed(preset, ("policy",), error, code="policy-malformed")) from None
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
                location=preset.locate(path), message=f"no service has a key {key!r}", fix=fix, code="key-unknown"
            )


def _no_expressions(preset: Document, policy: Policy) -> Iterator[Finding]:
    if not policy.rules.expressions:
        return
    from generator.checks import expressions  # noqa: PLC0415  # Jinja takes 60 ms to load, and few policies need it

    for name, rule in policy.rules.expressions.items():
        if wrong := expressions.mistake(rule.that):
            place = preset.locate(("policy", "rules", "expressions", name, "that"))
            yield Finding(
                location=place,
                message=f"is no expression: {wrong}",
                fix="correct it: docs/presets.md",
                code="expression-malformed",
            )


def malformed(document: Document, above: tuple[str, ...], error: ValidationError, *, code: str) -> Iterator[Finding]:
    """Give a finding for each value below `above` that does not fit a policy or a waiver."""
    for detail in error.errors(include_url=False):
        path = (*above, *detail["loc"])
        fix = "correct it: docs/presets.md describes policies and waivers"
        message = f"{'.'.join(map(str, path))}: {detail['msg']}"
        yield Finding(location=document.locate(path), message=message, fix=fix, code=code)
