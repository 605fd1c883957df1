"""From a spec and its presets to the resolved project: a plain mapping, and the origin of every value in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generator.errors import Location, SpecError
from generator.presets.document import Document, Path_
from generator.presets.library import Library
from generator.presets.merge import Values, choose, merge_into, resolve_service, sections


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolved:
    """The resolved project and the documents it was made from, lowest first."""

    values: Values
    spec: Document
    presets: tuple[Document, ...]
    of_service: dict[str, tuple[Document, ...]]

    def locate(self, path: Path_) -> Location:
        """Where the value at `path` of the resolved project was written; where it is missing, the nearest place."""
        document, place = self._origin(path)
        return document.locate(place)

    def written(self, path: Path_) -> str | None:
        """The scalar at `path` as its author typed it; None for anything else."""
        document, place = self._origin(path)
        return document.written(place)

    def _origin(self, path: Path_) -> tuple[Document, Path_]:
        """The last layer that has the value wins, as in the merge; without one, the spec itself."""
        if _has(self.spec.data, path):
            return self.spec, path
        if len(path) > 2 and path[0] == "services" and isinstance(path[1], str):
            name, rest = path[1], path[2:]
            chosen = choose(self.spec.data["services"][name], [d.data for d in self.of_service[name]])
            for document in reversed(self.of_service[name]):
                for place, part in reversed(list(sections(document.data, chosen))):
                    if _has(part, rest):
                        return document, (*place, *rest)
        for document in reversed(self.presets):
            if path and path[0] == "networks" and _has(document.data, path):
                return document, path
        return self.spec, path


def _has(data: Any, path: Path_) -> bool:
    for step in path:
        if isinstance(data, dict) and step in data:
            data = data[step]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return False
    return True


def resolve(spec: Document, library: Library) -> Resolved:
    """Merge base < project presets < service presets < each service.

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
    for name, own in services.items():
        theirs = _presets(spec, ("services", name, "presets"), own.get("presets", []), library)
        of_service[name] = (*common, *theirs)
        resolved[name] = resolve_service(name, own, [document.data for document in of_service[name]])
    rest = {key: value for key, value in spec.data.items() if key not in ("services", "presets", "networks")}
    values = {**rest, "networks": networks, "services": resolved}
    return Resolved(values=values, spec=spec, presets=common, of_service=of_service)


def _services(spec: Document) -> dict[str, Values]:
    services = spec.data.get("services")
    if not isinstance(services, dict) or not services:
        fix = "list each service by name, as in `services: {api: {kind: python}}`"
        raise SpecError.at(spec.locate(("services",)), "services is not a mapping", fix)
    for name, own in services.items():
        if not isinstance(own, dict):
            location = spec.locate(("services", name))
            raise SpecError.at(location, f"{name} is not a mapping", "give at least its kind")
    if not isinstance(spec.data.get("networks", {}), dict):
        raise SpecError.at(spec.locate(("networks",)), "networks is not a mapping", "name each network")
    return services


def _presets(spec: Document, path: Path_, names: Any, library: Library) -> list[Document]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise SpecError.at(spec.locate(path), "presets is not a list of names", "write presets: [base]")
    return [library.load(name, spec.locate((*path, index))) for index, name in enumerate(names)]
