"""An image may have been looked up some days ago and no more; an age that is not known is too much."""

from __future__ import annotations

import datetime
from functools import partial
from pathlib import Path

import pytest
import yaml

from generator import pipeline
from generator.checks.policy import broken_policies
from generator.cli.app import main
from generator.lockfile.pin import LOCK
from generator.lockfile.pins import Pins
from generator.pipeline import load
from generator.text.errors import Finding, Findings, SpecError

DAY = datetime.date(2026, 6, 1)
DIGEST, OTHER = "sha256:" + "1" * 64, "sha256:" + "2" * 64
RULE = "policy: {rules: {max_image_age: {days: 90}}}\n"
SPEC = """\
version: 1
project: p
presets: [./acme.yaml]
services:
  web:
    kind: image
    image: {name: nginx, tag: "1.29"}
"""


def _write(root: Path, *, date: object = None, rule: str = RULE, spec: str = SPEC, lock: bool = True) -> None:
    (root / "acme.yaml").write_text(rule, encoding="utf-8")
    (root / "services.yaml").write_text(spec, encoding="utf-8")
    if lock:
        entry = {"digest": DIGEST, **({"date": str(date)} if date else {})}
        (root / LOCK).write_text(yaml.safe_dump({"version": 1, "images": {"nginx:1.29": entry}}), encoding="utf-8")


def _check(root: Path, today: datetime.date = DAY) -> list[Finding]:
    resolved, project = load(root, "services.yaml")
    findings = Findings()
    findings.add(broken_policies(resolved, project, Pins.load(root).images, today))
    findings.refuse()
    return findings.warnings


def _days(number: int) -> datetime.date:
    return DAY - datetime.timedelta(days=number)


@pytest.mark.parametrize("age", [-1, 0, 89, 90])
def test_an_image_that_is_young_enough(tmp_path: Path, age: int) -> None:
    """A day that is tomorrow's comes from a clock that is a little ahead."""
    _write(tmp_path, date=_days(age))
    assert _check(tmp_path) == []


def test_an_image_that_is_too_old(tmp_path: Path) -> None:
    _write(tmp_path, date=_days(91))
    with pytest.raises(SpecError) as caught:
        _check(tmp_path)
    assert str(caught.value) == (
        "services.yaml:7:12: web: the image nginx:1.29 was looked up 91 days ago, and the limit is 90"
        "  [max-image-age]\n"
        "  fix: run gen-dockerfiles lock --upgrade nginx:1.29; acme.yaml:1:33 asks for it (rule max-image-age)"
    )


def test_every_image_of_a_service_is_held_to_it(tmp_path: Path) -> None:
    """The one that is written in a preset is found there."""
    spec = "\n".join([*SPEC.splitlines()[:4], "  api: {kind: python, command: [serve], ports: [80]}", ""])
    _write(tmp_path, spec=spec, lock=False)
    with pytest.raises(SpecError) as caught:
        _check(tmp_path)
    python, uv = sorted(caught.value.findings, key=lambda problem: "uv" in problem.message)
    assert python.message == "api: the image python:3.13-slim-trixie is not pinned: its age is not known"
    assert python.location.file == uv.location.file == "presets/base.yaml"
    assert "astral-sh/uv:" in uv.message


@pytest.mark.parametrize(
    ("date", "digest", "lock", "found", "fix"),
    [
        (None, "", False, "is not pinned", "run gen-dockerfiles lock;"),
        (None, "", True, f"has no day in {LOCK}", "run gen-dockerfiles lock --upgrade nginx:1.29;"),
        ("2026-06-03", "", True, "has the day 2026-06-03, still to come,", "run gen-dockerfiles lock --upgrade"),
        ("2026-06-01", OTHER, True, f"has a digest that is not from {LOCK}", "remove the digest, and run"),
        (None, OTHER, False, f"has a digest that is not from {LOCK}", "remove the digest, and run"),
    ],
)
def test_an_age_that_is_not_known(
    tmp_path: Path, date: str | None, digest: str, lock: bool, found: str, fix: str
) -> None:
    spec = SPEC.replace("}\n", f', digest: "{digest}"}}\n') if digest else SPEC
    _write(tmp_path, date=date, spec=spec, lock=lock)
    with pytest.raises(SpecError) as caught:
        _check(tmp_path)
    (problem,) = caught.value.findings
    assert problem.message.startswith(f"web: the image nginx:1.29 {found}")
    assert problem.message.endswith("its age is not known")
    assert problem.fix.startswith(fix)


def test_a_digest_of_the_spec_that_the_lock_file_has_too(tmp_path: Path) -> None:
    _write(tmp_path, date=DAY, spec=SPEC.replace("}\n", f', digest: "{DIGEST}"}}\n'))
    assert _check(tmp_path) == []


WAIVER = "waivers:\n  - {rule: max-image-age, service: web, reason: frozen until the audit, until: 2026-06-01}\n"


def test_a_waiver(tmp_path: Path) -> None:
    _write(tmp_path, date=_days(91), spec=SPEC + WAIVER)
    assert _check(tmp_path) == []
    with pytest.raises(SpecError, match="the waiver of max-image-age for web ended on 2026-06-01"):
        _check(tmp_path, DAY + datetime.timedelta(days=1))
    _write(tmp_path, date=_days(90), spec=SPEC + WAIVER)
    assert "the waiver is not needed" in _check(tmp_path)[0].message


def test_a_warning_only_tells(tmp_path: Path) -> None:
    _write(tmp_path, date=_days(91), rule=RULE.replace("90", "90, level: warn"))
    assert [warning.message for warning in _check(tmp_path)] == [
        "web: the image nginx:1.29 was looked up 91 days ago, and the limit is 90"
    ]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("error", "policy.rules.max_image_age: Input should be"),
        ("{level: warn}", "policy.rules.max_image_age.days: Field required"),
        ("{days: 0}", "policy.rules.max_image_age.days: Input should be greater than or equal to 1"),
        ('{days: "90"}', "policy.rules.max_image_age.days: Input should be a valid integer"),
    ],
)
def test_a_malformed_rule(tmp_path: Path, rule: str, found: str) -> None:
    _write(tmp_path, date=DAY, rule=RULE.replace("{days: 90}", rule))
    with pytest.raises(SpecError, match=found):
        _check(tmp_path)


def test_a_remembered_project_ages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the cache, on the day after the last one, without a change of any file."""
    _write(tmp_path, date=_days(90))
    monkeypatch.setattr("generator.checks.policy.broken_policies", partial(broken_policies, today=DAY))
    assert main(["-C", str(tmp_path)]) == 0
    monkeypatch.setattr(pipeline.Checked, "render", lambda _: pytest.fail("the project is not remembered"))
    assert main(["-C", str(tmp_path), "--check"]) == 0
    monkeypatch.setattr(
        "generator.checks.policy.broken_policies", partial(broken_policies, today=DAY + datetime.timedelta(days=1))
    )
    for arguments in (["--check"], []):
        capsys.readouterr()
        assert main(["-C", str(tmp_path), *arguments]) == 2
        assert "was looked up 91 days ago" in capsys.readouterr().err


def test_an_upgrade_makes_an_image_young(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if the registry has nothing newer: the fix that a finding names is one."""
    _write(tmp_path, date="2020-01-01")
    monkeypatch.setattr("generator.usecases.pin_images.look_up", lambda _: DIGEST)
    assert main(["-C", str(tmp_path)]) == 2
    assert main(["-C", str(tmp_path), "lock"]) == 0, "lock alone looks up what is not pinned"
    assert main(["-C", str(tmp_path), "--check"]) == 2
    assert main(["-C", str(tmp_path), "lock", "--upgrade", "nginx:1.29"]) == 0
    assert main(["-C", str(tmp_path), "--check"]) == 0


def test_images_can_be_upgraded_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """While another image is still too old, `lock` warns of it and writes what has been looked up; a run refuses it."""
    spec = SPEC + '  cache: {kind: image, image: {name: redis, tag: "8"}, user: {uid: 999, gid: 999}}\n'
    _write(tmp_path, spec=spec, lock=False, rule="{}\n")
    old = {"digest": DIGEST, "date": "2020-01-01"}
    images = {"nginx:1.29": old, "redis:8": old}
    (tmp_path / LOCK).write_text(yaml.safe_dump({"version": 1, "images": images}), encoding="utf-8")
    assert main(["-C", str(tmp_path)]) == 0
    (tmp_path / "acme.yaml").write_text(RULE, encoding="utf-8")
    monkeypatch.setattr("generator.usecases.pin_images.look_up", lambda _: OTHER)
    capsys.readouterr()
    assert main(["-C", str(tmp_path), "lock", "--upgrade", "nginx:1.29"]) == 0
    assert "warning: services.yaml:8:31: cache: the image redis:8 was looked up" in capsys.readouterr().err
    assert main(["-C", str(tmp_path), "--check"]) == 2
    assert main(["-C", str(tmp_path), "lock", "--upgrade", "redis:8"]) == 0
    assert {pin.digest for pin in Pins.load(tmp_path).images.values()} == {OTHER}
    assert DIGEST not in (tmp_path / "compose.yaml").read_text(encoding="utf-8")
