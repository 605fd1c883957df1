"""Where in the text of a spec its presets are, and where one more could be written. Positions count characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import yaml

from generator.text.documents import nodes

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is built in

_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


class Insertion(NamedTuple):
    """The text that comes instead of what is from `start` to `end`."""

    start: int
    end: int
    text: str


class SpecText:
    """The text of a spec, without a byte order mark, and its nodes and tokens."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._root = nodes(text)
        self._tokens: list[yaml.Token] = [*yaml.scan(text, Loader=_Loader)]
        found = _BREAK.search(text)
        self._break = found[0] if found else "\n"

    def presets(self) -> yaml.Node | None:
        """Return the value of the project's key `presets`; None without one."""
        return _value(self._root, "presets")

    def preset_names(self) -> Iterator[yaml.ScalarNode]:
        """Yield the nodes of the names in the lists of the project and its services; aliased ones more than once."""
        services = _value(self._root, "services")
        owners = [self._root, *(value for _, value in _pairs(services))]
        for owner in owners:
            value = _value(owner, "presets")
            for item in value.value if isinstance(value, yaml.SequenceNode) else ():
                node = _value(item, "preset") if isinstance(item, yaml.MappingNode) else item
                if isinstance(node, yaml.ScalarNode):
                    yield node

    def scalar(self, node: yaml.ScalarNode) -> tuple[int, int]:
        """Return where the text of a scalar begins and ends, without its anchor and its tag; an empty one is there."""
        end = node.end_mark.index
        for token in self._between(node.start_mark.index, end):
            if isinstance(token, yaml.ScalarToken):
                return token.start_mark.index, token.end_mark.index
        return end, end

    def new_key(self, line: str) -> Iterator[list[Insertion]]:
        """Yield the places for one more key of the project, as `line`: above the services and their comment."""
        keys = [key for key, _ in self._root.value]
        key = next((key for key in keys if key.value == "services"), keys[-1] if keys else None)
        if key is None:
            return
        at = key.start_mark.index
        if self._root.flow_style:
            yield [Insertion(at, at, f"{line}, ")]
            return
        start = at - key.start_mark.column
        if re.fullmatch(" *", self._text[start:at]):
            indent, gap = self._text[start:at], self._break * 2
            for place in dict.fromkeys([self._above_comment(start), start]):
                yield [Insertion(place, place, f"{indent}{line}{gap}")]

    def flow_item(self, node: yaml.SequenceNode, item: str) -> Iterator[list[Insertion]]:
        """Yield the edit that adds an item to a list in brackets: on a line of its own where the last one has one."""
        *inside, closing = self._between(node.start_mark.index, node.end_mark.index)
        comma = isinstance(inside[-1], yaml.FlowEntryToken)
        last = inside[-2 if comma else -1]
        after = inside[-1].end_mark.index
        if isinstance(last, yaml.FlowSequenceStartToken):
            yield [Insertion(after, after, item)]
            return
        line = self._line_of(self._item_start(inside, node))
        end = self._line_end(after)
        if line is None or end >= closing.start_mark.index:
            yield [Insertion(after, after, f" {item}" if comma else f", {item}")]
        else:
            own = f"{self._break}{line}{item}{',' if comma else ''}"
            yield [*([] if comma else [Insertion(after, after, ",")]), Insertion(end, end, own)]

    def block_item(self, node: yaml.SequenceNode, item: str) -> Iterator[list[Insertion]]:
        """Yield the edit that adds an item to a list with dashes: on a line below the last one."""
        tokens = self._between(node.start_mark.index, node.end_mark.index)
        dash = next(token for token in tokens if isinstance(token, yaml.BlockEntryToken))
        # A block scalar ends where the next line begins.
        after = len(self._text[: tokens[-1].end_mark.index].rstrip())
        end = self._line_end(after)
        at_end = self._break if end == len(self._text) else ""
        yield [Insertion(end, end, f"{self._break}{' ' * dash.start_mark.column}- {item}{at_end}")]

    def _between(self, start: int, end: int) -> list[yaml.Token]:
        """List the tokens between `start` and `end`, but for those without text, as the end of a block.

        They stand where the next token does.
        """
        return [one for one in self._tokens if start <= one.start_mark.index < one.end_mark.index <= end]

    def _item_start(self, inside: list[yaml.Token], node: yaml.SequenceNode) -> int:
        """Return where the last item of a list in brackets begins: behind the last comma that has something behind."""
        depth, start = 0, node.start_mark.index
        for token, following in pairwise(inside):
            depth += isinstance(token, (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken))
            depth -= isinstance(token, (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken))
            if depth == 1 and (token is inside[0] or isinstance(token, yaml.FlowEntryToken)):
                start = following.start_mark.index
        return start

    def _line_of(self, at: int) -> str | None:
        """Return the indentation of what is at `at`; None if something else is before it in its line."""
        before = _BREAK.split(self._text[:at])[-1]
        return before if not before.strip() else None

    def _line_end(self, at: int) -> int:
        found = _BREAK.search(self._text, at)
        return found.start() if found else len(self._text)

    def _above_comment(self, start: int) -> int:
        """Return where the comment begins that is directly above the line at `start`; `start` for the file's own."""
        place, lines = start, self._text[:start].splitlines(keepends=True)
        while lines and lines[-1].lstrip().startswith("#"):
            place -= len(lines.pop())
        return place if lines else start


def apply(text: str, edit: Iterable[Insertion]) -> str:
    """Return `text` after all insertions, whose positions are those before them; at one place, in their order."""
    parts, at = list[str](), 0
    for one in sorted(edit, key=lambda one: one.start):
        parts += [text[at : one.start], one.text]
        at = one.end
    return "".join([*parts, text[at:]])


def _pairs(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    """Return the keys and values of a mapping; none for anything else."""
    return node.value if isinstance(node, yaml.MappingNode) else []


def _value(node: yaml.Node, name: str) -> yaml.Node | None:
    """Return the value of a key in a mapping; None if there is no such key."""
    return next((value for key, value in _pairs(node) if key.value == name), None)
