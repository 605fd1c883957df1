"""Edit the lists of presets in a spec as text, so that all else in it stays byte for byte.

PyYAML says where things are. A library that writes YAML anew, as ruamel.yaml, keeps comments, but no blanks inside of
lines, no indentation and no line ends. Every edit is compared with what it should have done: what YAML reads from the
new text is what it has read before, and the change. An edit that would do anything else is refused, with the line to
write by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from typing import Any

import yaml

from generator.text.documents import Document, parse
from generator.text.errors import Location, SpecError
from generator.usecases.spec_text import Insertion, SpecText, apply

Values = dict[str, Any]


def add_preset(document: Document, text: str, name: str) -> str:
    """Append `name` to the project's presets in `text`, which is the text of `document`; return the new text.

    Raises:
        SpecError: the presets are no list, or nothing can be added to them without changing something else.
    """
    before = document.data.get("presets")
    if before is not None and not isinstance(before, list):
        known = [before] if isinstance(before, str) else []
        message, fix = "presets is not a list of names", f"write {_line([*known, name])}"
        raise SpecError.at(document.locate(("presets",)), message, fix, code="spec-malformed")
    wanted = {**document.data, "presets": [*(before or []), name]}

    def edits(spec: SpecText) -> Iterator[Iterable[Insertion]]:
        return _additions(spec, _scalar(name))

    where = document.locate(("presets",)) if "presets" in document.data else Location(file=document.name)
    return _edited(document, text, edits, wanted, where, _line(wanted["presets"]))


def replace_preset(document: Document, text: str, old: str, new: str) -> str:
    """Rename the preset `old` to `new` in the lists of the project and its services; return the new text.

    Raises:
        SpecError: it cannot be renamed without changing something else.
    """
    wanted = deepcopy(document.data)
    # Lists that an alias repeats are one object, which is renamed once.
    lists = {id(names): names for names in map(_presets, _owners(wanted)) if isinstance(names, list)}
    for names in lists.values():
        names[:] = [_renamed(entry, old, new) for entry in names]

    def edits(spec: SpecText) -> Iterator[Iterable[Insertion]]:
        named = {id(node): node for node in spec.preset_names() if node.value == old}
        yield [Insertion(*spec.scalar(node), _scalar(new)) for node in named.values()]

    return _edited(document, text, edits, wanted, Location(file=document.name), f"{_scalar(new)} instead of {old}")


def _edited(
    document: Document,
    text: str,
    edits: Callable[[SpecText], Iterator[Iterable[Insertion]]],
    wanted: Values,
    where: Location,
    line: str,
) -> str:
    """Return the text after the first of `edits` that gives the values `wanted`.

    Raises:
        SpecError: none does; reported at `where`, with the `line` to write by hand.
    """
    bom = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix(bom)
    for edit in edits(SpecText(body)):
        changed = apply(body, edit)
        try:
            if parse(changed, document.name).data == wanted:
                return bom + changed
        except SpecError:  # the next one may do
            continue
    message = "the presets cannot be edited without changing something else"
    raise SpecError.at(
        where, message, f"write {line} yourself, then run the same command again", code="spec-uneditable"
    )


def _additions(spec: SpecText, item: str) -> Iterator[Iterable[Insertion]]:
    """Yield the ways to add an item to the project's presets, the best first."""
    value = spec.presets()
    if value is None:
        yield from spec.new_key(f"presets: [{item}]")
    elif isinstance(value, yaml.SequenceNode):
        yield from spec.flow_item(value, item) if value.flow_style else spec.block_item(value, item)
    elif isinstance(value, yaml.ScalarNode):  # null
        start, end = spec.scalar(value)
        yield [Insertion(start, end, f"[{item}]" if end > start else f" [{item}]")]


def _owners(data: Values) -> Iterator[Values]:
    services = data.get("services")
    for owner in (data, *(services.values() if isinstance(services, dict) else ())):
        if isinstance(owner, dict):
            yield owner


def _presets(owner: Values) -> Any:
    return owner.get("presets")


def _renamed(entry: Any, old: str, new: str) -> Any:
    if isinstance(entry, dict) and entry.get("preset") == old:
        return {**entry, "preset": new}
    return new if entry == old else entry


def _line(names: list[Any]) -> str:
    """Write the key with its list as one line of YAML."""
    listed = yaml.safe_dump(names, default_flow_style=True, width=float("inf"), allow_unicode=True)
    return f"presets: {listed.strip()}"


def _scalar(name: str) -> str:
    """Write a name as a YAML scalar. A source has `:`, `@` or `#`, which mean something in a flow list."""
    return f'"{name}"' if set(name) & set(":#@") else name
