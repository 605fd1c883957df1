"""Changes the list of presets in a spec, and nothing else in it: comments and layout are the team's."""

from __future__ import annotations

import yaml

from generator.text.documents import Document


def add_preset(document: Document, text: str, name: str) -> str:
    """`text`, the text of `document`, with `name` at the end of the project's presets."""
    found = [node for key, node in document.node.value if key.value == "presets"]
    if not found:
        mark = document.node.value[-1][0].start_mark if document.node.value else document.node.end_mark
        services = next((key for key, _ in document.node.value if key.value == "services"), None)
        at = (services.start_mark if services is not None else mark).index
        return f"{text[:at]}presets: [{_word(name)}]\n\n{text[at:]}"
    node = found[0]
    if node.flow_style:
        at = node.end_mark.index - 1
        return f"{text[:at]}{', ' if node.value else ''}{_word(name)}{text[at:]}"
    last = node.value[-1]
    at = text.find("\n", last.end_mark.index)
    line = f"\n{' ' * (node.start_mark.column)}- {_word(name)}"
    return text + line + "\n" if at < 0 else text[:at] + line + text[at:]


def replace_preset(document: Document, text: str, old: str, new: str) -> str:
    """`text` with the preset `old` called `new`, wherever the spec names it."""
    places = [node for node in _scalars(document.node) if node.value == old]
    for node in sorted(places, key=lambda node: node.start_mark.index, reverse=True):
        text = text[: node.start_mark.index] + _word(new) + text[node.end_mark.index :]
    return text


def _scalars(node: yaml.Node) -> list[yaml.ScalarNode]:
    """Every scalar in a list called presets."""
    if not isinstance(node, yaml.MappingNode):
        return []
    found: list[yaml.ScalarNode] = []
    for key, value in node.value:
        if key.value == "presets" and isinstance(value, yaml.SequenceNode):
            found += [item for item in value.value if isinstance(item, yaml.ScalarNode)]
            entries = [item for item in value.value if isinstance(item, yaml.MappingNode)]
            found += [name for entry in entries for word, name in entry.value if word.value == "preset"]
        else:
            found += _scalars(value)
    return found


def _word(name: str) -> str:
    """A source has a colon and perhaps a hash, which YAML reads in a flow list."""
    return f'"{name}"' if set(name) & set(":#@") else name
