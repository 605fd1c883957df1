"""What a service is, where nobody has written it and the rest of it says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.detect.managers import managers_of
from generator.layers.layer import InPlaces, Layer, Values
from generator.layers.preset_stack import PresetStack
from generator.model.names import ASSETS, NOT_BUILT, is_folder
from generator.text.errors import Location, SpecError
from generator.text.files import Repository, dig, join

# Keys of services that are built.
_OF_BUILDS = ("path", "runtime", "manager", "packages", "sources", "dev_command")
_NAMED_BY_RUNTIME = ("python", "node")


def is_image(own: Mapping[str, Any]) -> bool:
    """Tell whether a service without a kind runs an image that exists: it names one, and nothing to build."""
    named = own.get("image") or own.get("image_of")
    otherwise = any(own.get(key) is not None for key in ("kind", "framework")) or any(key in own for key in _OF_BUILDS)
    return bool(named) and not otherwise


def kind_layer(
    name: str, own: Layer, presets: PresetStack, repository: Repository | None, chosen: Mapping[str, Any]
) -> Layer | None:
    """Return a layer with the kind of a service that has none, or with the runtime of one that is built.

    Args:
        name: The name of the service.
        own: Its own values.
        presets: Its presets.
        repository: The files; None where nothing is to be detected.
        chosen: What it and its presets choose.

    Raises:
        SpecError: its folder has manifests of more than one language.
    """
    kind = chosen.get("kind")
    if kind is None and "kind" not in own.values:
        if is_image(own.values):
            key = "image" if own.values.get("image") else "image_of"
            return _layer({"kind": "image"}, own.locate((key,)))
        shared = own.values.get("image_of") is not None
        found = None if shared else _of_folder(name, own, presets, repository)
        if isinstance(own.values.get("framework"), str):
            place = own.locate(("framework",))
            runtime = {"runtime": found.values["kind"]} if found and "runtime" not in chosen else {}
            return _layer({"kind": "worker", **runtime}, place)
        return found
    decided = "image_of" in own.values or "runtime" in {*chosen, *own.values}
    if isinstance(kind, str) and kind not in NOT_BUILT and not decided:
        found = _of_folder(name, own, presets, repository)
        return _layer({"runtime": found.values["kind"]}, found.locate(("kind",))) if found else None
    return None


def _layer(values: Values, place: Location) -> Layer:
    origin = InPlaces(places={(key,): place for key in values})
    return Layer(name="derived", values=values, origin=origin)


def _of_folder(name: str, own: Layer, presets: PresetStack, repository: Repository | None) -> Layer | None:
    """Return a layer with the language that the manifests of a folder are of; None without one."""
    path = own.values.get("path", f"services/{name}")
    names = repository.names(path) if repository is not None and is_folder(path) else frozenset[str]()
    found: dict[str, str] = {}
    # What makes assets is no program in Python, whose manifest may lie beside.
    for runtime in ("node",) if own.values.get("kind") == ASSETS else _NAMED_BY_RUNTIME:
        facts = [presets.facts(manager) for manager in managers_of(runtime)]
        known = [fact for key in ("manifest", "lock") for one in facts if isinstance(fact := dig(one, key), str)]
        if manifest := next((one for one in known if one in names), None):
            found[runtime] = manifest
    if len(found) > 1:
        python, node = (join(path, one) for one in found.values())
        key = "runtime" if "kind" in own.values or "framework" in own.values else "kind"
        raise SpecError.at(
            own.locate(()),
            f"services.{name}.{key} is missing, and there are both {python} and {node}",
            f"write {key}: {' or '.join(f'{key}: {one}' for one in found)[len(key) + 2 :]}",
            code="key-missing",
        )
    for runtime, manifest in found.items():
        return _layer({"kind": runtime}, Location(file=join(path, manifest)))
    return None
