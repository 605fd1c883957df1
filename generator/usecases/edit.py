"""Edit the lists of presets in a spec as text, so that its comments and layout stay."""

from __future__ import annotations

import yaml

from generator.text.documents import Document, nodes
from generator.text.errors import SpecError


def add_preset(document: Document, text: str, name: str) -> str:
    """Append `name` to the project's presets in `text`, which is the text of `document`; return the new text."""
    root = nodes(text)
    lists = [node for key, node in root.value if key.value == "presets"]
    if not lists:
        mark = root.value[-1][0].start_mark if root.value else root.end_mark
        services = next((key for key, _ in root.value if key.value == "services"), None)
        at = (services.start_mark if services is not None else mark).index
        return f"{text[:at]}presets: [{_scalar(name)}]\n\n{text[at:]}"
    node = lists[0]
    if not isinstance(node, yaml.SequenceNode):
        place = document.locate(("presets",))
        raise SpecError.at(place, "presets is not a list of names", "write presets: []", code="spec-malformed")
    if node.flow_style:
        at = node.end_mark.index - 1
        return f"{text[:at]}{', ' if node.value else ''}{_scalar(name)}{text[at:]}"
    last = node.value[-1]
    at = text.find("\n", last.end_mark.index)
    line = f"\n{' ' * (node.start_mark.column)}- {_scalar(name)}"
    return text + line + "\n" if at < 0 else text[:at] + line + text[at:]


def replace_preset(text: str, old: str, new: str) -> str:
    """Rename the preset `old` to `new` wherever the spec `text` names it; return the new text."""
    # By their places: what an alias repeats is written once.
    names = {node.start_mark.index: node for node in _preset_names(nodes(text)) if node.value == old}
    for _, node in sorted(names.items(), reverse=True):
        text = text[: node.start_mark.index] + _scalar(new) + text[node.end_mark.index :]
    return text


def _preset_names(node: yaml.Node) -> list[yaml.ScalarNode]:
    """Return the nodes of the names in every list called `presets`."""
    if not isinstance(node, yaml.MappingNode):
        return []
    names: list[yaml.ScalarNode] = []
    for key, value in node.value:
        if key.value == "presets" and isinstance(value, yaml.SequenceNode):
            names += [item for item in value.value if isinstance(item, yaml.ScalarNode)]
            entries = [item for item in value.value if isinstance(item, yaml.MappingNode)]
            names += [name for entry in entries for entry_key, name in entry.value if entry_key.value == "preset"]
        else:
            names += _preset_names(value)
    return names


def _scalar(name: str) -> str:
    """Write a name as a YAML scalar. A source has `:`, `@` or `#`, which mean something in a flow list."""
    return f'"{name}"' if set(name) & set(":#@") else name
