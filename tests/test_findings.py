"""docs/findings.md has every code that a finding can have, once, with its level; the codes are read from the source."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from generator.model.policy import Rules
from tests.support import HERE, INVALID

ROOT = HERE.parent
PAGE = ROOT / "docs" / "findings.md"
RULES = {"locked", *(name.replace("_", "-") for name in Rules.model_fields if name != "expressions")}
"""The rules that a policy can switch on: each has its own name as code, and its level from the policy."""

_CODE = re.compile(r"[a-z]+(-[a-z0-9]+)*")
_ROW = re.compile(r"\| `(?P<code>[^`]+)`(?: \((?P<level>warning|note)\))? \| (?P<wrong>[^|]+) \| (?P<fix>[^|]+) \|")
Function = ast.FunctionDef


class _Module:
    """The calls of a module that make a finding, with their codes and levels."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}
        # A helper of the module, or a method that others call: `Project.finding` is the only one.
        self.helpers = {"finding": ["path", "message", "fix", "code"]} | {
            node.name: [argument.arg for argument in node.args.args if argument.arg not in ("self", "cls")]
            for node in ast.walk(self.tree)
            if isinstance(node, Function)
        }

    def findings(self) -> Iterator[tuple[str, str]]:
        """Yield the code and the level of each call; `policy` stands for a level that a policy decides."""
        for call in ast.walk(self.tree):
            if isinstance(call, ast.Call) and (code := self._argument(call, "code")) is not None:
                level = self._argument(call, "level")
                levels = ["error"] if level is None else [*self._values(level)]
                for one in self._values(code):
                    for other in ["policy"] if one in RULES else levels or ["not known"]:
                        yield one, other

    def _argument(self, call: ast.Call, name: str) -> ast.expr | None:
        named = [keyword.value for keyword in call.keywords if keyword.arg == name]
        if named:
            return named[0]
        function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        parameters = self.helpers.get(function, [])
        index = parameters.index(name) if name in parameters else len(call.args)
        return call.args[index] if index < len(call.args) else None

    def _values(self, node: ast.expr) -> Iterator[str]:
        """Yield every text that the expression can be; none for one that comes from the caller or another finding."""
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.IfExp(body=body, orelse=orelse):
                yield from self._values(body)
                yield from self._values(orelse)
            case ast.Dict(values=values):
                for value in values:
                    yield from self._values(value)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="dict"), attr="fromkeys"), args=[_, value]):
                yield from self._values(value)
            case ast.Call(func=ast.Attribute(value=table, attr="get"), args=[_, value]):
                yield from self._values(table)
                yield from self._values(value)
            case ast.Attribute(attr="code" | "level"):
                return
            case ast.Name(id="rule"):
                yield from RULES
            case ast.Name(id=name):
                yield from self._of_name(node, name)
            case _:
                raise AssertionError(f"{self.path}:{node.lineno}: write the code as a text")

    def _of_name(self, node: ast.expr, name: str) -> Iterator[str]:
        scope: ast.AST = node
        while not isinstance(scope, ast.Module):
            scope = self.parents[scope]
            if isinstance(scope, Function) and name in {arg.arg for arg in (*scope.args.args, *scope.args.kwonlyargs)}:
                return
            if isinstance(scope, (ast.Module, Function)):
                for assigned in ast.walk(scope):
                    if isinstance(assigned, ast.Assign) and ast.unparse(assigned.targets[0]) == name:
                        yield from self._values(assigned.value)
                        return
        raise AssertionError(f"{self.path}:{node.lineno}: what is {name}?")


def _in_source() -> dict[str, set[str]]:
    """Map each code in the source to its levels."""
    levels: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "generator").rglob("*.py")):
        for code, level in _Module(path).findings():
            levels[code].add(level)
    return levels


def _on_page() -> list[re.Match[str]]:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    matches = [_ROW.fullmatch(row) for row in rows]
    assert None not in matches, [row for row, match in zip(rows, matches, strict=True) if match is None]
    return [match for match in matches if match is not None]


def test_the_page_has_every_code_of_the_source_once() -> None:
    codes = [match["code"] for match in _on_page()]
    assert sorted(codes) == sorted(_in_source())


def test_a_code_has_one_level_and_the_page_says_it() -> None:
    levels = _in_source()
    assert {code: found for code, found in levels.items() if len(found) != 1} == {}
    for level, word in (("warn", "warning"), ("note", "note")):
        marked = {match["code"] for match in _on_page() if match["level"] == word}
        assert marked == {code for code, found in levels.items() if found == {level}}


def test_a_code_is_in_kebab_case() -> None:
    assert [code for code in _in_source() if not _CODE.fullmatch(code)] == []


def test_every_cell_of_the_page_is_one_sentence() -> None:
    for match in _on_page():
        for cell in (match["wrong"], match["fix"]):
            assert cell.endswith("."), match[0]
            assert ". " not in cell, match[0]


def test_the_recorded_messages_end_with_a_code_of_the_page() -> None:
    known = {match["code"] for match in _on_page()}
    for file in sorted(INVALID.glob("*/error.txt")):
        for line in file.read_text(encoding="utf-8").splitlines()[::2]:
            code = re.search(r"  \[([a-z0-9-]+)\]$", line)
            assert code is not None, line
            assert code[1] in known
