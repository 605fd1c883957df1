"""Parse YAML files and keep the positions of their values, so that an error can point at one."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from generator.text.errors import KeyPath, Location, SpecError
from generator.text.positions import Positions
from generator.text.reading import read_bytes, refuse_conflict

# A spec of a thousand services has about 300 kB. A file larger than this is not parsed.
MAX_BYTES = 8_000_000
MAX_VALUES = 1_000_000  # with every alias expanded
MAX_DEPTH = 50
MAX_BITS = 64  # of a whole number

SPEC_START = "start with `version: 1`, `project:` and `services:`; README.md has an example"

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Refused(yaml.MarkedYAMLError):
    """Well-formed YAML that is refused; `note` is the fix."""


_TEXT, _MERGE = "tag:yaml.org,2002:str", "tag:yaml.org,2002:merge"
# Types of YAML for which a spec has no use.
_UNUSED = frozenset(f"tag:yaml.org,2002:{name}" for name in ("binary", "set", "omap", "pairs"))


class _Loader(_Base):  # type: ignore[misc]  # the base class is chosen at run time: libyaml where it is built in
    """PyYAML's safe loader; refuses keys that PyYAML drops or changes: duplicates, and non-strings (`on`, `8`)."""

    _depth = 0

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: dict[str, yaml.Mark] = {}
        for key, _ in node.value:
            if key.tag == _MERGE:
                continue
            if not isinstance(key, yaml.ScalarNode):
                raise _Refused(problem="a key is not a text", problem_mark=key.start_mark, note="write a name")
            if key.tag != _TEXT:
                kind = key.tag.rsplit(":", 1)[-1]
                problem = f"YAML reads the key {key.value} as {kind}, not as text"
                raise _Refused(problem=problem, problem_mark=key.start_mark, note=f'put it in quotes: "{key.value}"')
            if key.value in seen:
                problem = f"{key.value!r} is given twice; the first is on line {seen[key.value].line + 1}"
                raise _Refused(problem=problem, problem_mark=key.start_mark, note="keep one of the two")
            seen[key.value] = key.start_mark
        result: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return result

    def descend_resolver(self, current_node: yaml.Node | None, current_index: Any) -> None:  # noqa: ARG002
        """Stop where nodes nest too deeply. This is called for each node before those in it are read.

        What PyYAML does here by itself is for resolvers by path, of which there are none.
        """
        self._depth += 1
        if self._depth > MAX_DEPTH + 2:
            raise _too_deep(current_node)

    def ascend_resolver(self) -> None:
        self._depth -= 1

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        if node.tag in _UNUSED:
            raise self._refused(node, f"a value of the type {node.tag.rsplit(':', 1)[-1]} is not used here")
        try:
            made = super().construct_object(node, deep=deep)
        except ValueError:
            is_date = node.tag.endswith(":timestamp")
            problem = "a day or a time that does not exist" if is_date else f"a number of more than {MAX_BITS} bits"
            raise self._refused(node, problem) from None
        except (ArithmeticError, AttributeError, LookupError, TypeError):  # a text with the tag of something else
            raise self._refused(node, f"this is no {node.tag.rsplit(':', 1)[-1]}") from None
        if isinstance(made, int) and made.bit_length() > MAX_BITS:
            raise self._refused(node, f"a number of more than {MAX_BITS} bits")
        return made

    @staticmethod
    def _refused(node: yaml.Node, problem: str) -> _Refused:
        return _Refused(problem=problem, problem_mark=node.start_mark, note="put it in quotes if it is a text")


def _measure(node: yaml.Node, depth: int, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """Return how many values `node` has with its aliases expanded, and how deeply they nest.

    `depth` is the depth of the node itself; `known` keeps the results of nodes by identity.
    """
    if isinstance(node, yaml.ScalarNode):
        return 1, 0
    if id(node) not in known:
        if depth > MAX_DEPTH:
            raise _too_deep(node)
        parts = node.value if isinstance(node, yaml.SequenceNode) else [part for _, part in node.value]
        measured = [_measure(part, depth + 1, known) for part in parts]
        known[id(node)] = 1 + sum(size for size, _ in measured), 1 + max((height for _, height in measured), default=0)
    size, height = known[id(node)]
    if depth + height > MAX_DEPTH + 1:
        raise _too_deep(node)
    if size > MAX_VALUES:
        problem = f"aliases make this more than {MAX_VALUES} values"
        raise _Refused(problem=problem, problem_mark=node.start_mark, note="use fewer aliases")
    return size, height


def _too_deep(node: yaml.Node | None) -> _Refused:
    problem = f"nested deeper than {MAX_DEPTH} levels, or an alias of itself"
    return _Refused(problem=problem, problem_mark=node.start_mark if node else None, note="nest less deeply")


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A parsed YAML file: its values, and where they stand.

    Attributes:
        name: The file's name in messages.
        data: The parsed values.
        positions: The places of the values.
        source: The name by which specs and presets refer to it, if it is a preset; empty for other files.
        given: The places, in other files, of values that stand at a path here: those of parameters.
    """

    name: str
    data: dict[str, Any]
    positions: Positions
    source: str = ""
    given: Mapping[KeyPath, Location] = field(default_factory=dict)

    def locate(self, path: KeyPath) -> Location:
        """Return the place where the value at `path` was written: what was given for a parameter is where it is given.

        A value that is not there has the place of the nearest existing mapping or list above it.
        """
        for end in range(len(path), 0, -1) if self.given else ():
            if (place := self.given.get(path[:end])) is not None:
                return place
        return self.locate_here(path)

    def locate_here(self, path: KeyPath) -> Location:
        """Return the place in this file of the value at `path`, also of one that was given elsewhere."""
        line, column = self.positions.locate(path)
        return Location(file=self.name, line=line, column=column)

    def written(self, path: KeyPath) -> str | None:
        """Return the scalar at `path` as written (`3.10`, where the parsed value is 3.1); None if there is none."""
        value: Any = self.data
        for step in path:
            try:
                value = value[step]
            except (LookupError, TypeError):  # nothing is there, or it is not what has parts
                return None
        return self.positions.written(path, value)


def read(file: Path, name: str, *, fix: str, start: str = SPEC_START) -> Document:
    """Read and parse `file`.

    Args:
        file: Where it is.
        name: Its name in messages.
        fix: The fix to suggest if it cannot be read.
        start: The fix to suggest if it is empty or not a mapping: how such a file begins.

    Raises:
        SpecError: the file cannot be read, is not YAML, has a key twice, or is not a mapping.
    """
    return parse(read_text(file, name, fix=fix), name, start=start)


def read_text(file: Path, name: str, *, fix: str) -> str:
    """Read the text of `file`. Raises SpecError when it cannot be read, is too large or is not UTF-8."""
    try:
        return read_bytes(file, name, limit=MAX_BYTES, fix="split the project").decode("utf-8")
    except OSError as error:
        code = "file-missing" if isinstance(error, FileNotFoundError) else "file-unreadable"
        raise _error(name, f"cannot be read: {error.strerror}", fix, code) from None
    except UnicodeDecodeError as error:
        raise _error(
            name, f"is not UTF-8: {error.reason} at byte {error.start}", "save it as UTF-8", "file-not-utf8"
        ) from None


def parse(text: str, name: str, *, start: str = SPEC_START) -> Document:
    """Parse YAML text. Raises SpecError as `read` does."""
    refuse_conflict(text, name)
    try:
        node, data = _load(text)
    except yaml.MarkedYAMLError as error:
        raise _yaml_error(name, error, text) from None
    except yaml.reader.ReaderError as error:
        raise _character_error(name, error, text) from None
    except (RecursionError, ValueError, TypeError) as error:
        raise _error(
            name, f"is not usable YAML: {error}", "see the spec reference, docs/spec.md", "yaml-malformed"
        ) from None
    if data is None:
        raise _error(name, "is empty", start, "file-empty")
    if not isinstance(data, dict) or not isinstance(node, yaml.MappingNode):
        raise _error(name, f"is a {_kind(data)}, not a mapping", start, "file-malformed")
    return Document(name=name, data=data, positions=Positions(node))


def nodes(text: str) -> yaml.MappingNode:
    """Return the nodes of YAML text that `parse` has accepted: they know where each part begins and ends."""
    node, _ = _load(text)
    assert isinstance(node, yaml.MappingNode), "parse accepts nothing else"
    return node


def _load(text: str) -> tuple[yaml.Node | None, Any]:
    """Return the root node and the values of YAML text; None for both if it is empty."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None, None
        _measure(node, 0, {})
        return node, loader.construct_document(node)
    finally:
        loader.dispose()


def _kind(data: object) -> str:
    return {list: "list", str: "text", int: "number", float: "number", bool: "boolean"}.get(type(data), "value")


def _error(name: str, message: str, fix: str, code: str) -> SpecError:
    return SpecError.at(Location(file=name), message, fix, code=code)


def _character_error(name: str, error: yaml.reader.ReaderError, text: str) -> SpecError:
    # Not error.position: libyaml counts bytes.
    position = max(text.find(chr(error.character)), 0) if 0 <= error.character <= sys.maxunicode else 0
    message = f"the character U+{error.character:04X} is not allowed in YAML"
    return SpecError.at(Location.in_text(name, text, position), message, "remove it", code="yaml-malformed")


def _yaml_error(name: str, error: yaml.MarkedYAMLError, text: str) -> SpecError:
    mark = error.problem_mark or error.context_mark
    location = Location(file=name, line=mark.line + 1, column=mark.column + 1) if mark else Location(file=name)
    if isinstance(error, _Refused):
        return SpecError.at(location, str(error.problem), str(error.note), code="yaml-refused")
    words = ", ".join(part for part in (error.context, error.problem) if part)
    tab = mark is not None and any("\t" in line for line in text.splitlines()[mark.line : mark.line + 1])
    fix = "indent with blanks; YAML allows no tabs" if tab else "correct the syntax at this place"
    return SpecError.at(location, f"not YAML: {words}", fix, code="yaml-malformed")
