"""The rules that a policy can switch on, each a function from a service to its breaches."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from generator.layers.resolve import ResolvedService
from generator.lockfile.pin import LOCK, ImagePin
from generator.model.images import ExistingImage, OwnImage, WrittenImage
from generator.model.policy import AllowedRegistries, Expression, Level, MaxImageAge, Rules
from generator.model.services import Service


@dataclass(frozen=True, kw_only=True, slots=True)
class Audited:
    """A service that rules are applied to: its values with their layers, and its model."""

    resolved: ResolvedService
    model: Service


class Breach(NamedTuple):
    """The path of the value that breaks a rule, the message, and a fix if it is not to correct that value."""

    path: tuple[str, ...]
    message: str
    fix: str = ""


Broken = Iterator[Breach]
Decided = Callable[[str, str], tuple[bool, str]]


def switched_on(
    rules: Rules, pins: Mapping[str, ImagePin], today: datetime.date, decided: Decided
) -> Iterator[tuple[str, Level, Callable[[Audited], Broken]]]:
    """Yield each rule that is switched on, with its name, its level and its check.

    `decided` says of the name of an expression and that of a service whether it holds, and why it cannot be evaluated.
    """
    if rules.allowed_registries is not None:
        check = partial(_allowed_registries, rules.allowed_registries)
        yield "allowed-registries", rules.allowed_registries.level, check
    if rules.max_image_age is not None:
        aged = partial(_max_image_age, rules.max_image_age, pins, today)
        yield "max-image-age", rules.max_image_age.level, aged
    for name, simple in _SIMPLE.items():
        level = getattr(rules, name)
        if level is not None:
            yield name.replace("_", "-"), level, simple
    for name, expression in rules.expressions.items():
        yield name, expression.level, partial(_expression, expression, decided, name)


def _allowed_registries(rule: AllowedRegistries, service: Audited) -> Broken:
    for use in service.resolved.images:
        name = f"{use.registry}/{use.name}"
        if not any(name.startswith(f"{registry}/") for registry in rule.registries):
            message = f"the image {name} is not from {' or '.join(rule.registries)}"
            yield Breach((*use.path, "registry"), message)


def _max_image_age(rule: MaxImageAge, pins: Mapping[str, ImagePin], today: datetime.date, service: Audited) -> Broken:
    for use in service.resolved.images:
        pin, image = pins.get(use.reference), f"the image {use.reference}"
        again = f"run gen-dockerfiles lock --upgrade {use.reference}"
        if use.digest and (pin is None or use.digest != pin.digest):
            message = f"{image} has a digest that is not from {LOCK}: its age is not known"
            yield Breach((*use.path, "digest"), message, "remove the digest, and run gen-dockerfiles lock")
        elif pin is None:
            yield Breach(use.path, f"{image} is not pinned: its age is not known", "run gen-dockerfiles lock")
        # A clock that is ahead around midnight is no mistake; a day farther away would keep the rule for good.
        elif pin.date is None or pin.date > today + datetime.timedelta(days=1):
            day = f"the day {pin.date}, still to come," if pin.date else "no day"
            yield Breach(use.path, f"{image} has {day} in {LOCK}: its age is not known", again)
        elif (age := (today - pin.date).days) > rule.days:
            yield Breach(use.path, f"{image} was looked up {age} days ago, and the limit is {rule.days}", again)


def _digest_required(service: Audited) -> Broken:
    for use in service.resolved.images:
        if not use.digest:
            message = f"the image {use.reference} has no digest; pin it with: gen-dockerfiles lock"
            yield Breach((*use.path, "digest"), message)


def _healthcheck_required(service: Audited) -> Broken:
    if service.model.healthcheck is None:
        yield Breach(("healthcheck",), "there is no health check")


def _no_root(service: Audited) -> Broken:
    model = service.model
    if isinstance(model, (ExistingImage, WrittenImage)) and model.user is None:
        yield Breach(("user",), "it runs as the user of its image, which may be root")


def _required_secrets(service: Audited) -> Broken:
    secrets = service.model.secrets if isinstance(service.model, OwnImage) else {}
    for name, secret in secrets.items():
        if not secret.required:
            yield Breach(("secrets", name, "required"), f"the secret {name} may be missing")


_SIMPLE: dict[str, Callable[[Audited], Broken]] = {
    "digest_required": _digest_required,
    "healthcheck_required": _healthcheck_required,
    "no_root": _no_root,
    "required_secrets": _required_secrets,
}


def _expression(rule: Expression, decided: Decided, name: str, service: Audited) -> Broken:
    holds, wrong = decided(name, service.resolved.name)
    if not holds:
        yield Breach(tuple(rule.value.split(".")), wrong or rule.message)
