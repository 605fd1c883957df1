"""The order of the steps, from a spec to the changes of the files that it describes.

    services.yaml ---.
    presets/*.yaml --|-- layers -- fold --> models -- check --> render --> compare
    the repository --'

Every step adds to one list of findings, and the run reports all of them at once. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from generator.layers.library import Library
from generator.layers.resolve import Resolved, resolve
from generator.model.artefacts import ARTEFACTS, COMPOSE, in_folder, in_root
from generator.model.names import is_path
from generator.output.compare import Change, changes, in_the_way
from generator.output.foreign_compose import unread_compose
from generator.render.cache import remembered
from generator.render.entries import Files, Kept
from generator.text.documents import parse, read
from generator.text.errors import Finding, Findings, SpecError
from generator.text.files import Repository

if TYPE_CHECKING:
    from generator.model.project import Project


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The files that are missing or stale, the warnings, and notes on what was decided."""

    changes: list[Change]
    warnings: list[Finding]
    notes: list[Finding]


def resolve_spec(root: Path, spec: str, *, text: str | None = None, library: Library | None = None) -> Resolved:
    """Resolve the spec file `spec` of the repository `root`, without checking it against the models.

    `text` replaces the text of the file, and `library` the presets, before either is written.

    Raises:
        SpecError: the spec or a preset cannot be read, or a vendored file was changed.
    """
    library, findings = library or Library(root), Findings()
    resolved = _resolved(root, spec, text, library)
    findings.add(resolved.mistakes)
    with findings.collecting():
        library.pins.verify()
    findings.refuse()
    return resolved


def load(root: Path, spec: str) -> tuple[Resolved, Project]:
    """Resolve and check the spec file `spec` of the repository `root`.

    Raises:
        SpecError: the spec or a preset is wrong.
    """
    checked = Checked(resolve_spec(root, spec))
    checked.refuse()
    return checked.resolved, checked.project


def plan(
    root: Path,
    spec: str = "services.yaml",
    *,
    force: bool = False,
    text: str | None = None,
    library: Library | None = None,
    keep_bumps: bool = True,
) -> Plan:
    """Find what a run would write; with `text` instead of the spec's, and the presets of `library`.

    Digests that an update bot has put into generated files are an error, unless `keep_bumps` is off. Then the age
    of an image is a warning too, whatever its policy says: images are looked up again one at a time.

    Raises:
        SpecError: with everything that is wrong in the spec, its presets and the repository, and with every file in
            the way that was written by hand.
    """
    library = library or Library(root)
    checked = Checked(_resolved(root, spec, text, library))
    resolved, findings = checked.resolved, Findings()
    findings.add(resolved.findings)
    with findings.collecting():
        library.pins.verify()
    files = _files(checked, findings, root)
    with findings.collecting():
        policies = checked.policies(library)
        findings.add(policies if keep_bumps else map(_as_warning_of_age, policies))
        findings.add(_bumps(root, resolved, library) if keep_bumps else ())
    found: list[Change] = []
    with findings.collecting():
        known = files.has if isinstance(files, Kept) else None
        found = changes(root, files, force=force, known=known) if files is not None else []
    findings.add(unread_compose(root, _compose_file(resolved)))
    if files is None:
        findings.add(in_the_way(root, generated(resolved), force=force))
    findings.refuse()
    return Plan(changes=found, warnings=findings.warnings, notes=findings.notes)


def generated(resolved: Resolved) -> Iterator[str]:
    """Yield the path of every file that the project generates, as far as its services are known."""
    switches = {key for key, value in resolved.project.values.items() if value not in (None, False)}
    yield from in_root(switches, _compose_file(resolved))
    for artefact in (one for one in ARTEFACTS if one.of_service):
        for one in resolved.services.values():
            if one.has(artefact):
                yield in_folder(one.values["path"], artefact.named(one.dockerfile))


def _compose_file(resolved: Resolved) -> str:
    """Give the name of the Compose file as the spec has it, which its model may still refuse."""
    name = resolved.project.values.get("compose_file", COMPOSE.name)
    return name if isinstance(name, str) and is_path(name) else COMPOSE.name


class Checked:
    """A resolved project that is checked against its models when the result is first needed.

    A project in the cache was valid before. If it has no policy either, Pydantic is not loaded.
    """

    def __init__(self, resolved: Resolved, *, for_author: bool = False) -> None:
        """Without `for_author`, who wrote a preset, clashes are told at the line of the spec that chose the value."""
        self.resolved = resolved
        self._for_author = for_author

    @cached_property
    def _validated(self) -> tuple[Project, list[Finding]]:
        from generator.checks import rules  # noqa: PLC0415  # Pydantic takes 90 ms to load
        from generator.checks.validate import validate  # noqa: PLC0415  # the same

        project, wrong = validate(self.resolved)
        if self._for_author:
            project = replace(project, chosen=project.locate)
        return project, [*wrong, *rules.broken_rules(project)]

    @property
    def project(self) -> Project:
        """The services that fit their models."""
        return self._validated[0]

    def refuse(self) -> None:
        """Raise SpecError with all that models and rules find wrong."""
        if findings := self._validated[1]:
            raise SpecError(*sorted(set(findings)))

    def policies(self, library: Library) -> list[Finding]:
        """Apply the policies of the presets. This happens on every run: waivers end and images age without a change."""
        if not self.resolved.has_policy:
            return []
        from generator.checks import policy  # noqa: PLC0415  # Pydantic: 90 ms, and most repositories have no policy

        return policy.broken_policies(self.resolved, self.project, library.pins.images)

    def render(self) -> Files:
        """Render every file of the project. Raises SpecError with all that is wrong with it."""
        from generator.render.tree import render  # noqa: PLC0415  # Jinja takes 60 ms to load

        self.refuse()
        return render(self.project, self.resolved.overrides)


def _files(checked: Checked, findings: Findings, root: Path) -> Files | None:
    """The text of every file; None where the project is not valid, which adds to the findings."""
    with findings.collecting():
        if checked.resolved.complete:
            return remembered(checked.resolved.content, checked.render, root)
        checked.refuse()
    return None


def _as_warning_of_age(finding: Finding) -> Finding:
    return replace(finding, level="warn") if finding.code == "max-image-age" else finding


def _bumps(root: Path, resolved: Resolved, library: Library) -> Iterable[Finding]:
    if not library.pins.images:
        return ()
    from generator.checks import bumps  # noqa: PLC0415  # 2 ms, which a project without pinned images saves

    return bumps.unknown_bumps(root, resolved, generated(resolved), library.pins)


def _resolved(root: Path, spec: str, text: str | None, library: Library) -> Resolved:
    fix = "write it (docs/spec.md), scaffold with copier copy, or name it with -f"
    document = read(root / spec, spec, fix=fix) if text is None else parse(text, spec)
    return resolve(document, library, Repository(root))
