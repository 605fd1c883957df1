"""Waivers of a spec: each lets one service break one rule, until a day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from pydantic import TypeAdapter, ValidationError

from generator.checks.policy_section import malformed
from generator.layers.resolve import Resolved
from generator.model.policy import Waiver
from generator.model.project import Project
from generator.text.errors import Finding, Level, SpecError


def waivers_of(resolved: Resolved) -> list[Waiver]:
    """Read the waivers of the spec. Raises SpecError where one is malformed."""
    try:
        return TypeAdapter(list[Waiver]).validate_python(resolved.spec.data.get("waivers", []))
    except ValidationError as error:
        raise SpecError(*malformed(resolved.spec, ("waivers",), error, code="waiver-malformed")) from None


def ended(resolved: Resolved, waivers: list[Waiver], today: datetime.date) -> Iterator[Finding]:
    """Find the waivers whose last day is over; `today` is the day in UTC."""
    for index, waiver in enumerate(waivers):
        if waiver.until < today:
            message = f"the waiver of {waiver.rule} for {waiver.service} ended on {waiver.until}"
            fix = "keep the rule, or give a new day and reason"
            yield _of_waiver(resolved, (index, "until"), message, fix, "waiver-ended", "error")


def of_nothing(resolved: Resolved, waivers: list[Waiver], known: set[str]) -> Iterator[Finding]:
    """Find the waivers of a service or a rule that does not exist; `known` are the names of all rules."""
    for index, waiver in enumerate(waivers):
        for key, word, names in (("service", waiver.service, [*resolved.names]), ("rule", waiver.rule, sorted(known))):
            if word not in names:
                near = get_close_matches(word, names, n=3) or names
                message, fix = f"there is no {key} {word!r}", f"use one of {', '.join(near)}"
                yield _of_waiver(resolved, (index, key), message, fix, "waiver-target-unknown", "error")


def not_needed(
    resolved: Resolved, project: Project, waivers: list[Waiver], broken: Iterable[tuple[str, str]]
) -> Iterator[Finding]:
    """Find the waivers that are not needed; `broken` are the rules that are broken, each with the service."""
    needed = set(broken)
    for index, waiver in enumerate(waivers):
        if (waiver.rule, waiver.service) not in needed and waiver.service in project.services:
            message = f"{waiver.service} keeps {waiver.rule}: the waiver is not needed"
            yield _of_waiver(resolved, (index, "rule"), message, "remove it", "waiver-not-needed", "warn")


def _of_waiver(resolved: Resolved, path: tuple[int, str], message: str, fix: str, code: str, level: Level) -> Finding:
    location = resolved.spec.locate(("waivers", *path))
    return Finding(location=location, message=message, fix=fix, code=code, level=level)
