"""From a spec, its presets and the repository to the resolved project: the layers of each service, folded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.detect.shared_folders import shared_folders
from generator.layers.fold import Folded
from generator.layers.fragments import unknown
from generator.layers.images import ImageUse, images
from generator.layers.layer import InDocument, Values
from generator.layers.library import Library, add_new
from generator.layers.literals import literal_variables
from generator.layers.override import Override
from generator.layers.overrides import overrides
from generator.layers.preset_stack import PresetStack
from generator.layers.shorthand import read_spec
from generator.layers.stack import Source, project_layers, secret_files, service_folders, service_layers
from generator.layers.words import wrong_words
from generator.layers.written import missing_dockerfiles
from generator.lockfile.pins import Pins
from generator.model.names import BY_RUNTIME, NOT_BUILT, is_folder, is_path
from generator.text.documents import Document
from generator.text.errors import Finding, Findings, KeyPath, Location, SpecError
from generator.text.files import Repository
from generator.text.quote import fits, quoted


@dataclass(frozen=True, kw_only=True, slots=True)
class ResolvedService(Folded):
    """One service: its values, their layers, and what its presets bring besides values.

    Attributes:
        name: Its name in the spec.
        presets: Its presets, lowest first.
        overrides: Templates that its presets have for its Dockerfile, lowest first.
    """

    name: str
    presets: tuple[Document, ...]
    overrides: tuple[Override, ...]

    @property
    def folder(self) -> str | None:
        """Give the folder of a service that is built; None for another one, and for a path that is none."""
        path = self.values.get("path")
        return path if "runtime" in self.values and is_folder(path) else None

    @property
    def dockerfile(self) -> str | None:
        """Give the name of its Dockerfile, if it has one of its own."""
        name = self.values.get("dockerfile")
        return name if isinstance(name, str) and is_path(name) else None

    @property
    def images(self) -> tuple[ImageUse, ...]:
        """Find the images that it is made from."""
        return tuple(images(self.values))


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolved:
    """The resolved project, not yet validated.

    Attributes:
        spec: The spec.
        project: The values of the spec and the project's presets beside the services.
        services: The services of which every preset could be read, by name, in the order of the spec.
        names: The names of all services.
        findings: Errors and warnings about the spec, the presets and the repository.
        mistakes: Those about the spec and the presets, where the values may not be those that were meant.
    """

    spec: Document
    project: Folded
    services: Mapping[str, ResolvedService]
    names: tuple[str, ...]
    findings: tuple[Finding, ...]
    mistakes: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """Tell whether every service could be resolved."""
        return bool(self.names) and len(self.services) == len(self.names)

    @property
    def has_policy(self) -> bool:
        """Tell whether a preset has a policy, or the spec waives one."""
        documents = (document for service in self.services.values() for document in service.presets)
        return "waivers" in self.spec.data or any("policy" in document.data for document in documents)

    @property
    def overrides(self) -> dict[str, tuple[Override, ...]]:
        """Give the templates of presets by service, for those that have one."""
        return {name: one.overrides for name, one in self.services.items() if one.overrides}

    @property
    def content(self) -> Iterator[object]:
        """Iterate over everything that the generated files depend on."""
        yield self.project.values
        yield from ((name, one.values, one.overrides) for name, one in self.services.items())

    def locate(self, path: KeyPath) -> Location:
        """Give the place where the value at `path` was written, as `("services", "api", "ports", 0)`."""
        folded, inside = self._at(path)
        return folded.locate(inside)

    def chosen(self, path: KeyPath) -> Location:
        """Give the place in the spec that chose the value at `path`, also where a preset has it."""
        folded, inside = self._at(path)
        return folded.chosen(inside)

    def written(self, path: KeyPath) -> str | None:
        """Give the scalar at `path` as its author typed it; None for anything else."""
        folded, inside = self._at(path)
        return folded.written(inside)

    def _at(self, path: KeyPath) -> tuple[Folded, KeyPath]:
        if len(path) > 2 and path[0] == "services" and path[1] in self.services:
            return self.services[str(path[1])], path[2:]
        return self.project, path


def resolve(spec: Document, library: Library, repository: Repository | None = None) -> Resolved:
    """Fold the layers of every service: base < presets < the repository < the service < what follows from them.

    Nothing is raised: what is wrong is in the result, and a service whose presets cannot be read is left out of it.
    Without a `repository`, nothing is detected.
    """
    spec, findings, detected = read_spec(spec), Findings(), Findings()
    services = _services(spec, findings)
    names = tuple(spec.data["services"]) if services else ()
    base = library.load("base", spec.locate(("presets",)))
    common: PresetStack | None = None
    with findings.collecting():
        presets = _presets(spec, ("presets",), spec.data.get("presets", []), library)
        common = PresetStack((base, *(preset for preset in presets if preset is not base)))
    resolved: dict[str, ResolvedService] = {}
    files, folders = frozenset(secret_files(*services.values())), tuple(sorted({*service_folders(services)}))
    pins = _pins(library, findings)
    for name, own in services.items():
        with findings.collecting():
            theirs = _presets(spec, ("services", name, "presets"), own.get("presets", []), library)
            if common is not None:
                source = Source(spec, name, own, common.extended(theirs), repository, files, folders)
                resolved[name] = _service(source, library, pins, findings, detected)
        if name in resolved:
            findings.add(literal_variables(name, resolved[name]))
    if repository is not None:
        paths = {name: one.folder for name, one in resolved.items() if one.folder is not None}
        for name, one in resolved.items():
            with detected.collecting():
                detected.add(wrong_words(repository, name, one, resolved))
                detected.add(missing_dockerfiles(repository, name, one))
        detected.add(shared_folders(repository, paths, lambda name: resolved[name].locate(("path",))))
    project = project_layers(spec, common.documents if common else (base,))
    mistakes = tuple(findings.all)
    findings.add(detected.all)
    return Resolved(
        spec=spec, project=project, services=resolved, names=names, findings=tuple(findings.all), mistakes=mistakes
    )


def _pins(library: Library, findings: Findings) -> Pins:
    """Return what is vendored and pinned; nothing where the lock file cannot be read, which hides no other mistake."""
    with findings.collecting():
        return library.pins
    return Pins(Path(), {})


def _service(source: Source, library: Library, pins: Pins, findings: Findings, detected: Findings) -> ResolvedService:
    """Resolve one service. Raises SpecError if a template cannot be read."""
    stacked = service_layers(source, pins)
    detected.add(stacked.findings)
    findings.add(stacked.unreadable)
    data = source.presets.data
    if any("fragments" in values for values in (source.own, *data)):
        findings.add(unknown(stacked.layers, data))
    return ResolvedService(
        values=stacked.values,
        layers=stacked.layers,
        own=stacked.own,
        name=source.name,
        presets=source.presets.documents,
        overrides=overrides(source.presets.documents, stacked.values.get("runtime"), library),
    )


def _services(spec: Document, findings: Findings) -> dict[str, Values]:
    """Give the services that are mappings."""
    if not isinstance(spec.data.get("networks", {}), dict):
        given = spec.data["networks"]
        names = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
        form = quoted({name: {"internal": False} for name in names or ["edge"]})
        fix = f"name each network, as networks: {form}" if fits(form) else "name each network"
        findings.add([_shape(spec, ("networks",), "networks is not a mapping", fix)])
    services = spec.data.get("services")
    if not isinstance(services, dict) or not services:
        findings.add([_shape(spec, ("services",), "services is not a mapping", _by_name(services))])
        return {}
    findings.add(
        _shape(spec, ("services", name), f"{name} is not a mapping", f"write {quoted({name: _with_kind(own)})[1:-1]}")
        for name, own in services.items()
        if not isinstance(own, dict)
    )
    return {name: own for name, own in services.items() if isinstance(own, dict)}


def _by_name(services: Any) -> str:
    """Return the fix of services that are no mapping: each of a list by its name, with what is said of it."""
    found: dict[str, Any] = {}
    for one in services if isinstance(services, list) else [services]:
        if isinstance(one, dict) and isinstance(one.get("name"), str):
            found[one["name"]] = {"kind": "python"} | {key: value for key, value in one.items() if key != "name"}
        elif isinstance(one, dict) and len(one) == 1:
            found |= {name: own if isinstance(own, dict) else _with_kind(own) for name, own in one.items()}
        elif isinstance(one, str) and one:
            found[one] = _with_kind(None)
    for values in (found, {name: _with_kind(None) for name in found}):
        if found and fits(fix := f"list each service by name, as services: {quoted(values)}"):
            return fix
    return "list each service by name, as services: {api: {kind: python}}"


def _with_kind(own: Any) -> dict[str, Any]:
    return {"kind": own if own in ("python", "node", *BY_RUNTIME, *NOT_BUILT) else "python"}


def _presets(spec: Document, path: KeyPath, names: Any, library: Library) -> list[Document]:
    """Load the presets of a list. Raises SpecError with all that is wrong with them."""
    if not isinstance(names, list):
        raise SpecError(_shape(spec, path, "presets is not a list of names", "write presets: [base]"))
    findings, found = Findings(), list[Document]()
    for index, name in enumerate(names):
        with findings.collecting():
            *extended, named = library.expand(name, InDocument(spec, (*path, index)))
            add_new(found, extended)
            found.append(named)
    findings.refuse()
    return found


def _shape(spec: Document, path: KeyPath, message: str, fix: str) -> Finding:
    return Finding(location=spec.locate(path), message=message, fix=fix, code="spec-malformed")
