"""The layers of a service and of a project, built once, lowest first. `fold` makes values of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from generator.detect.detect import detect
from generator.detect.detected import Detected
from generator.detect.managers import foreign
from generator.layers.distributions import distribution_layer, missing_images
from generator.layers.extra_sources import extra_sources
from generator.layers.fold import Folded, fold, merged
from generator.layers.framework_command import framework_layer, is_without_probe, unused_values
from generator.layers.images import images
from generator.layers.kinds import is_image, kind_layer
from generator.layers.layer import MISSING, InDocument, InPlaces, Layer, Values
from generator.layers.preset_stack import PresetStack
from generator.lockfile.pin import LOCK
from generator.lockfile.pins import Pins
from generator.model.names import ASSETS, NOT_BUILT, WRITTEN, is_folder
from generator.text.documents import Document
from generator.text.errors import Finding, Findings, Location
from generator.text.files import Repository, dig, join, mapping, texts

_NOTE = "computed: services/<name>"


class Source(NamedTuple):
    """What the layers of a service are built from.

    Attributes:
        spec: The spec.
        name: The name of the service in it.
        own: The values of the service in the spec.
        presets: Its presets.
        repository: The files; None where nothing is to be detected.
        secret_files: Files of the repository that secrets of the spec are taken from.
        services: The folders of all services of the spec, sorted, and files of those that make assets.
    """

    spec: Document
    name: str
    own: Values
    presets: PresetStack
    repository: Repository | None = None
    secret_files: frozenset[str] = frozenset()
    services: tuple[str, ...] = ()


class Stacked(NamedTuple):
    """The layers of a service, lowest first, and the values that they fold to.

    Attributes:
        values: The values.
        layers: The layers.
        own: That of the spec.
        findings: What is wrong in the repository.
        unreadable: Files of the repository that are malformed, so that the values may not be those that were meant.
    """

    values: Values
    layers: tuple[Layer, ...]
    own: Layer
    findings: tuple[Finding, ...]
    unreadable: tuple[Finding, ...]


def service_layers(source: Source, pins: Pins) -> Stacked:
    """Fold the layers of a service; where a file of the repository is malformed, without what is detected there.

    Raises:
        SpecError: the kind of the service is left out, and its folder has manifests of more than one.
    """
    own = Layer(
        name=source.spec.name,
        values=source.own,
        origin=InDocument(document=source.spec, place=("services", source.name)),
    )
    chosen = source.presets.choose(source.own, {})
    if kind := kind_layer(source.name, own, source.presets, source.repository, chosen):
        # What follows for the presets as well is below the service's own words.
        source = source._replace(own={**kind.values, **source.own})
    layers, values = _layers(source, own, Detected(), kind)
    unreadable, detected = Findings(), Detected()
    with unreadable.collecting():
        detected = _detect(source, values)
    if detected.values:
        layers, values = _layers(source, own, detected, kind)
    for follow in (extra_sources, distribution_layer, framework_layer):
        if following := follow(values, layers):
            layers.append(following)
            values = merged(values, following.values)
    # Without a repository, as for a preset by itself, the version may not be the one that is built.
    missing = [*missing_images(source.name, values, layers)] if source.repository is not None else []
    missing += unused_values(source.name, values, [layer for layer in layers if not layer.follows], own)
    if pinned := _digests(values, pins):
        layers.append(pinned)
        values = merged(values, pinned.values)
    values.pop("presets", None)  # the list has done its work: what its presets say is in the layers below
    if "runtime" not in values and _switched_off(layers):
        values["healthcheck"] = None  # a null that has something to say: the image may have a check of its own
    elif values.get("kind") in NOT_BUILT and _is_timing_alone(values, own):
        del values["healthcheck"]
    if fragments := values.pop("fragments", None):
        values["fragments"] = fragments  # last, as they apply
    return Stacked(
        values=values,
        layers=tuple(layers),
        own=own,
        findings=(*detected.findings, *missing),
        unreadable=tuple(unreadable.all),
    )


def _is_timing_alone(values: Values, own: Layer) -> bool:
    """Tell whether presets say how a health check is timed, and nobody what it runs."""
    return is_without_probe(values) and own.value(("healthcheck",)) is MISSING


def _switched_off(layers: Sequence[Layer]) -> bool:
    """Tell whether the highest layer that says something about the health check removes it."""
    said = [layer.value(("healthcheck",)) for layer in layers]
    return next((value for value in reversed(said) if value is not MISSING), MISSING) is None


def project_layers(spec: Document, presets: Sequence[Document]) -> Folded:
    """Fold what is beside the services: the networks of the project's presets, and the spec."""
    layers = [
        Layer(name=preset.name, values={"networks": preset.data["networks"]}, origin=InDocument(document=preset))
        for preset in presets
        if preset.data.get("networks")
    ]
    mine = {key: value for key, value in spec.data.items() if key not in ("services", "presets", "waivers")}
    own = Layer(name=spec.name, values=mine, origin=InDocument(document=spec))
    # Only networks are shared with presets. A key of the file that has no value is a mistake, and removes nothing.
    values = {**mine, "networks": fold([*layers, own]).get("networks")}
    return Folded(values=values, layers=(*layers, own), own=own)


def _layers(source: Source, own: Layer, detected: Detected, kind: Layer | None) -> tuple[list[Layer], Values]:
    """Return the layers of a service up to the derived ones, and what they fold to."""
    chosen = source.presets.choose(source.own, detected.values)
    sections = source.presets.sections(chosen)
    found = InPlaces(places=detected.places)
    repository = [Layer(name="repository", values=detected.values, origin=found)] if detected.values else []
    above = [*([kind] if kind else []), *repository, own, *sections.adding]
    in_folder = chosen.get("runtime") or chosen.get("kind") == WRITTEN
    if in_folder and all(layer.value(("path",)) is MISSING for layer in (*sections.layers, *above)):
        path = {"path": f"services/{source.name}"}
        above.append(Layer(name="derived", values=path, origin=own.origin, follows=True, note=_NOTE))
    return [*sections.layers, *above], fold(above, sections.values)


def _digests(values: Values, pins: Pins) -> Layer | None:
    """Return a layer with the lock file's digests for images that have no digest of their own; None without any."""
    found: Values = {}
    places: dict[Any, Location] = {}
    for use in images(values) if pins.images else ():
        if not use.digest and use.reference in pins.images:
            target = found
            for step in use.path:
                target = target.setdefault(step, {})
            target["digest"] = pins.images[use.reference].digest
            places[(*use.path, "digest")] = pins.locate_image(use.reference)
    return Layer(name=LOCK, values=found, origin=InPlaces(places=places), follows=True) if found else None


def _detect(source: Source, merged: Values) -> Detected:
    """Detect the values that the repository gives to the service."""
    if source.repository is None:
        return Detected()
    named = frozenset(secret_files(merged))
    return detect(
        source.repository,
        name=source.name,
        own=source.own,
        merged=merged,
        facts=source.presets.facts,
        locate=lambda *keys: source.spec.locate(("services", source.name, *keys)),
        # The set of all is copied only for what a preset adds to it.
        secret_files=source.secret_files if named <= source.secret_files else source.secret_files | named,
        services=source.services,
        own_files=frozenset((source.spec.name, *(preset.name for preset in source.presets.documents))),
    )


def service_folders(services: Mapping[str, Any]) -> Iterator[str]:
    """Yield the folders of services, by what the spec says of them; a preset has no path.

    What makes assets may share its folder with the service that ships them, so that its own files are among them.
    """
    for name, own in services.items():
        kind = own.get("kind")
        if kind == WRITTEN or (kind not in NOT_BUILT and own.get("image_of") is None and not is_image(own)):
            path = own.get("path", f"services/{name}")
            if is_folder(path):
                yield path
                if kind == ASSETS:
                    yield from (join(path, one) for one in (*texts(own, "sources"), *foreign.FILES_OF_NODE))


def secret_files(*services: Any) -> Iterator[str]:
    """Yield the files that secrets of services are taken from."""
    for service in services:
        for secret in mapping(service, "secrets").values():
            if isinstance(file := dig(secret, "file"), str):
                yield file
