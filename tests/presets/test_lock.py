"""`gen-dockerfiles lock` with a registry that is made up: what it pins, takes back, and knows to be replaced."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cli.app import main
from generator.lockfile.pin import LOCK, REPLACED, ImagePin
from generator.lockfile.pins import Pins
from generator.pipeline import plan
from generator.text.errors import SpecError

IMAGE = "nginx:1.29"
SPEC = """\
version: 1
project: p
services:
  web: {kind: image, image: {name: nginx, tag: "1.29"}, user: {uid: 101, gid: 101}}
"""
DAY = datetime.date(2026, 6, 1)


def _digest(number: int) -> str:
    return f"sha256:{number:064x}"


class Team:
    """A repository with one image, and the number of the digest that the registry has for it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.served = 1
        (root / "services.yaml").write_text(SPEC, encoding="utf-8")

    def look_up(self, reference: str) -> str:
        """Answer as a registry does that has the image of every digest."""
        assert reference.partition("@")[0] == IMAGE
        return reference.partition("@")[2] or _digest(self.served)

    def run(self, *arguments: str) -> int:
        return main(["-C", str(self.root), *arguments])

    def upgrade(self, number: int) -> None:
        self.served = number
        assert self.run("lock", "--upgrade") == 0

    @property
    def pin(self) -> ImagePin:
        return Pins.load(self.root).images[IMAGE]

    @property
    def generated(self) -> str:
        """The digest in the generated file."""
        image = yaml.safe_load((self.root / "compose.yaml").read_text(encoding="utf-8"))["services"]["web"]["image"]
        return str(image.partition("@")[2])

    def bump(self, number: int) -> None:
        """Write another digest into the generated file, as an update bot does."""
        file = self.root / "compose.yaml"
        file.write_text(file.read_text(encoding="utf-8").replace(self.generated, _digest(number)), encoding="utf-8")

    def edit_lock(self, **values: Any) -> None:
        """Write other values into the image's entry of the lock file; None removes one."""
        file = self.root / LOCK
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        entry = {**data["images"][IMAGE], **values}
        data["images"][IMAGE] = {key: value for key, value in entry.items() if value is not None}
        file.write_text(yaml.safe_dump(data), encoding="utf-8")


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Team:
    team = Team(tmp_path)
    monkeypatch.setattr("generator.usecases.pin_images.look_up", team.look_up)
    monkeypatch.setattr("generator.engine.registry.look_up", team.look_up)
    assert team.run("lock") == 0
    return team


def test_a_first_pin_has_replaced_nothing(team: Team) -> None:
    today = datetime.datetime.now(tz=datetime.UTC).date()
    assert team.pin == ImagePin(digest=_digest(1), date=today)
    assert "replaced" not in (team.root / LOCK).read_text(encoding="utf-8")


@pytest.mark.parametrize("served", [1, 2])
def test_an_upgrade_gives_the_day_even_to_the_same_digest(
    team: Team, served: int, capsys: pytest.CaptureFixture[str]
) -> None:
    team.edit_lock(date="2020-01-01")
    team.served = served
    capsys.readouterr()
    assert team.run("lock") == 0
    assert team.pin == ImagePin(digest=_digest(1), date=datetime.date(2020, 1, 1)), "nothing is looked up twice"
    assert capsys.readouterr().out == ""
    team.upgrade(served)
    assert team.pin.digest == _digest(served)
    assert team.pin.date == datetime.datetime.now(tz=datetime.UTC).date()
    assert team.pin.replaced == ((_digest(1),) if served == 2 else ())
    told = f"{'pin' if served == 2 else 'unchanged'}: {IMAGE}@{_digest(served)}\n"
    assert capsys.readouterr().out.startswith(told)


def test_a_bump_is_refused_and_taken_back(team: Team, capsys: pytest.CaptureFixture[str]) -> None:
    team.bump(7)
    for arguments in ([], ["--check"]):
        assert team.run(*arguments) == 2
        assert f"has another digest of {IMAGE} than {LOCK}" in capsys.readouterr().err
    assert team.run("lock") == 0
    assert capsys.readouterr().out == f"take over: {IMAGE}@{_digest(7)}\n"
    assert (team.pin.digest, team.pin.replaced) == (_digest(7), (_digest(1),))
    assert team.run("--check") == 0


def test_a_lock_file_pulled_without_its_generated_files(team: Team, capsys: pytest.CaptureFixture[str]) -> None:
    team.upgrade(2)
    team.bump(1)  # as the colleague's generated file had not been pulled
    capsys.readouterr()
    assert team.run("--check") == 1
    assert capsys.readouterr().out == "stale: compose.yaml\n"
    assert team.run() == 0
    assert capsys.readouterr().out == "update: compose.yaml\n"
    assert team.generated == _digest(2)
    team.bump(1)
    assert team.run("lock") == 0
    assert capsys.readouterr().out == "update: compose.yaml\n", "lock takes nothing old back"
    assert team.generated == team.pin.digest == _digest(2)


def test_a_digest_that_comes_back_is_current_and_not_replaced(team: Team) -> None:
    """A tag that its registry has set back: what was current in between is the replaced one."""
    for number in (2, 1):
        team.upgrade(number)
    assert (team.pin.digest, team.pin.replaced) == (_digest(1), (_digest(2),))
    team.bump(2)
    assert team.run() == 0
    assert team.generated == _digest(1)


def test_only_some_are_remembered(team: Team) -> None:
    for number in range(2, REPLACED + 3):
        team.upgrade(number)
    last = REPLACED + 2
    assert team.pin.replaced == tuple(map(_digest, range(last - 1, last - 1 - REPLACED, -1)))
    team.bump(2)
    assert team.run() == 0
    team.bump(1)
    assert team.run() == 2, "what has been forgotten is a bump like any other"


def test_what_is_replaced_can_be_edited(team: Team) -> None:
    """Two branches merged by hand: their lists one after the other, with one digest twice and the current one."""
    team.edit_lock(replaced=[_digest(number) for number in (3, 4, 3, 1)])
    assert team.run("--check") == 0
    team.bump(4)
    assert team.run() == 0
    team.upgrade(2)
    assert team.pin.replaced == tuple(map(_digest, (1, 3, 4)))
    team.edit_lock(replaced=None)
    team.bump(3)
    assert team.run() == 2


def test_a_pin_without_a_day_is_kept_as_it_is(team: Team) -> None:
    """An entry that was written by hand."""
    team.edit_lock(date=None)
    assert team.run("lock") == 0
    assert team.pin == ImagePin(digest=_digest(1), date=None)


def test_a_day_without_quotes(team: Team) -> None:
    team.edit_lock(date=DAY)
    assert team.pin.date == DAY


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"digest": "sha256:1"}, "is not a pin of an image"),
        ({"digest": None}, "is not a pin of an image"),
        ({"date": "soon"}, "soon is not a day"),
        ({"date": datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)}, "is not a day"),
        ({"replaced": _digest(2)}, "is not a list of digests"),
        ({"replaced": [_digest(2), "latest"]}, "is not a list of digests"),
    ],
)
def test_a_malformed_entry(team: Team, values: dict[str, Any], found: str) -> None:
    team.edit_lock(**values)
    with pytest.raises(SpecError, match=found) as caught:
        plan(team.root)
    (problem,) = caught.value.findings
    assert (problem.location.file, problem.location.line > 0) == (LOCK, True)


def test_a_digest_that_one_service_gives_is_no_bump_of_another(team: Team, capsys: pytest.CaptureFixture[str]) -> None:
    pinned = f'{{kind: image, image: {{name: nginx, tag: "1.29", digest: "{_digest(7)}"}}, user: {{uid: 1, gid: 1}}}}'
    spec = team.root / "services.yaml"
    spec.write_text(spec.read_text(encoding="utf-8") + f"  old: {pinned}\n", encoding="utf-8")
    assert team.run("lock") == 0
    assert team.run("--check") == 0
    team.bump(2)
    capsys.readouterr()
    assert team.run("--check") == 2
    assert capsys.readouterr().err.count("has another digest of nginx:1.29") == 1
    assert team.run("lock") == 0
    assert (team.generated, team.pin.digest) == (_digest(2), _digest(2))
