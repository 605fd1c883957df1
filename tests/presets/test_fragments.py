"""Named sets of values beside a service's own: how they merge, what they add, and who is told to have done it."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cli.app import main
from generator.layers.fragments import ADDED, REFUSED, add, split
from generator.layers.layer import Values
from generator.pipeline import load, resolve_spec
from generator.usecases.explain import explain
from tests.support import CASES, folded

FRAGMENTS = {
    "ffmpeg": {"packages": {"runtime": ["ffmpeg", "libpq5"]}, "env": {"A": "fragment", "B": "fragment"}},
    "tmp": {"container": {"tmpfs": ["/run"], "mem_limit": "2g"}},
}
PRESET = {"defaults": {"env": {"A": "preset"}, "container": {"mem_limit": "1g"}}, "fragments": FRAGMENTS}


def _service(own: Values, *presets: Values) -> Values:
    return folded({"kind": "python", **own}, *(presets or (PRESET,)))


def test_without_a_name_nothing_applies() -> None:
    service = _service({})
    assert service == {"kind": "python", "env": {"A": "preset"}, "container": {"mem_limit": "1g"}}


def test_lists_are_added_and_the_rest_merges() -> None:
    own = {"fragments": {"ffmpeg": True}, "packages": {"runtime": ["libpq5"]}, "env": {"B": "own"}}
    service = _service(own)
    assert service["packages"] == {"runtime": ["libpq5", "ffmpeg"]}, "each once, the service's own first"
    assert service["env"] == {"A": "fragment", "B": "own"}
    assert service["fragments"] == {"ffmpeg": True}


def test_one_package_is_not_asked_for_in_two_versions() -> None:
    own = {"packages": {"runtime": ["libpq5=17.*"]}, "container": {"tmpfs": ["/run:size=1m"]}}
    service = _service({**own, "fragments": {"ffmpeg": True, "tmp": True}})
    assert service["packages"] == {"runtime": ["libpq5=17.*", "ffmpeg"]}
    assert service["container"]["tmpfs"] == ["/run:size=1m"]


def test_a_fragment_wins_over_the_sections_of_its_preset_and_not_over_a_later_preset() -> None:
    own = {"fragments": {"tmp": True}}
    assert _service(own)["container"] == {"mem_limit": "2g", "tmpfs": ["/run"]}
    assert _service(own, PRESET, {"defaults": {"container": {"mem_limit": "3g"}}})["container"]["mem_limit"] == "3g"


def test_presets_name_fragments_and_services_leave_them_out() -> None:
    everywhere = {**PRESET, "built": {}, "kinds": {"python": {"fragments": {"tmp": True, "ffmpeg": True}}}}
    assert "tmpfs" in _service({}, everywhere)["container"]
    for left_out in (None, False):
        service = _service({"fragments": {"tmp": left_out}}, everywhere)
        assert "tmpfs" not in service["container"]
        assert service["packages"] == {"runtime": ["ffmpeg", "libpq5"]}
    assert "packages" not in _service({"fragments": None}, everywhere)


def test_two_presets_have_parts_of_one_fragment() -> None:
    more = {"fragments": {"ffmpeg": {"packages": {"build": ["gcc"], "runtime": ["ffmpeg", "libva2"]}}}}
    service = _service({"fragments": {"ffmpeg": True}}, PRESET, more)
    assert service["packages"] == {"runtime": ["ffmpeg", "libpq5", "libva2"], "build": ["gcc"]}


@pytest.mark.parametrize("path", ADDED, ids=".".join)
def test_every_list_that_is_added(path: tuple[str, ...]) -> None:
    fragment: Values = {}
    holder = fragment
    for step in path[:-1]:
        holder = holder.setdefault(step, {})
    holder[path[-1]] = ["x", "y"]
    merged, added = split(fragment)
    assert added == fragment
    assert add(add({}, added), added) == fragment
    assert merged != fragment
    assert fragment, "what is split stays whole"


def test_other_lists_replace() -> None:
    preset = {"defaults": {"command": ["a"]}, "fragments": {"f": {"command": ["b"], "packages": {"runtime": "text"}}}}
    service = _service({"fragments": {"f": True}}, preset)
    assert service["command"] == ["b"]
    assert service["packages"] == {"runtime": "text"}, "validation tells of it"


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (
            "packages.runtime",
            'packages.runtime: ["libmagic1t64=1:5.*", "ca-certificates=2025*", "ffmpeg=7:7.*", "libpq5=17.*"]'
            "  # services.yaml:11:48; over [] of presets/base.yaml:43:34; "
            'with ["ca-certificates=2025*"] of presets/acme.yaml:10:57; '
            'with ["ffmpeg=7:7.*"] of presets/acme.yaml:5:25; with ["libpq5=17.*"] of presets/acme.yaml:7:66',
        ),
        ("secrets.netrc.required", "secrets.netrc.required: true  # presets/acme.yaml:9:55"),
        ("fragments.postgres", "fragments.postgres: true  # services.yaml:12:41"),
        ("fragments.acme-index", "fragments.acme-index: true  # presets/acme.yaml:20:27"),
    ],
)  # fmt: skip
def test_explained(key: str, line: str) -> None:
    assert list(explain(resolve_spec(CASES / "fragments", "services.yaml"), "api", key)) == [line]


def test_an_added_entry_is_found_where_it_was_added() -> None:
    resolved, _ = load(CASES / "fragments", "services.yaml")
    places = [str(resolved.locate(("services", "api", "packages", "runtime", index))) for index in range(4)]
    assert places == [
        "services.yaml:11:49",
        "presets/acme.yaml:10:58",
        "presets/acme.yaml:5:26",
        "presets/acme.yaml:7:67",
    ]


@pytest.mark.parametrize("key", REFUSED)
def test_what_a_fragment_cannot_say(tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str) -> None:
    (tmp_path / "team.yaml").write_text(f"fragments:\n  f: {{{key}: x}}\n", encoding="utf-8")
    assert main(["-C", str(tmp_path), "presets", "validate", "team.yaml"]) == 2
    assert f"team.yaml:2:{len(key) + 9}: {key} cannot stand in a fragment" in capsys.readouterr().err


def test_authors_see_what_no_kind_of_service_can_take(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    preset = tmp_path / "team.yaml"
    preset.write_text(
        "fragments:\n  good: {rebuild: [sharp]}\n  bad: {packages: {runtime: [--yes]}}\n", encoding="utf-8"
    )
    assert main(["-C", str(tmp_path), "presets", "validate", "team.yaml"]) == 2
    told = capsys.readouterr().err
    assert "team.yaml:3:30: packages.runtime.0: '--yes' does not fit" in told
    assert "team.yaml:2" not in told, "rebuild fits services of npm"
