"""Writes docs/spec.md from the models, their attribute docstrings and presets/base.yaml.

python -m generator.usecases.reference            write it
python -m generator.usecases.reference --check    exit code 1 when it is stale
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import yaml

from generator.detect.managers import MANAGERS, managers_of
from generator.model import install, parts, project, roles, runtimes, steps, types
from generator.model.images import ExistingImage, OwnImage, ReadyImage, SharedImage, WrittenImage
from generator.model.names import OUTPUTS, RUNTIMES, SCHEDULERS, WORKERS
from generator.model.services import Service
from generator.model.values import FromBuild, HostVariable, LiteralText
from generator.text import assets
from generator.text.documents import Document, read
from generator.text.errors import KeyPath
from generator.usecases.docstrings import docstrings

FILE = assets.ROOT / "docs" / "spec.md"
_BASE = assets.PRESETS / "base.yaml"
_INTRO = f"""\
# The spec

<!-- Written by `make docs` from generator/model/ and presets/base.yaml. Do not edit. -->

`services.yaml` describes services; what it leaves out comes from presets ([how they apply](presets.md)). This page
lists every key of the merged result. A key with a default in `presets/base.yaml` never has to be written; the
comment it has there is repeated here. `null` removes a value that a preset gives.

`kind` decides which keys a service has: {", ".join(f"`{kind}`" for kind in project.ROLES)}. A worker names its
`runtime` as well: {", ".join(f"`{runtime}`" for runtime in project.RUNTIMES)}. `presets: [hardened]` stands beside
`services` for the whole project, and in a service for that one alone; `./presets/team.yaml` names a file.
`fragments: {{ffmpeg: true}}` takes a [fragment](presets.md#fragments) of a preset.

Where Compose has several forms of a value, each of them is read into the one of these tables:
[Compose's forms](running.md#the-forms-of-compose). `kind` may be left out where the rest of the service says it: an
`image` or `image_of` and nothing to build is an `image`, a `framework` is of a `worker`, and a manifest or a lock file
in the folder makes it `python` or `node`. A worker finds its `runtime` there too. `kind: assets` has the keys of a
service in Node that say how it is built, and [no container](assets.md).

Types are strict otherwise. A version is text and so needs its quotes: `python: "3.10"`, since YAML reads 3.10 as the
number 3.1. An unknown key is an error.
"""

_Model = type[types.Model]
_SERVICES_IN_PYTHON = ("built", "python", *managers_of("python"))
_SERVICES_IN_NODE = ("built", "node", *managers_of("node"))
# The tables of the page: heading, the models whose own fields it lists, where they stand in a service, and which
# sections of base.yaml it can be in, by their last name (none: any).
_TABLES: tuple[tuple[str, tuple[_Model, ...], KeyPath | None, tuple[str, ...]], ...] = (
    ("The file", (project.Spec,), None, ()),
    ("Network", (project.Network,), None, ()),
    ("Volume", (project.Volume,), None, ()),
    ("Every service", (Service,), (), ()),
    ("Every service with a Dockerfile", (OwnImage,), (), ()),
    ("Services and workers in Python", (runtimes.Python,), (), _SERVICES_IN_PYTHON),
    ("Services and workers in Node", (runtimes.JavaScript, runtimes.Node), (), _SERVICES_IN_NODE),
    ("Services and workers that Bun runs", (runtimes.Bun,), (), ("built", "bun")),
    ("Workers and schedulers", (roles.Framed,), (), ()),
    ("Workers", (roles.Worker,), (), ()),
    ("Schedulers", (roles.Scheduler,), (), ()),
    ("Services that run the image of another one", (SharedImage, ReadyImage), (), ("defaults", *project.ROLES)),
    ("Services from a Dockerfile of your own", (WrittenImage, ReadyImage), (), ("defaults", "dockerfile")),
    ("Services from an image", (ExistingImage, ReadyImage), (), ("defaults", "image")),
    ("Container", (parts.Container,), ("container",), ()),
    ("Healthcheck", (parts.Healthcheck,), ("healthcheck",), ()),
    ("Heartbeat", (parts.Heartbeat,), ("healthcheck", "heartbeat"), ()),
    ("User", (parts.User,), ("user",), ()),
    ("NumericUser", (parts.NumericUser,), None, ()),
    ("Packages", (parts.Packages,), ("packages",), ()),
    ("Secret", (parts.Secret,), None, ()),
    ("BuildSecret", (parts.BuildSecret,), None, ()),
    ("Ssh", (parts.Ssh,), None, ()),
    ("Install", (install.Install,), ("install",), ()),
    ("Step", (steps.Step,), None, ()),
    ("Mount", (steps.Mount,), None, ()),
    ("Workspace", (install.Workspace,), None, ()),
    ("Member", (install.Member,), None, ()),
    ("WorkspacePackage", (install.WorkspacePackage,), None, ()),
    ("LocalDependency", (install.LocalDependency,), None, ()),
    ("Image", (parts.Image,), None, ()),
    ("BaseImage", (parts.BaseImage,), None, ()),
    ("BuildImage", (parts.BuildImage,), None, ()),
    ("PortMapping", (parts.PortMapping,), None, ()),
    ("HostVariable", (HostVariable,), None, ()),
    ("FromBuild", (FromBuild,), None, ()),
    ("LiteralText", (LiteralText,), None, ()),
    ("Versions", (parts.Versions,), ("versions",), ()),
)
# A model whose defaults have a table of their own is not repeated where it is used.
_TABLED = {place[0]: heading for heading, _, place, _ in reversed(_TABLES) if place}
_COMPUTED = {"OwnImage.path": "`services/<name>`", "Spec.networks": "those of [base](../presets/base.yaml)"}
# Keys whose values depend on the role and the runtime of a service.
_DEPENDENT = {
    "runtime": RUNTIMES,
    "manager": tuple(MANAGERS),
    "framework": tuple(dict.fromkeys(chain.from_iterable([*WORKERS.values(), *SCHEDULERS.values()]))),
    "output": OUTPUTS,
}
# The one key of the file that is no field of a model: each service is checked by itself.
_SERVICES = (
    "services",
    "| `services` | mapping of [name](#words) to a service, by its kind | required | Services by name. |",
)
_WORDS = {name: word for name, word in vars(types).items() if get_origin(word) is Annotated}
_PLAIN = {Any: "any value", str: "text", int: "whole number", float: "number", bool: "true or false"}


def page() -> str:
    """Return the text of docs/spec.md."""
    base = read(_BASE, "presets/base.yaml", fix="restore it")
    blocks = [_INTRO]
    for heading, models, place, names in _TABLES:
        note = [inspect.getdoc(models[0]) or ""] if not models[0].__name__.startswith("_") else []
        if (parent := models[0].__base__) and parent.__module__ == parts.__name__:
            note.append(f"\nIt has the keys of {_link(parent.__name__)} as well.")
        rows = dict(row for model in models for row in _rows(model, place, names, base))
        if project.Spec in models:
            rows |= dict([_SERVICES])
        table = ["| key | type | default | meaning |", "| --- | --- | --- | --- |", *rows.values()]
        blocks.append("\n".join([f"## {heading}", "", *(["".join(note), ""] if note else []), *table, ""]))
    return "\n".join([*blocks, "## Words", "", "| type | how it is written |", "| --- | --- |", *_word_rows(), ""])


def _rows(model: _Model, place: KeyPath | None, names: Sequence[str], base: Document) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(model, include_extras=True)
    for name, meaning in docstrings(model).items():
        if name == "kind" or (model, name) == (Service, "name"):
            continue
        field = model.model_fields[name]
        default = "required" if field.is_required() else "" if field.default is None else f"`{_flow(field.default)}`"
        default = _COMPUTED.get(f"{model.__name__}.{name}", default)
        default = (_defaults(base, (*place, name), names) if place is not None else "") or default
        cells = [
            f"`{name.removesuffix('_')}`",
            _literal(_DEPENDENT[name]) if name in _DEPENDENT and issubclass(model, Service) else _type(hints[name]),
            default,
            meaning,
        ]
        yield name, f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _defaults(base: Document, path: KeyPath, names: Sequence[str]) -> str:
    """Describe the values of base.yaml at `path` of a service, each with its sections and its comment."""
    lines = _BASE.read_text(encoding="utf-8").splitlines()
    found: dict[str, list[str]] = {}
    comments: dict[str, str] = {}
    nested = ("runtimes", "managers", "frameworks", "schedulers", "kinds", "outputs")
    for section in [("defaults",), ("built",), *((above, name) for above in nested for name in base.data[above])]:
        value: Any = base.data
        for step in (*section, *path):
            value = value.get(step) if isinstance(value, dict) else None
        if value is None or (names and section[-1] not in names):
            continue
        if path[-1] in _TABLED and isinstance(value, dict):
            return f"see {_link(_TABLED[path[-1]])}"
        whole = (*section, *path)
        above, here = base.locate(whole[:-1]), base.locate(whole)
        text = f"`{base.written(whole) or _flow(value)}`"
        found.setdefault(text, []).extend(section[1:])
        # The comment of a line belongs to the first mapping or value on it.
        if lines[above.line - 1][above.column - 1] != "{" and not (isinstance(value, dict) and value):
            comments[text] = lines[here.line - 1].partition(" #")[2].strip()
    labelled = {text: f"{text} ({', '.join(labels)})" if labels else text for text, labels in found.items()}
    return "; ".join(f"{label}: {comments[text]}" if comments.get(text) else label for text, label in labelled.items())


def _flow(value: Any) -> str:
    return yaml.safe_dump(value, default_flow_style=True, width=1000, sort_keys=False).removesuffix("\n...\n").strip()


def _type(hint: Any) -> str:
    for name, word in _WORDS.items():
        if get_args(hint)[: len(get_args(word))] == get_args(word):
            return "text" if name == "Text" else f"[{_spaced(name)}](#words)"
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _type(args[0])
    if origin in (Union, UnionType):
        variants = [arg for arg in args if arg is not NoneType]
        return " or ".join(_type(variant) for variant in variants)
    if origin is Literal:
        return _literal(args)
    if origin is list:
        return "list" if not args else f"list of {_type(args[0])}"
    if origin is dict:
        return f"mapping of {_type(args[0])} to {_type(args[1])}"
    if isinstance(hint, type) and issubclass(hint, types.Model):
        return _link(hint.__name__)
    return _PLAIN[hint]


def _literal(values: Sequence[Any]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _word_rows() -> Iterator[str]:
    for name, word in _WORDS.items():
        patterns = [constraint.pattern for constraint in get_args(word)[1:] if hasattr(constraint, "pattern")]
        if patterns:
            yield f"| {_spaced(name)} | {types.FIXES[patterns[0]]} |"
    yield "| port number | a whole number from 1 to 65535 |\n| user id | a whole number from 1, so never root |"
    yield "| count | a whole number from 1 to 2147483647 |"
    yield "| command | a list of texts: the program and its arguments, without a shell |"


def _spaced(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def main(arguments: Sequence[str]) -> int:
    """Write the page, or compare it with the file."""
    text = page()
    if "--check" in arguments:
        stale = not FILE.is_file() or FILE.read_text(encoding="utf-8") != text
        print("docs/spec.md is stale; run make docs" if stale else "docs/spec.md is up to date")
        return int(stale)
    FILE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
