"""docs/spec.md lists every part of a spec."""

from __future__ import annotations

import re

from tests.support import HERE

PAGE = (HERE.parent / "docs/spec.md").read_text(encoding="utf-8")
LINES = PAGE.splitlines()


def test_each_row_of_a_table_is_one_line() -> None:
    inside = [line for line, above in zip(LINES[1:], LINES, strict=False) if above.startswith("|") and line]
    assert len(inside) > 100
    assert [line for line in inside if not line.startswith("|") or not line.endswith("|")] == []


def test_every_part_that_the_page_names_has_a_table() -> None:
    named = {name for text, name in re.findall(r"\[([\w ]+)\]\(#([\w-]+)\)", PAGE) if text[0].isupper()}
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"(?m)^## (.*)$", PAGE)}
    assert "localdependency" in named
    assert named - headings == set()
