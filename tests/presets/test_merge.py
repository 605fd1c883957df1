"""The merge rule, and the order in which its layers apply."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from generator.layers.fold import merged
from generator.layers.sections import choose, sections
from tests.support import folded

Values = dict[str, Any]


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": [1]}, {"a": []}, {"a": []}),
        ({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, {"a": {"b": {"c": 2}}}),
        ({"a": {"b": 1}}, {"a": 2}, {"a": 2}),
        ({"a": 2}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({"a": 1, "b": 2}, {"a": None}, {"b": 2}),
        ({"a": 1}, {"b": None}, {"a": 1}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": None}}, {"a": {"c": 2}}),
        ({}, {"a": {"b": None}}, {"a": {}}),
        ({"a": {"b": 1}}, {"a": {}}, {"a": {"b": 1}}),
        ({"a": True}, {"a": False}, {"a": False}),
        ({"a": "x"}, {"a": ""}, {"a": ""}),
    ],
)
def test_merge(lower: Values, upper: Values, expected: Values) -> None:
    before = copy.deepcopy((lower, upper))
    assert merged(lower, upper) == expected
    assert (lower, upper) == before


def test_layers_stay_apart() -> None:
    upper: Values = {"a": {"b": {"c": 1}}}
    assert merged(merged({}, upper), {"a": {"b": {"c": 2}}}) == {"a": {"b": {"c": 2}}}
    assert upper == {"a": {"b": {"c": 1}}}


def test_what_a_layer_says_nothing_about_is_shared() -> None:
    lower: Values = {"a": {"b": {"c": 1}}, "d": {}}
    assert merged(lower, {"d": {"e": 2}})["a"] is lower["a"]


def test_order_of_keys_is_the_order_of_layers() -> None:
    assert list(merged({"z": 1, "a": 1}, {"m": 2, "a": 2})) == ["z", "a", "m"]


PRESET: Values = {
    "defaults": {"at": "defaults"},
    "built": {"at": "built"},
    "runtimes": {"python": {"at": "runtimes", "manager": "uv"}},
    "managers": {"uv": {"at": "managers"}, "pip": {"at": "other manager"}},
    "frameworks": {"none": {"at": "frameworks"}},
    "kinds": {"worker": {"at": "kinds", "framework": "none", "runtime": "python"}},
}
WORKER: Values = {"kind": "worker"}


def test_sections_apply_from_general_to_special() -> None:
    chosen = choose(WORKER, [PRESET])
    assert chosen == {"kind": "worker", "runtime": "python", "manager": "uv", "framework": "none"}
    applied = [part["at"] for _, part in sections(PRESET, chosen)]
    assert applied == ["defaults", "built", "runtimes", "managers", "frameworks", "kinds"]


@pytest.mark.parametrize("missing", ["kinds", "frameworks", "managers", "runtimes", "built"])
def test_the_most_special_section_wins(missing: str) -> None:
    order = ["defaults", "built", "runtimes", "managers", "frameworks", "kinds"]
    kept = order[: order.index(missing)]
    own: Values = {"kind": "worker", "runtime": "python", "manager": "uv", "framework": "none"}
    resolved = folded(own, {key: PRESET[key] for key in kept})
    assert resolved["at"] == kept[-1]


def test_a_later_preset_wins_as_a_whole() -> None:
    general: Values = {"defaults": {"at": "later, and general"}}
    assert folded(WORKER, PRESET, general)["at"] == "later, and general"
    assert folded(WORKER, general, PRESET)["at"] == "kinds"


def test_the_service_wins_over_all() -> None:
    assert folded({**WORKER, "at": "own"}, PRESET)["at"] == "own"
    assert "at" not in folded({**WORKER, "at": None}, PRESET)


def test_an_image_gets_no_section_of_built_services() -> None:
    applied = [part["at"] for _, part in sections(PRESET, choose({"kind": "image"}, [PRESET]))]
    assert applied == ["defaults"]


def test_own_choice_brings_its_own_defaults() -> None:
    own = {**WORKER, "manager": "pip"}
    applied = [part["at"] for _, part in sections(PRESET, choose(own, [PRESET]))]
    assert "other manager" in applied
    assert "managers" not in applied


def test_the_path_is_derived_last_of_the_presets() -> None:
    assert folded(WORKER, PRESET)["path"] == "services/api"
    assert folded({**WORKER, "path": "x"}, PRESET)["path"] == "x"
    assert folded(WORKER, PRESET, {"built": {"path": "y"}})["path"] == "y"
    assert "path" not in folded({"kind": "image"}, PRESET)
