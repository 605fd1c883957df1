"""The section `policy` of a preset, read and checked by itself."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from generator.checks.keys import nearest
from generator.model.policy import Policy
from generator.text.documents import Document
from generator.text.errors import Finding, SpecError


def read_policy(preset: Document) -> Policy:
    """Read the policy of a preset. Its expressions are checked where they are decided (`generator.checks.decisions`).

    Raises:
        SpecError: it is malformed, or is about a key that no service has.
    """
    try:
        policy = Policy.model_validate(preset.data.get("policy") or {})
    except ValidationError as error:
        raise SpecError(*malformed(preset, ("policy",), error, code="policy-malformed")) from None
    if findings := [*_unknown_keys(preset, policy)]:
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


def malformed(document: Document, above: tuple[str, ...], error: ValidationError, *, code: str) -> Iterator[Finding]:
    """Give a finding for each value below `above` that does not fit a policy or a waiver."""
    for detail in error.errors(include_url=False):
        path = (*above, *detail["loc"])
        fix = "correct it: docs/presets.md describes policies and waivers"
        message = f"{'.'.join(map(str, path))}: {detail['msg']}"
        yield Finding(location=document.locate(path), message=message, fix=fix, code=code)
