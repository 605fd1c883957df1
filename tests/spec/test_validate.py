"""The models change nothing in what they check, and a finding points at the file and line of its value."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from pydantic import ValidationError

from generator.checks.validate import validate
from generator.detect.managers import managers_of
from generator.model.images import ExistingImage, OwnImage
from generator.model.project import RUNTIMES_OF, service_model
from generator.model.roles import Backing, Http, Worker
from generator.model.runtimes import Bun, Node, Python
from generator.text.errors import SpecError
from tests.strategies import specs
from tests.support import Values, loaded, resolved_spec

SERVICE: Values = {"kind": "python", "command": ["serve"], "ports": [8000]}
SPEC: Values = {"version": 1, "project": "shop", "services": {"api": SERVICE}}


def _message(**service: object) -> str:
    with pytest.raises(SpecError) as caught:
        loaded({**SPEC, "services": {"api": {**SERVICE, **service}}})
    return str(caught.value)


@pytest.mark.parametrize("signal", ["SIGINTSIGINT", "SIGKILL9", "SIGRTMIN+16", "SIGRTMAX-0", "SIGSIG"])
def test_a_signal_is_one_that_the_engine_knows(signal: str) -> None:
    assert "write a signal's name, as SIGTERM" in _message(stop_signal=signal)


@given(specs())
def test_validation_changes_nothing(spec: Values) -> None:
    resolved, project = loaded(spec)
    before = copy.deepcopy([*resolved.content])
    validate(resolved)
    assert [*resolved.content] == before
    assert list(project.services) == list(spec["services"])
    for name, service in project.services.items():
        # Every value that the models keep is the one that the layers give.
        dumped = service.model_dump(exclude_unset=True, mode="python", by_alias=True)
        assert _within(dumped, {"name": name, **resolved.services[name].values})


def _within(dumped: object, given: object) -> bool:
    if isinstance(dumped, dict) and isinstance(given, dict):
        return dumped.keys() == given.keys() and all(_within(dumped[key], given[key]) for key in dumped)
    return dumped == given and type(dumped) is type(given)


def test_models_are_frozen() -> None:
    _, project = loaded(SPEC)
    with pytest.raises(ValidationError, match="frozen"):
        project.services["api"].stop_grace_period = "1s"


@pytest.mark.parametrize(
    ("kind", "runtime", "role", "made"),
    [
        ("python", "python", Http, Python),
        ("node", "node", Http, Node),
        ("node", "bun", Http, Bun),
        ("worker", "python", Worker, Python),
        ("worker", "node", Worker, Node),
        ("worker", "bun", Worker, Bun),
        ("image", "", Backing, ExistingImage),
    ],
)
def test_a_service_is_a_role_and_a_runtime(kind: str, runtime: str, role: type, made: type) -> None:
    managers = managers_of(runtime) if runtime else ()
    model = service_model(kind, runtime, managers)
    assert issubclass(model, role)
    assert issubclass(model, made)
    assert issubclass(model, OwnImage) == bool(runtime)
    assert model is service_model(kind, runtime, managers), "joined once"
    assert runtime in (RUNTIMES_OF[kind] or ("",))


def test_one_service_that_does_not_fit_does_not_hide_another() -> None:
    services = {"a": {**SERVICE, "command": 1}, "b": {"kind": "nope"}, "c": {**SERVICE, "ports": [1]}}
    project, wrong = validate(resolved_spec({**SPEC, "project": "No", "services": services}))
    assert [finding.code for finding in wrong] == ["value-malformed", "type-wrong", "value-unknown"]
    assert list(project.services) == ["c"]
    assert project.names == ("a", "b", "c")


@pytest.mark.parametrize(
    ("service", "place"),
    [
        # A service's kind has the name of one of its keys, which once led these astray.
        ({"kind": "python", "path": "/a"}, "services.api.path: '/a' does not fit"),
        ({"kind": "python", "python": "x"}, "services.api.python: 'x' does not fit"),
        ({"kind": "node", "node": "x"}, "services.api.node: 'x' does not fit"),
        ({"environment": {"short": [4]}}, "services.api.environment.short: a list is not text"),
        ({"environment": {"mapping": {"variable": 4}}}, "services.api.environment.mapping.variable: 4 is"),
        ({"ports": [{"target": 0, "published": 1}]}, "services.api.ports.0.target: 0 should be"),
        ({"ports": [True]}, "services.api.ports.0: true is not a whole number"),
        ({"command": ["a", 2]}, "services.api.command.1: 2 is a whole number; text is needed"),
        ({"labels": {"A B": "x"}}, "services.api.labels.A B: 'A B' does not fit"),
    ],
)
def test_the_place_of_a_finding(service: Values, place: str) -> None:
    assert place in _message(**service)


def test_an_unknown_manager_is_one_finding() -> None:
    message = _message(manager="npm")
    *most, last = (f"'{name}'" for name in managers_of("python"))
    assert f"'npm' is not one of {', '.join(most)} or {last}" in message
    assert message.count("fix:") == 1
