"""docs/spec.md lists every part of a spec."""

from __future__ import annotations

import re

from tests.support import HERE

PAGE = (HERE.parent / "docs/spec.md").read_text(encoding="utf-8")


def test_every_part_that_the_page_names_has_a_table() -> None:
    named = {name for text, name in re.findall(r"\[([\w ]+)\]\(#([\w-]+)\)", PAGE) if text[0].isupper()}
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"(?m)^## (.*)$", PAGE)}
    assert "localdependency" in named
    assert named - headings == set()
