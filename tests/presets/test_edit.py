"""A preset is added to a spec, or renamed in it, and all else stays byte for byte, whatever the spec looks like."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.text.documents import parse
from generator.text.errors import SpecError
from generator.usecases.edit import add_preset, replace_preset

NEW = "git+https://h/r//p.yaml@v1"
ITEM = f'"{NEW}"'


def _added(text: str) -> str:
    return add_preset(parse(text, "services.yaml"), text, NEW)


# `+` is where the text is added that follows it, up to the next `+`; an edit may have two such places.
ADDED = {
    "on one line": f"presets: [a+, {ITEM}+]  # c\n",
    "on one line with a comma at the end": f"presets: [a,+ {ITEM}+ ]\n",
    "with blanks": f"presets:   [ a , 'b'+, {ITEM}+ ]\t# c\n",
    "on the next line": f"presets:\n  [a+, {ITEM}+]\n",
    "empty": f"presets: [+{ITEM}+]\n",
    "empty with a blank": f"presets: [+{ITEM}+ ]  # none yet\n",
    "empty on two lines": f"presets: [+{ITEM}+\n]\n",
    "on several lines": f"presets: [\n  a,\n  b+,\n  {ITEM}+\n]\n",
    "on several lines with a comma at the end": f"presets: [\n  a,\n  b,+\n  {ITEM},+\n]\n",
    "on several lines with comments": f"presets: [  # x\n  a,  # one\n  b+,+   # two+\n  {ITEM}+\n  # last\n]  # end\n",
    "several items on a line of several": f"presets: [\n  a, b+, {ITEM}+\n]\n",
    "the first line of several": f"presets: [a, # one\n  b+, {ITEM}+]\n",
    "a mapping on several lines": f"presets: [\n  {{preset: a,\n   with: {{b: 1}}}}+,\n  {ITEM}+\n]\n",
    "mappings on one line": f"presets: [{{preset: a, with: {{b: [1, 2]}}}}+, {ITEM}+]\n",
    "dashes": f"presets:\n  - a+\n  - {ITEM}+\n",
    "dashes at the margin": f"presets:\n- a+\n- {ITEM}+\n",
    "dashes far away": f"presets:\n      - a+\n      - {ITEM}+\n\n\n",
    "dashes with comments": f"presets:  # x\n  # 1st\n  - a  # 1\n\n  # 2nd\n  - 'b'\t# 2+\n  - {ITEM}+\n  # last\n\n",
    "a comment of the next key": f"presets:\n- a+\n- {ITEM}+\n# of the services\n",
    "dashes with mappings": f"presets:\n- preset: ./a.yaml\n  with:\n    b: 1  # c+\n- {ITEM}+\n",
    "a dash and a mapping on one line": f"presets:\n- {{preset: ./a.yaml, with: {{b: 1}}}}+\n- {ITEM}+\n",
    "text on several lines": f"presets:\n- |-\n  a+\n- {ITEM}+\n",
    "a key in quotes": f'"presets":\n  - a+\n  - {ITEM}+\n',
    "an explicit key": f"? presets\n: - a+\n  - {ITEM}+\n",
    "a tag": f"presets: !!seq [a+, {ITEM}+]\n",
    "an anchor that nobody uses": f"presets: &p\n- &n a+\n- {ITEM}+\n",
    "an alias as item": f"presets: [&n a, *n+, {ITEM}+]\n",
    "no value": f"presets:+ [{ITEM}]+\n",
    "no value and a comment": f"presets:+ [{ITEM}]+  # none yet\n",
    "an anchor of no value": f"presets: &p+ [{ITEM}]+\n",
    "letters of two words": f"presets: # é 🐳\n- a # 🐳+\n- {ITEM}+\n",
}
SERVICES = "services: {x: {presets: [z], env: {presets: y}}}\n"
AROUND: dict[str, Callable[[str], str]] = {
    "above the services": lambda text: f"version: 1\n{text}{SERVICES}",
    "below the services": lambda text: f"{SERVICES}\n{text}",
    "between markers": lambda text: f"%YAML 1.1\n---\n{text}{SERVICES}...\n",
    "with a byte order mark": lambda text: f"\ufeff# 🐳\n{text}{SERVICES}",
    "with line ends of Windows": lambda text: f"version: 1\n{text}{SERVICES}".replace("\n", "\r\n"),
    "with the list in the first line": lambda text: f"{text}{SERVICES}",
}


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("form", ADDED)
def test_every_form_of_list(form: str, around: str) -> None:
    # The address has a `+` itself, which is no mark.
    pieces = AROUND[around](ADDED[form].replace(ITEM, "ITEM")).split("+")
    before, after = "".join(pieces[::2]), "".join(pieces).replace("ITEM", ITEM)
    assert _added(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("presets:\n- a", f"presets:\n- a\n- {ITEM}\n"),
        ("presets: [a]", f"presets: [a, {ITEM}]"),
        ("presets:", f"presets: [{ITEM}]"),
        ("presets: null  # c\n", f"presets: [{ITEM}]  # c\n"),
        ("presets: ~", f"presets: [{ITEM}]"),
        ("{presets: [a], services: {}}\n", f"{{presets: [a, {ITEM}], services: {{}}}}\n"),
        ("{version: 1, services: {}}\n", f"{{version: 1, presets: [{ITEM}], services: {{}}}}\n"),
        ("version: 1\nservices: {}\n", f"version: 1\npresets: [{ITEM}]\n\nservices: {{}}\n"),
        ("  version: 1\n  services: {}\n", f"  version: 1\n  presets: [{ITEM}]\n\n  services: {{}}\n"),
        ("services: {}\n", f"presets: [{ITEM}]\n\nservices: {{}}\n"),
        ("# file\nservices: {}\n", f"# file\npresets: [{ITEM}]\n\nservices: {{}}\n"),
        ("a: 1\n\n# of\n# it\nservices: {}\n", f"a: 1\n\npresets: [{ITEM}]\n\n# of\n# it\nservices: {{}}\n"),
        ("a: |\n  # x\n  # y\nservices: {}\n", f"a: |\n  # x\n  # y\npresets: [{ITEM}]\n\nservices: {{}}\n"),
        ("a: 1\r\nservices: {}\r\n", f"a: 1\r\npresets: [{ITEM}]\r\n\r\nservices: {{}}\r\n"),
        ("\ufeffservices: {}\n", f"\ufeffpresets: [{ITEM}]\n\nservices: {{}}\n"),
    ],
)
def test_ends_of_the_file_and_keys_that_are_not_there(before: str, after: str) -> None:
    assert _added(before) == after


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [
        ("presets: ./x.yaml\n", "2:10", f"write presets: [./x.yaml, '{NEW}']"),
        ("presets: {a: 1}\n", "2:10", f"write presets: ['{NEW}']"),
        ("presets: !!null\n", "2:10", f"write presets: ['{NEW}'] yourself"),
        ("presets: &p [a]\nother: *p\n", "2:10", f"write presets: [a, '{NEW}'] yourself"),
        ("other: &p [a, {preset: b}]\npresets: *p\n", "2:8", f"write presets: [a, {{preset: b}}, '{NEW}'] yourself"),
        ("common: &c {presets: [a]}\n<<: *c\n", "2:22", f"write presets: [a, '{NEW}'] yourself"),
        ("? services\n: {}\n", "", f"write presets: ['{NEW}'] yourself"),
    ],
)
def test_what_cannot_be_edited_is_an_error_with_the_line_to_write(text: str, place: str, line: str) -> None:
    document = parse(f"version: 1\n{text}", "services.yaml")
    with pytest.raises(SpecError) as caught:
        add_preset(document, f"version: 1\n{text}", NEW)
    assert str(caught.value).startswith(f"services.yaml:{place}: " if place else "services.yaml: ")
    assert f"fix: {line}" in str(caught.value)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('presets: [a, "b"]  # b\n', f"presets: [a, {ITEM}]  # b\n"),
        ("presets:\n- b\t# b\n- a\n", f"presets:\n- {ITEM}\t# b\n- a\n"),
        ("presets:\n- preset: 'b'  # b\n  with: {b: b}\n", f"presets:\n- preset: {ITEM}  # b\n  with: {{b: b}}\n"),
        ("presets: [&n b, *n]\n", f"presets: [&n {ITEM}, *n]\n"),
        ("presets: [!!str b]\n", f"presets: [!!str {ITEM}]\n"),
        (
            "presets: &p [b]\nservices: {x: {presets: *p}}\n",
            f"presets: &p [{ITEM}]\nservices: {{x: {{presets: *p}}}}\n",
        ),
        (
            "services: {x: {presets: [b], env: {presets: b}, y: {presets: [b]}}}\n",
            f"services: {{x: {{presets: [{ITEM}], env: {{presets: b}}, y: {{presets: [b]}}}}}}\n",
        ),
        ("\ufeffpresets: [b]\r\nservices: {}\r\n", f"\ufeffpresets: [{ITEM}]\r\nservices: {{}}\r\n"),
    ],
)
def test_a_preset_is_renamed_where_it_is_named(before: str, after: str) -> None:
    assert replace_preset(parse(before, "services.yaml"), before, "b", NEW) == after


def test_a_name_that_stands_for_something_else_too_is_not_renamed() -> None:
    text = "name: &n b\npresets: [*n]\n"
    with pytest.raises(SpecError, match="spec-uneditable"):
        replace_preset(parse(text, "services.yaml"), text, "b", NEW)


# A spec of arbitrary pieces.

_blank = st.sampled_from(["", " ", "  "])
_comment = st.sampled_from(["", "  # c", "\t# - c", " # [c], 🐳"])
_lines = st.lists(st.sampled_from(["\n", "# - c\n", "  # c: [\n"]), max_size=2).map("".join)
_name = st.sampled_from(["a", "'b'", '"c#d"', "./e-f.yaml", "{preset: g, with: {h: [1, 'i, ]']}}", "{preset: j}"])


@st.composite
def _flow(draw: st.DrawFn) -> str:
    items = draw(st.lists(_name, max_size=3))
    gap = st.one_of(_blank, st.tuples(_comment, _lines).map(lambda both: f"{both[0]}\n{both[1]}    "))
    body = "".join(f"{draw(gap)}{item}{draw(_blank)}," for item in items)
    body = body if draw(st.booleans()) else body.removesuffix(",")
    return f"presets:{draw(st.sampled_from([' ', '  ', chr(10) + '  ']))}[{body}{draw(gap)}]{draw(_comment)}\n"


@st.composite
def _block(draw: st.DrawFn) -> str:
    indent = " " * draw(st.integers(0, 5))
    deep = st.sampled_from([f"preset: k\n{indent}  with:\n{indent}    l: 1", f"|-\n{indent}   m", f">-\n{indent}   n"])
    items = draw(st.lists(st.one_of(_name, deep), min_size=1, max_size=3))
    rows = [f"{indent}- {item}{'' if item[0] in '|>' else draw(_comment)}\n" for item in items]
    # A line that a block scalar could take for its own is no comment.
    return f"presets:{draw(_comment)}\n" + "".join(
        row + ("" if item[0] in "|>" else draw(_lines)) for row, item in zip(rows, items, strict=True)
    )


_empty = st.tuples(st.sampled_from(["presets:", "presets: null", "presets: ~", ""]), _comment).map(
    lambda both: f"{both[0]}{both[1]}\n" if both[0] else ""
)
_other = st.sampled_from(
    ["version: 1\n", "# top\n", "x: {presets: [z]}\n", "y:\n- presets:\n  - z\n", "z: |\n  presets: [a]\n  # c\n", "\n"]
)


@st.composite
def _specs(draw: st.DrawFn) -> str:
    above = "".join(draw(st.lists(_other, max_size=3, unique=True)))
    parts = [draw(st.one_of(_flow(), _block(), _empty)), "services: {s: {presets: [a]}}\n"]
    text = above + "".join(draw(st.permutations(parts))) + draw(_lines)
    if draw(st.booleans()):
        text = f"---\n{text}...\n"
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return f"\ufeff{text}" if draw(st.booleans()) else text


def _values(text: str) -> dict[str, Any]:
    return parse(text, "services.yaml").data


@given(_specs())
def test_any_spec_keeps_all_that_it_has(text: str) -> None:
    before, changed = _values(text), _added(text)
    assert _values(changed) == {**before, "presets": [*(before.get("presets") or []), NEW]}
    kept, rest = re.sub("(?<=presets: )(null|~)", "", text, count=1), iter(changed)
    assert all(character in rest for character in kept), "nothing is taken away but an empty value"
    assert len(changed) - len(text) <= len(f"      presets: [{ITEM}],\r\n\r\n\r\n")
    again = replace_preset(parse(changed, "services.yaml"), changed, NEW, "git+b@2")
    assert again == changed.replace(ITEM, '"git+b@2"')
