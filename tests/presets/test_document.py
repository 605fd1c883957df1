"""A document knows where its values stand and what its author typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.text import documents as document
from generator.text.documents import parse, read
from generator.text.errors import SpecError

TEXT = """\
a:
  b: 3.10
  list:
    - x
    - {k: "quoted"}
empty:
"""


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), "f:1:1"),
        (("a",), "f:2:3"),
        (("a", "b"), "f:2:6"),
        (("a", "list", 0), "f:4:7"),
        (("a", "list", 1, "k"), "f:5:11"),
        # What does not exist is reported at the nearest thing around it.
        (("a", "c"), "f:2:3"),
        (("a", "list", 7), "f:4:5"),
        (("z",), "f:1:1"),
    ],
)
def test_locate(path: tuple[str | int, ...], place: str) -> None:
    assert str(parse(TEXT, "f").locate(path)) == place


def test_written_is_what_was_typed() -> None:
    parsed = parse(TEXT, "f")
    assert parsed.data["a"]["b"] == 3.1
    assert parsed.written(("a", "b")) == "3.10"
    assert parsed.written(("a", "list", 1, "k")) == "quoted"
    assert parsed.written(("a",)) is None
    assert parsed.written(("a", "missing")) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: {c: 1, c: 2}\n", "f:2:11: 'c' is given twice; the first is on line 2"),
        ("a: 1\n'a': 2\n", "f:2:1: 'a' is given twice; the first is on line 1"),
        ("on: 1\n", "f:1:1: YAML reads the key on as bool"),
        ("null: 1\n", "f:1:1: YAML reads the key null as null"),
        ("3.10: 1\n", "f:1:1: YAML reads the key 3.10 as float"),
        ("? [a]\n: 1\n", "f:1:3: a key is not a text"),
        ("a: 2024-13-45\n", "f:1:4: a day or a time that does not exist"),
        ("a: !!python/object/apply:os.system [id]\n", "f:1:4: not YAML"),
        ("a: &x [*x]\n", "f:1:4: nested deeper"),
        ("a: \x07\n", "not allowed"),
        ("\n", "f: is empty"),
        ("[]\n", "f: is a list, not a mapping"),
        ("8\n", "f: is a number, not a mapping"),
    ],
)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse(text, "f")
    assert message in str(caught.value)
    assert "\n  fix: " in str(caught.value)


def test_merge_keys_and_aliases_are_understood() -> None:
    text = "base: &b {x: 1, y: 1}\nuse: {<<: *b, y: 2}\nboth: [*b, *b]\n"
    data = parse(text, "f").data
    assert data["use"] == {"x": 1, "y": 2}
    assert data["both"] == [{"x": 1, "y": 1}] * 2


def test_quoted_keys_are_texts() -> None:
    assert parse('"on": 1\n"8": 2\n', "f").data == {"on": 1, "8": 2}


def test_a_file_that_is_too_large_is_not_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MAX_BYTES", 4)
    (tmp_path / "f").write_text("a: 1\n", encoding="utf-8")
    with pytest.raises(SpecError, match="larger than"):
        read(tmp_path / "f", "f", fix="")


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    assert read(tmp_path / "f", "f", fix="").data == {"a": 1}
