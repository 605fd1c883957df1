"""Render templates with a mark in front of each line, by which generated lines can be traced to lines of templates.

Marks are private characters around a number, and ride through macros as text does: no template reads a macro's result
as data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from generator.render.environment import StackingEnvironment, make_sandbox
from generator.render.overrides import Job, file_of, render_stacked

_MARK = re.compile("\ue000(\\d+)\ue001")


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a template, counted from 1."""

    template: str
    line: int


@dataclass(slots=True)
class _Marks:
    places: list[Place] = field(default_factory=list)

    values: set[int] = field(default_factory=set)

    def mark(self, template: str, line: int, *, value: bool = False) -> str:
        self.places.append(Place(template, line))
        number = len(self.places) - 1
        if value:
            self.values.add(number)
        return f"\ue000{number}\ue001"

    def of(self, line: str) -> list[Place]:
        """Return the places of the text in a marked line; for a line without text, the places of its values."""
        found = [int(number) for number in _MARK.findall(line)]
        texts = [number for number in found if number not in self.values]
        return list(dict.fromkeys(self.places[number] for number in texts or found))


class _Marking(Extension):
    """Puts a mark in front of each line of a template's text, after Jinja has dealt with its blanks.

    A line may begin with a value, or have nothing but one, so these are marked too. A call is not: the lines that a
    macro gives have marks of their own.
    """

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        marks: _Marks = self.environment.marks  # type: ignore[attr-defined]  # set below
        template = file_of(stream.name or "")
        held: list[Token] = []
        for token in stream:
            if token.type == "data":
                lines = str(token.value).split("\n")
                # What is blank at its start or end may be a part of another line.
                inside = range(1, len(lines) - 1)
                marked = [
                    f"{marks.mark(template, token.lineno + n)}{text}" if text.strip() or n in inside else text
                    for n, text in enumerate(lines)
                ]
                yield Token(token.lineno, "data", "\n".join(marked))
            elif held or token.type == "variable_begin":
                held.append(token)
            else:
                yield token
            if token.type == "variable_end":
                if not _calls(held):
                    yield Token(held[0].lineno, "data", marks.mark(template, held[0].lineno, value=True))
                yield from held
                held = []
        yield from held  # of an expression that does not end, which the parser tells


def _calls(expression: list[Token]) -> bool:
    """Tell whether an expression calls a macro; a filter with arguments does not count."""
    kinds = ["", "", *(token.type for token in expression)]
    before = zip(kinds, kinds[1:], kinds[2:], strict=False)
    return any(kind == "lparen" and name == "name" and pipe != "pipe" for pipe, name, kind in before)


@cache
def marking_environment() -> StackingEnvironment:
    """Return the environment that puts marks into all templates."""
    environment = make_sandbox(_Marking)
    environment.marks = _Marks()  # type: ignore[attr-defined]  # Jinja's own way for extensions to keep something
    return environment


def lines_of(text: str) -> Iterator[tuple[str, list[Place]]]:
    """Yield each line of a text of the marking environment without its marks, with the lines that made it.

    A line in the midst of a value has the places of the line above.
    """
    marks: _Marks = marking_environment().marks  # type: ignore[attr-defined]  # as above
    places: list[Place] = []
    for line in text.split("\n")[:-1]:
        places = marks.of(line) or places
        yield _MARK.sub("", line), places


def mark_one(job: Job) -> list[tuple[str, list[tuple[str, int]]]]:
    """Render the Dockerfile of a service from templates of presets, and trace it: as `lines_of`, in plain values.

    Raises:
        SpecError: a template of a preset is malformed, or fails.
    """
    text = render_stacked(marking_environment(), job)
    return [(line, [(place.template, place.line) for place in places]) for line, places in lines_of(text)]
