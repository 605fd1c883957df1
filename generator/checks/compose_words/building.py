"""What a service is built from and runs: `image`, `build`, `command`, `entrypoint`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generator.checks.compose_words.typed import Fix, Typed, with_defaults
from generator.checks.compose_words.variables import variables
from generator.layers.shorthand import commands, images
from generator.model.names import is_folder
from generator.text.files import dig
from generator.text.quote import quoted


def kind_of(values: Mapping[str, Any]) -> str | None:
    """Return the fix of a service without a kind that is written in Compose's words."""
    if (folder := _folder(values.get("build"))) is not None:
        folder = folder if is_folder(folder) else "services/api"
        return f"name what it is made with and its folder: kind: python, path: {quoted(folder)} (or node, worker)"
    return None


def command_for(values: Mapping[str, Any]) -> str:
    """Return the fix of a command that is missing."""
    examples = {"python": "[python, -m, app]", "node": "[node, dist/server.js]", "bun": "[bun, src/server.ts]"}
    return f"add the program and its arguments, as command: {examples.get(str(values.get('runtime')), '[serve]')}"


def words_of(value: Any) -> list[str] | None:
    """Return a command as words; a text with operators of a shell is left to one."""
    if isinstance(value, list):
        return [str(word) for word in value]
    if not isinstance(value, str) or not value.strip():
        return None
    return commands.words(value) or commands.for_a_shell(value)


def _command(typed: Typed) -> str | None:
    words = words_of(typed.value)
    return f"write {typed.key}: {quoted(words)}" if words else None


def _image(value: Any, **more: str) -> str | None:
    if not isinstance(value, str) or not value:
        return None
    parts = images.reference(with_defaults(value))
    if parts is None:
        return None
    if parts.get("tag", "").startswith("$"):
        del parts["tag"]
    parts["name"] = parts["name"].lower()
    if "$" in "".join(parts.values()):
        return None
    digest = {"digest": parts.pop("digest")} if "digest" in parts else {}
    return quoted({**parts, "tag": parts.get("tag", "latest"), **digest, **more})


def _image_form(typed: Typed) -> str | None:
    image = _image(typed.value)
    if image is None:
        return 'write image: {name: nginx, tag: "1.29"}, without a variable'
    if typed.built:
        image = _image(typed.value, distribution="trixie")
        return f"remove it: Compose names what is built; if it is the image to build on, write image: {image}"
    return f"write image: {image}{', without a variable' if '$' in typed.value else ''}"


def _name_with_tag(typed: Typed) -> str | None:
    value, tag = typed.value, dig(typed.values, *typed.path[:-1], "tag")
    if not isinstance(value, str) or not re.search(r":|\.[a-z]+/", value):
        return None
    parsed = _image(value if ":" in value.rpartition("/")[2] else f"{value}:{tag or 'latest'}")
    return f"write {typed.path[-2]}: {parsed}" if parsed else None


def _folder(value: Any) -> str | None:
    folder = value.get("context", ".") if isinstance(value, dict) else value
    if not isinstance(folder, str):
        return None
    return folder.removeprefix("./").rstrip("/") or "."


_NO_FOLDER = "move what is built into a folder of the repository, and write path: services/"


def _build(typed: Typed) -> str | None:
    if not typed.built:
        return "remove it: kind: image builds nothing; use kind: python, node or worker for an image of its own"
    if (folder := _folder(typed.whole)) is None:
        return None
    if not is_folder(folder):
        return f"{_NO_FOLDER}{typed.service}"
    if (arguments := variables(dig(typed.whole, "args"))) and typed.values.get("kind") is not None:
        return f"write path: {quoted(folder)}, variables: {quoted(arguments)}"
    if isinstance(typed.whole, str) and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9:_-]*", folder):
        return None if typed.values.get("runtime") in ("node", "bun") else f"write path: {quoted(folder)}"
    return f"write path: {quoted(folder)}; the Dockerfile is generated there"


def _image_of(typed: Typed) -> str | None:
    if not typed.built:
        return None
    return (
        f"write kind: image, image_of: {quoted(typed.value)}, without what builds an image: path, runtime, framework, …"
    )


def _of_a_build(typed: Typed) -> str | None:
    if (name := typed.values.get("image_of")) is None:
        return None
    return f"remove it: the image is that of {name}, which says how it is built"


# What somebody writes for a service that is built, and then lets run the image of another one.
_OF_BUILDS = ("path", "runtime", "framework", "manager", "python", "node", "packages", "sources", "env", "secrets")

SERVICE: dict[str, Fix] = {
    **dict.fromkeys(_OF_BUILDS, _of_a_build),
    "image_of": _image_of,
    "image": _image_form,
    "image.name": _name_with_tag,
    "image.repository": lambda typed: f"write name: {quoted(typed.value)}",
    "build": _build,
    "command": _command,
    "dev_command": _command,
    "healthcheck.command": _command,
    "entrypoint": _command,
}
