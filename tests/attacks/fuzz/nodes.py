"""Mutate the values of a file: other types, deleted, doubled, moved and deeply nested parts, at any place."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.attacks.fuzz.texts import KEYS

Path = tuple[Any, ...]

MARKS = 64
"""`@0@` to `@63@` stand for texts that no writer of a format would write; each format has its own."""

_SCALARS: SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.dates()
    | st.datetimes(timezones=st.sampled_from([None, datetime.UTC]))
    | st.integers(0, MARKS - 1).map("@{}@".format)
    | st.sampled_from(
        ["python", "node", "uv", "npm", "base", "./team.yaml", "../x", "/", ".", "a\0b", "é" * 300, "{{ 1 }}"]
    )
    | st.sampled_from(
        ["*", "**/a", "!x", "^1", ">=1,<2", "workspace:*", "npm:a@1", "file:../..", "git+ssh://x/y", "a @ file:///x"]
    )
)
_DEEP = 45  # what most readers still read; deeper ones are among the texts of each format
NODES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=6) | st.sampled_from(["kind", "name", "parameter", "with"]), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mutated(draw: DrawFn, valid: Any, most: int = 2) -> Any:
    """Draw `valid` after up to `most` mutations."""
    data = valid
    for _ in range(draw(st.integers(0, most))):
        path = draw(st.sampled_from(_places(data)))
        data = _replaced(data, path, draw(st.sampled_from(_MUTATIONS))(draw, data, path))
    return data


def _drawn(draw: DrawFn, _: Any, __: Path) -> Any:
    return draw(NODES)


def _with_a_key(draw: DrawFn, data: Any, path: Path) -> Any:
    standing = _at(data, path)
    return {**standing, draw(st.sampled_from(KEYS)): draw(NODES)} if isinstance(standing, dict) else draw(NODES)


def _from_elsewhere(draw: DrawFn, data: Any, _: Path) -> Any:
    return _at(data, draw(st.sampled_from(_places(data))))


def _without_a_part(draw: DrawFn, data: Any, path: Path) -> Any:
    standing = _at(data, path)
    if not standing or not isinstance(standing, (dict, list)):
        return type(standing)() if isinstance(standing, str) else None
    if isinstance(standing, dict):
        gone = draw(st.sampled_from([*standing]))
        return {key: part for key, part in standing.items() if key != gone}
    index = draw(st.integers(0, len(standing) - 1))
    return [*standing[:index], *standing[index + 1 :]]


def _with_a_part_again(draw: DrawFn, data: Any, path: Path) -> Any:
    standing = _at(data, path)
    if isinstance(standing, dict) and standing:
        key = draw(st.sampled_from([*standing]))
        return {**standing, f"{key}{draw(st.sampled_from(['2', '_', '.', '/a', '@1', ' ']))}": standing[key]}
    return [*standing, *standing] if isinstance(standing, list) else f"{standing}{standing}"


def _of_another_type(draw: DrawFn, data: Any, path: Path) -> Any:
    standing = _at(data, path)
    if isinstance(standing, dict):
        return draw(st.sampled_from([[*standing.values()], [*standing], [standing], str(standing)[:50]]))
    if isinstance(standing, list):
        return draw(st.sampled_from([{str(at): part for at, part in enumerate(standing)}, *standing, [standing]]))
    return draw(st.sampled_from([[standing], {"name": standing}, {str(standing): standing}, str(standing), 1, True]))


def _nested(draw: DrawFn, data: Any, path: Path) -> Any:
    node = _at(data, path)
    key = draw(st.sampled_from([None, *KEYS]))
    for _ in range(draw(st.integers(1, _DEEP))):
        node = [node] if key is None else {key: node}
    return node


_MUTATIONS: tuple[Callable[[DrawFn, Any, Path], Any], ...] = (
    *(_drawn, _with_a_key, _from_elsewhere, _without_a_part, _with_a_part_again, _of_another_type, _nested),
)


def _places(node: Any, path: Path = ()) -> list[Path]:
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for key, part in inside for place in _places(part, (*path, key)))]


def _replaced(node: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    if isinstance(node, dict):
        return {key: _replaced(part, path[1:], new) if key == path[0] else part for key, part in node.items()}
    return [_replaced(part, path[1:], new) if index == path[0] else part for index, part in enumerate(node)]


def _at(node: Any, path: Path) -> Any:
    for step in path:
        node = node[step]
    return node
