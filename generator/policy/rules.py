"""The rules that a policy can switch on, each a function from a service to what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from generator.policy.model import AllowedRegistries, Expression, Level, Rules
from generator.presets.images import images

Service = dict[str, Any]
# The path of the value that breaks the rule, and what is wrong with it.
Broken = Iterator[tuple[tuple[str, ...], str]]


def switched_on(rules: Rules) -> Iterator[tuple[str, Level, Callable[[Service], Broken]]]:
    """Each rule that holds: its name, its level and its check."""
    if rules.allowed_registries is not None:
        check = partial(_allowed_registries, rules.allowed_registries)
        yield "allowed-registries", rules.allowed_registries.level, check
    for name, simple in _SIMPLE.items():
        level = getattr(rules, name)
        if level is not None:
            yield name.replace("_", "-"), level, simple
    for name, expression in rules.expressions.items():
        yield name, expression.level, partial(_expression, expression)


def _allowed_registries(rule: AllowedRegistries, service: Service) -> Broken:
    for use in images(service):
        name = f"{use.values.get('registry', 'docker.io')}/{use.values['name']}"
        if not any(name.startswith(f"{registry}/") for registry in rule.registries):
            yield (*use.path, "registry"), f"the image {name} is not from {' or '.join(rule.registries)}"


def _digest_required(service: Service) -> Broken:
    for use in images(service):
        if "digest" not in use.values:
            yield (*use.path, "digest"), f"the image {use.reference} has no digest; pin it with: gen-dockerfiles lock"


def _healthcheck_required(service: Service) -> Broken:
    if "healthcheck" not in service:
        yield ("healthcheck",), "there is no health check"


def _no_root(service: Service) -> Broken:
    if "user" not in service:
        yield ("user",), "it runs as the user of its image, which may be root"


def _required_secrets(service: Service) -> Broken:
    for name, secret in service.get("secrets", {}).items():
        if secret.get("required") is False:
            yield ("secrets", name, "required"), f"the secret {name} may be missing"


_SIMPLE: dict[str, Callable[[Service], Broken]] = {
    "digest_required": _digest_required,
    "healthcheck_required": _healthcheck_required,
    "no_root": _no_root,
    "required_secrets": _required_secrets,
}


def _expression(rule: Expression, service: Service) -> Broken:
    # Imported here: only a policy with expressions of its own needs Jinja.
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    path = tuple(rule.value.split("."))
    try:
        holds = ImmutableSandboxedEnvironment().compile_expression(rule.that)(service=service)
    except (TemplateError, ArithmeticError, TypeError, ValueError) as error:
        yield path, f"{rule.that} cannot be decided: {error}"
        return
    if not holds:
        yield path, rule.message
