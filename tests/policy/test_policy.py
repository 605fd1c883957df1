"""What a platform team forbids is found, with the value, its line and the preset; a waiver ends on its day."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from generator.checks.keys import nearest
from generator.checks.policy import broken_policies
from generator.cli.app import main
from generator.lockfile.pins import Pins
from generator.pipeline import load, plan
from generator.text.errors import Finding, Findings, SpecError
from tests.support import Values

API: Values = {"kind": "python", "command": ["serve"], "ports": [80]}
DAY = datetime.date(2026, 6, 1)


def _write(root: Path, policy: str, service: str, more: str = "") -> None:
    (root / "acme.yaml").write_text(f"built: {{stop_signal: SIGINT}}\npolicy:\n{policy}", encoding="utf-8")
    text = "version: 1\nproject: p\npresets: [./acme.yaml]\n" + more + f"services:\n  api: {service}\n"
    (root / "services.yaml").write_text(text, encoding="utf-8")


def _check(root: Path) -> list[Finding]:
    resolved, project = load(root, "services.yaml")
    findings = Findings()
    findings.add(broken_policies(resolved, project, Pins.load(root).images, DAY))
    findings.refuse()
    return findings.warnings


def _service(**own: object) -> str:
    return json.dumps({**API, **own})


@pytest.mark.parametrize(
    ("policy", "own", "found"),
    [
        ("  locked: [stop_signal]\n", {"stop_signal": "SIGTERM"}, "stop_signal, which acme.yaml:3:12 has locked"),
        ("  locked: [stop_signal]\n", {"stop_signal": "SIGINT"}, ""),
        ("  locked: [stop_signal]\n", {}, ""),
        ("  locked: [user.uid]\n", {"user": {"uid": 20000}}, "api changes user.uid"),
        ("  locked: [container]\n", {"container": None}, "container is missing"),
        ("  locked: [healthcheck]\n", {"healthcheck": None}, "api changes healthcheck"),
        ("  locked: [env.HOME]\n", {"env": {"HOME": "/x", "TZ": "UTC"}}, "api changes env.HOME"),
        ("  locked: [env.HOME]\n", {"env": {"TZ": "UTC"}}, ""),
        ("  locked: [presets]\n", {"presets": ["hardened"]}, "api changes presets"),
        ("  rules: {healthcheck_required: error}\n", {"healthcheck": None}, "api: there is no health check"),
        ("  rules: {healthcheck_required: error}\n", {}, ""),
        ("  rules: {digest_required: error}\n", {}, "python:3.13-slim-trixie has no digest"),
        ("  rules: {required_secrets: error}\n", {"secrets": {"n": {"env": "N", "required": False}}}, "may be"),
        ("  rules: {required_secrets: error}\n", {"secrets": {"n": {"env": "N"}}}, ""),
        ("  rules: {no_root: error}\n", {}, ""),
        ("  rules: {allowed_registries: {registries: [docker.io]}}\n", {}, "uv is not from docker.io"),
        ("  rules: {allowed_registries: {registries: [docker.io, ghcr.io/astral-sh]}}\n", {}, ""),
        ("  rules: {allowed_registries: {registries: [docker.io, ghcr.io/astral]}}\n", {}, "uv is not from"),
    ],
)  # fmt: skip
def test_a_rule(tmp_path: Path, policy: str, own: Values, found: str) -> None:
    _write(tmp_path, policy, _service(**own))
    if not found:
        assert _check(tmp_path) == []
        return
    with pytest.raises(SpecError) as caught:
        _check(tmp_path)
    assert found in str(caught.value)


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ({}, ""),
        ({"fragments": {"offered": True}}, ""),
        ({"fragments": {"foreign": True}}, "team.yaml:2:33: api changes packages.runtime, which acme.yaml:2:19 has"),
        ({"packages": {"runtime": ["curl"]}}, "api changes packages.runtime"),
        ({"presets": ["./templates.yaml"]}, "templates.yaml:1:12: api changes templates, which acme.yaml:2:37 has"),
    ],
)
def test_what_fragments_and_templates_may_do_to_a_locked_value(tmp_path: Path, own: Values, found: str) -> None:
    """A preset that has no section for a service locks all the same, and may offer what it lets nobody else add."""
    offered = "fragments: {offered: {packages: {runtime: [ffmpeg]}}}\n"
    (tmp_path / "acme.yaml").write_text(offered + "policy: {locked: [packages.runtime, templates]}\n", encoding="utf-8")
    (tmp_path / "team.yaml").write_text(
        "fragments:\n  foreign: {packages: {runtime: [netcat-openbsd]}}\n", encoding="utf-8"
    )
    (tmp_path / "templates.yaml").write_text("templates: {python: ./x.jinja}\n", encoding="utf-8")
    (tmp_path / "x.jinja").write_text("{% extends 'templates/dockerfile/python.jinja' %}\n", encoding="utf-8")
    spec = f"version: 1\nproject: p\npresets: [./acme.yaml, ./team.yaml]\nservices:\n  api: {_service(**own)}\n"
    (tmp_path / "services.yaml").write_text(spec, encoding="utf-8")
    if not found:
        assert _check(tmp_path) == []
        return
    with pytest.raises(SpecError) as caught:
        _check(tmp_path)
    assert found in str(caught.value)


def test_an_image_runs_as_somebody(tmp_path: Path) -> None:
    _write(tmp_path, "  rules: {no_root: error}\n", '{"kind": "image", "image": {"name": "nginx", "tag": "1"}}')
    with pytest.raises(SpecError, match="which may be root"):
        _check(tmp_path)


EXPRESSION = """\
  rules:
    expressions:
      few-processes:
        that: service.container.pids_limit <= 128
        value: container.pids_limit
        message: more than 128 processes
"""


def test_a_rule_of_its_own(tmp_path: Path) -> None:
    _write(tmp_path, EXPRESSION, _service())
    with pytest.raises(SpecError) as caught:
        _check(tmp_path)
    (problem,) = caught.value.findings
    assert problem.location.file == "presets/base.yaml", "the line that set the value"
    assert problem.message == "api: more than 128 processes"
    assert problem.fix == "correct container.pids_limit; acme.yaml:6:9 asks for it (rule few-processes)"
    _write(tmp_path, EXPRESSION, _service(container={"pids_limit": 64}))
    assert _check(tmp_path) == []


@pytest.mark.parametrize(
    "expression",
    ["service.nothing.at.all", "1 / 0", "service.__class__.__mro__", "range(10**9) | list", "service.name.upper("],
)
def test_an_expression_that_misbehaves(tmp_path: Path, expression: str) -> None:
    _write(tmp_path, EXPRESSION.replace("service.container.pids_limit <= 128", json.dumps(expression)), _service())
    with pytest.raises(SpecError) as caught:
        _check(tmp_path)
    assert caught.value.findings[0].fix


def test_a_warning_only_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(tmp_path, "  rules: {healthcheck_required: warn}\n", _service(healthcheck=None))
    assert [warning.message for warning in plan(tmp_path).warnings] == ["api: there is no health check"]
    assert main(["-C", str(tmp_path)]) == 0
    assert capsys.readouterr().err.startswith("warning: services.yaml:")


WAIVER = "waivers:\n  - {{rule: {rule}, service: api, reason: moving in May, until: {until}}}\n"


@pytest.mark.parametrize(
    ("rule", "until", "found"),
    [
        ("healthcheck-required", "2026-06-01", ""),
        ("healthcheck-required", "2026-05-31", "the waiver of healthcheck-required for api ended on 2026-05-31"),
        ("no-root", "2026-06-01", "there is no health check"),
        ("healthcheck-required", "soon", "waivers.0.until: Input should be"),
    ],
)
def test_a_waiver(tmp_path: Path, rule: str, until: str, found: str) -> None:
    policy = "  rules: {healthcheck_required: error}\n"
    _write(tmp_path, policy, _service(healthcheck=None), WAIVER.format(rule=rule, until=until))
    if not found:
        assert _check(tmp_path) == []
        return
    with pytest.raises(SpecError) as caught:
        _check(tmp_path)
    assert found in str(caught.value)


def test_a_locked_value_can_be_waived(tmp_path: Path) -> None:
    waiver = WAIVER.format(rule="locked", until="2026-12-31")
    _write(tmp_path, "  locked: [stop_signal]\n", _service(stop_signal="SIGTERM"), waiver)
    assert _check(tmp_path) == []


def test_a_waiver_that_nothing_needs_is_told(tmp_path: Path) -> None:
    waiver = WAIVER.format(rule="healthcheck-required", until="2026-12-31")
    _write(tmp_path, "  rules: {healthcheck_required: error}\n", _service(), waiver)
    (warning,) = _check(tmp_path)
    assert str(warning).startswith("services.yaml:5:12: api keeps healthcheck-required: the waiver is not needed")


def test_a_waiver_needs_a_reason(tmp_path: Path) -> None:
    waiver = WAIVER.format(rule="no-root", until="2026-12-31").replace("moving in May", '" "')
    _write(tmp_path, "  locked: []\n", _service(), waiver)
    with pytest.raises(SpecError, match="a reason is needed"):
        _check(tmp_path)


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        ("  lockd: []\n", "acme.yaml:3:10: policy.lockd: Extra inputs"),
        ("  locked: [a b]\n", "acme.yaml:3:12: policy.locked.0: String should match"),
        ("  rules: {no_root: maybe}\n", "acme.yaml:3:20: policy.rules.no_root: Input should be 'error' or 'warn'"),
        ("  rules: {allowed_registries: {registries: []}}\n", "should have at least 1 item"),
        ("  rules: {no-root: error}\n", "policy.rules.no-root: Extra inputs"),
    ],
)
def test_a_malformed_policy(tmp_path: Path, policy: str, found: str) -> None:
    _write(tmp_path, policy, _service())
    with pytest.raises(SpecError) as caught:
        _check(tmp_path)
    assert found in str(caught.value)


def test_a_preset_of_one_service_holds_for_it_alone(tmp_path: Path) -> None:
    (tmp_path / "strict.yaml").write_text("policy: {rules: {healthcheck_required: error}}\n", encoding="utf-8")
    services = {
        "api": {**API, "healthcheck": None},
        "web": {**API, "ports": [81], "healthcheck": None, "presets": ["./strict.yaml"]},
    }
    spec = {"version": 1, "project": "p", "services": services}
    (tmp_path / "services.yaml").write_text(json.dumps(spec), encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        _check(tmp_path)
    assert [problem.message for problem in caught.value.findings] == ["web: there is no health check"]


def test_a_remembered_project_is_held_to_its_policy_too(tmp_path: Path) -> None:
    _write(tmp_path, "  locked: []\n", _service(healthcheck=None))
    assert main(["-C", str(tmp_path)]) == 0
    _write(tmp_path, "  rules: {healthcheck_required: error}\n", _service(healthcheck=None))
    assert main(["-C", str(tmp_path), "--check"]) == 2


UNKNOWN = "no service has a key"


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        (
            "  locked: [container.cap_drp]\n",
            f"acme.yaml:3:12: {UNKNOWN} 'container.cap_drp'  [key-unknown]\n  fix: use one of container.",
        ),
        ("  locked: [fragmens]\n", f"acme.yaml:3:12: {UNKNOWN} 'fragmens'"),
        (
            "  locked: [stop_signal.x]\n",
            f"acme.yaml:3:12: {UNKNOWN} 'stop_signal.x'  [key-unknown]\n  fix: use one of stop_signal",
        ),
        ("  rules: {expressions: {x: {that: 'a <=', value: ports, message: m}}}\n", "3:35: is no expression: "),
        (
            "  rules: {expressions: {x: {that: 'true', value: prts, message: m}}}\n",
            "'prts'  [key-unknown]\n  fix: use one of ports",
        ),
    ],
)
def test_a_policy_about_nothing_protects_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], policy: str, told: str
) -> None:
    """For those who take it and for its authors."""
    _write(tmp_path, policy, _service())
    for call in ([], ["presets", "validate", "acme.yaml"]):
        assert main(["-C", str(tmp_path), *call]) == 2
        assert told in capsys.readouterr().err


@pytest.mark.parametrize("key", ["labels.com.acme/x.y", "steps", "install.tool.digest", "env.A", "templates", "node"])
def test_keys_that_can_be_locked(key: str) -> None:
    assert nearest(key) is None


@pytest.mark.parametrize(
    ("rule", "service", "message", "fix"),
    [
        ("no-rot", "api", "there is no rule 'no-rot'", "use one of no-root"),
        ("no-root", "apu", "there is no service 'apu'", "use one of api"),
    ],
)
def test_a_waiver_of_nothing(tmp_path: Path, rule: str, service: str, message: str, fix: str) -> None:
    waiver = f"waivers:\n  - {{rule: {rule}, service: {service}, reason: r, until: 2026-12-31}}\n"
    _write(tmp_path, "  locked: []\n", _service(), waiver)
    with pytest.raises(SpecError) as caught:
        _check(tmp_path)
    assert [(problem.message, problem.fix) for problem in caught.value.findings] == [(message, fix)]
