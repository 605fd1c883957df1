"""From a spec and its presets to the resolved project: a plain mapping, and the origin of every value in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from generator.detect.detect import detect
from generator.detect.detected import Detected
from generator.layers.fragments import refuse_unknown
from generator.layers.layer import MISSING, Layer
from generator.layers.library import Library, add_new
from generator.layers.merge import Values, additions, choose, merge_into, resolve_service, sections
from generator.layers.templates import Override, overrides
from generator.text.documents import Document, KeyPath
from generator.text.errors import Finding, Level, Location, SpecError
from generator.text.files import Repository, dig


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolved:
    """The resolved project and the documents it was made from, lowest first."""

    values: Values
    spec: Document
    presets: tuple[Document, ...]
    of_service: dict[str, tuple[Document, ...]]
    found: dict[str, Detected]
    templates: dict[str, tuple[Override, ...]]

    @property
    def problems(self) -> list[Finding]:
        """What in the repository would fail a build, in the order of the files."""
        return self._findings("error")

    @property
    def warnings(self) -> list[Finding]:
        """What in the repository deserves a look, in the order of the files."""
        return self._findings("warn")

    def _findings(self, level: Level) -> list[Finding]:
        told = {finding for found in self.found.values() for finding in found.findings}
        return sorted(finding for finding in told if finding.level == level)

    def layers(self, service: str) -> list[Layer]:
        """What the values of a service were merged from, lowest first."""
        return _layers(self.spec, service, self.of_service[service], self.found[service])

    def fragments(self, service: str) -> list[str]:
        """The fragments that a service takes."""
        chosen = _chosen(self.spec, service, self.of_service[service], self.found[service])
        return [*chosen.get("fragments", ())]

    def additions(self, service: str) -> list[Layer]:
        """The lists that fragments have added to those of the layers, in the order in which they were."""
        chosen = _chosen(self.spec, service, self.of_service[service], self.found[service])
        return [
            Layer(part=part, document=document, place=place)
            for document in self.of_service[service]
            for place, part in additions(document.data, chosen)
        ]

    def locate(self, path: KeyPath) -> Location:
        """Where the value at `path` of the resolved project was written; where it is missing, the nearest place."""
        layer, rest = self._origin(path)
        return layer.locate(rest)

    def written(self, path: KeyPath) -> str | None:
        """The scalar at `path` as its author typed it; None for anything else."""
        layer, rest = self._origin(path)
        return layer.written(rest)

    def _origin(self, path: KeyPath) -> tuple[Layer, KeyPath]:
        """The last layer that has the value wins, as in the merge; without one, the spec itself."""
        whole = Layer(part=self.spec.data, document=self.spec)
        if whole.value(path) is not MISSING:
            return whole, path
        if len(path) > 2 and path[0] == "services" and path[1] in self.of_service:
            service, inside = str(path[1]), path[2:]
            layers, added = self.layers(service), self.additions(service)
            if entry := self._added_entry(service, inside, layers, added):
                return entry
            for layer in [*added, *layers][::-1]:
                if layer.value(inside) is not MISSING:
                    return layer, inside
        for document in reversed(self.presets):
            layer = Layer(part=document.data, document=document)
            if path and path[0] == "networks" and layer.value(path) is not MISSING:
                return layer, path
        return whole, path

    def _added_entry(
        self, service: str, path: KeyPath, layers: Sequence[Layer], added: Sequence[Layer]
    ) -> tuple[Layer, KeyPath] | None:
        """The fragment that has added the entry of a list at `path`, and the path there; None for any other value."""
        *above, index = path
        entries = dig(self.values["services"][service], *above)
        if not isinstance(index, int) or not isinstance(entries, list):
            return None
        said = [layer.value(tuple(above)) for layer in layers]
        standing = next((value for value in reversed(said) if value is not MISSING), None) or []
        for layer in added if entries[index] not in standing else ():
            items = layer.value(tuple(above))
            if isinstance(items, list) and entries[index] in items:
                return layer, (*above, items.index(entries[index]))
        return None


def _chosen(spec: Document, service: str, presets: Sequence[Document], found: Detected) -> Values:
    return choose(spec.data["services"][service], [document.data for document in presets], found.values)


def _layers(spec: Document, service: str, presets: Sequence[Document], found: Detected) -> list[Layer]:
    chosen = _chosen(spec, service, presets, found)
    layers = [
        Layer(part=part, document=document, place=place)
        for document in presets
        for place, part in sections(document.data, chosen)
    ]
    layers.append(Layer(part=found.values, document=spec, found=found))
    layers.append(Layer(part=spec.data["services"][service], document=spec, place=("services", service)))
    return layers


def resolve(spec: Document, library: Library, repository: Repository | None = None) -> Resolved:
    """Merge base < project presets < service presets < what the repository says < each service.

    Without a `repository`, nothing is looked for.

    Raises:
        SpecError: a preset is unknown or malformed, or `services` and `presets` are not what a merge can read.
    """
    services = _services(spec)
    presets = _presets(spec, ("presets",), spec.data.get("presets", []), library)
    base = library.load("base", spec.locate(("presets",)))
    common = (base, *(preset for preset in presets if preset is not base))
    networks: Values = {}
    for document in (*common, spec):
        merge_into(networks, document.data.get("networks") or {})
    of_service: dict[str, tuple[Document, ...]] = {}
    resolved: Values = {}
    found: dict[str, Detected] = {}
    for name, own in services.items():
        theirs = _presets(spec, ("services", name, "presets"), own.get("presets", []), library)
        of_service[name] = (*common, *theirs)
        data = [document.data for document in of_service[name]]
        resolved[name] = resolve_service(name, own, data)
        found[name] = _look(repository, spec, name, resolved[name], data) if repository is not None else Detected()
        if found[name].values:
            resolved[name] = resolve_service(name, own, data, found[name].values)
        if any("fragments" in part for part in (own, *data)):
            refuse_unknown(_layers(spec, name, of_service[name], found[name]), data)
    rest = {key: value for key, value in spec.data.items() if key not in ("services", "presets", "networks", "waivers")}
    values = {**rest, "networks": networks, "services": resolved}
    templates = {
        name: overridden
        for name, documents in of_service.items()
        if (overridden := overrides(documents, resolved[name].get("runtime"), library))
    }
    return Resolved(values=values, spec=spec, presets=common, of_service=of_service, found=found, templates=templates)


def _look(repository: Repository, spec: Document, name: str, merged: Values, presets: Sequence[Values]) -> Detected:
    """What the repository says of one service."""
    return detect(
        repository,
        name=name,
        own=spec.data["services"][name],
        merged=merged,
        facts=lambda manager: _facts(manager, presets),
        locate=lambda *keys: spec.locate(("services", name, *keys)),
    )


def _facts(manager: str, presets: Sequence[Values]) -> Values:
    """`install` of a manager, as the presets have it."""
    result: Values = {}
    for preset in presets:
        install = preset.get("managers", {}).get(manager, {}).get("install")
        merge_into(result, install if isinstance(install, dict) else {})
    return result


def _services(spec: Document) -> dict[str, Values]:
    services = spec.data.get("services")
    if not isinstance(services, dict) or not services:
        fix = "list each service by name, as in `services: {api: {kind: python}}`"
        raise SpecError.at(spec.locate(("services",)), "services is not a mapping", fix, code="services-shape")
    for name, own in services.items():
        if not isinstance(own, dict):
            location = spec.locate(("services", name))
            raise SpecError.at(location, f"{name} is not a mapping", "give at least its kind", code="services-shape")
    if not isinstance(spec.data.get("networks", {}), dict):
        raise SpecError.at(
            spec.locate(("networks",)), "networks is not a mapping", "name each network", code="networks-shape"
        )
    return services


def _presets(spec: Document, path: KeyPath, names: Any, library: Library) -> list[Document]:
    if not isinstance(names, list):
        raise SpecError.at(
            spec.locate(path), "presets is not a list of names", "write presets: [base]", code="presets-shape"
        )
    found: list[Document] = []
    for index, name in enumerate(names):
        *extended, named = library.expand(name, spec.locate((*path, index)))
        add_new(found, extended)
        found.append(named)
    return found
