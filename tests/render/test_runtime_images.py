"""Images that ship apart from those of the build, with an interpreter of their own or with that of the build."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support import rendered

KEYS = {
    "python": {"kind": "python", "command": ["serve"], "ports": [8000]},
    "node": {"kind": "node", "command": ["serve"], "ports": [3000]},
}


def _dockerfile(runtime: str, presets: list[Any], **own: Any) -> str:
    spec = {"version": 1, "project": "p", "presets": presets, "services": {"a": {**KEYS[runtime], **own}}}
    return rendered(spec)["services/a/Dockerfile"]


def _last_stage(text: str) -> str:
    return text.rpartition("\nFROM ")[2]


@pytest.mark.parametrize("runtime", KEYS)
def test_a_hardened_image_ships_as_it_is(runtime: str) -> None:
    """The last stage runs nothing, and gets no interpreter; no stage begins as root unless it has to."""
    text = _dockerfile(runtime, ["hardened-images"])
    last = _last_stage(text)
    assert last.startswith(f"dhi.io/{runtime}:")
    assert not re.search(r"^RUN ", last, re.MULTILINE)
    assert f"/bin/{runtime}" not in last.replace(f"/opt/venv/bin/{runtime}", "")
    assert "\nENTRYPOINT []\n" in last
    assert "USER 0" not in text


@pytest.mark.parametrize("runtime", KEYS)
def test_the_image_of_a_user_is_built_on_as_root(runtime: str) -> None:
    preset = {"preset": "hardened-images", "with": {"build_root": False}}
    text = _dockerfile(runtime, [preset])
    assert re.search(r"^FROM \S+ AS base\n# .*\nUSER 0:0$", text, re.MULTILINE)
    assert "USER 0" not in _last_stage(text)


@pytest.mark.parametrize("runtime", KEYS)
def test_an_entry_point_of_the_service_stays(runtime: str) -> None:
    """Also in the stage for development, unless that has a command of its own, which is complete."""
    own = {"entrypoint": ["/opt/start"], "dev_command": ["watch"]}
    assert re.findall(r"^ENTRYPOINT .*$", _dockerfile(runtime, ["hardened-images"], **own), re.MULTILINE) == [
        "ENTRYPOINT []",
        'ENTRYPOINT ["/opt/start"]',
    ]
    assert re.findall(r"^ENTRYPOINT .*$", _dockerfile(runtime, [], **own), re.MULTILINE) == [
        'ENTRYPOINT ["/opt/start"]'
    ]


@pytest.mark.parametrize("runtime", KEYS)
def test_an_entry_point_alone_is_complete(runtime: str) -> None:
    """Docker empties the CMD of the image below where an image has an entry point of its own."""
    text = _dockerfile(runtime, [], entrypoint=["/opt/start"], command=None)
    assert text.count('\nENTRYPOINT ["/opt/start"]\n') == 2  # in the stage dev as well
    assert not re.search("^CMD ", text, re.MULTILINE)
    both = _dockerfile(runtime, [], entrypoint=["/opt/start"], command=None, dev_command=["watch"])
    assert re.findall("^CMD .*", both, re.MULTILINE) == ['CMD ["watch"]']


@pytest.mark.parametrize(("version", "needed"), [("22", False), ("24.14.1", False), ("25", True), ("26.1.0", True)])
@pytest.mark.parametrize("presets", [[], ["hardened"]])
def test_node_gets_the_library_that_it_needs(version: str, needed: bool, presets: list[str]) -> None:
    last = _last_stage(_dockerfile("node", presets, node=version))
    assert ("libatomic.so.1" in last) == needed


def test_an_image_that_brings_node_brings_its_library() -> None:
    assert "libatomic" not in _dockerfile("node", ["hardened-images"], node="26")


@pytest.mark.parametrize(("manager", "made"), [("yarn", True), ("yarn-classic", True), ("npm", False), ("pnpm", False)])
def test_room_is_made_for_yarn(manager: str, made: bool) -> None:
    """What npm has not installed, it does not replace."""
    removed = "rm -f /usr/local/bin/yarn /usr/local/bin/yarnpkg"
    assert (removed in _dockerfile("node", [], manager=manager)) == made
