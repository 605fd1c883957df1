"""The models change nothing in what they check, and a problem points at the file and line of its value."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from pydantic import ValidationError

from generator.model.names import MANAGERS
from generator.model.project import ImageService, Project, PythonWorker
from generator.text.errors import SpecError
from tests.strategies import specs
from tests.support import Values, loaded

SERVICE: Values = {"kind": "python", "command": ["serve"], "ports": [8000]}
SPEC: Values = {"version": 1, "project": "shop", "services": {"api": SERVICE}}


def _message(**service: object) -> str:
    with pytest.raises(SpecError) as caught:
        loaded({**SPEC, "services": {"api": {**SERVICE, **service}}})
    return str(caught.value)


@given(specs())
def test_validation_changes_nothing(spec: Values) -> None:
    resolved, project = loaded(spec)
    before = copy.deepcopy(resolved.values)
    Project.model_validate(resolved.values)
    assert resolved.values == before
    assert list(project.services) == list(spec["services"])
    # Every value that the models keep is the one that the templates get.
    assert _within(project.model_dump(exclude_unset=True, mode="python", by_alias=True), resolved.values)


def _within(dumped: object, given: object) -> bool:
    if isinstance(dumped, dict) and isinstance(given, dict):
        return dumped.keys() == given.keys() and all(_within(dumped[key], given[key]) for key in dumped)
    return dumped == given and type(dumped) is type(given)


def test_models_are_frozen() -> None:
    _, project = loaded(SPEC)
    with pytest.raises(ValidationError, match="frozen"):
        project.project = "other"


def test_kinds_are_told_apart() -> None:
    worker = {"kind": "worker", "runtime": "python", "command": ["work"]}
    queue = {"kind": "image", "presets": ["redis"]}
    _, project = loaded({**SPEC, "services": {"jobs": worker, "queue": queue}})
    assert isinstance(project.services["jobs"], PythonWorker)
    assert isinstance(project.services["queue"], ImageService)
    assert [service.name for service in project.built()] == ["jobs"]


@pytest.mark.parametrize(
    ("service", "place"),
    [
        # A service's kind has the name of one of its keys, which once led these astray.
        ({"kind": "python", "path": "/a"}, "services.api.path: '/a' does not fit"),
        ({"kind": "python", "python": "x"}, "services.api.python: 'x' does not fit"),
        ({"kind": "node", "node": "x"}, "services.api.node: 'x' does not fit"),
        ({"environment": {"short": 4}}, "services.api.environment.short: 4 is a whole number"),
        ({"environment": {"mapping": {"variable": 4}}}, "services.api.environment.mapping.variable: 4 is"),
        ({"ports": [{"target": 0, "published": 1}]}, "services.api.ports.0.target: 0 should be"),
        ({"ports": [True]}, "services.api.ports.0: true is not a whole number"),
        ({"command": ["a", 2]}, "services.api.command.1: 2 is a whole number; text is needed"),
        ({"labels": {"A B": "x"}}, "services.api.labels.A B: 'A B' does not fit"),
    ],
)
def test_the_place_of_a_problem(service: Values, place: str) -> None:
    assert place in _message(**service)


def test_an_unknown_manager_is_one_problem() -> None:
    message = _message(manager="npm")
    *most, last = (f"'{name}'" for name in MANAGERS["python"])
    assert f"'npm' is not one of {', '.join(most)} or {last}" in message
    assert message.count("fix:") == 1
