"""The whole job in one line of calls: load, resolve, validate, check, render; then compare with the disk.

    services.yaml ---.
    presets/*.yaml --|-- resolve --> a plain mapping -- validate, check --> render --> {path: text}
    the repository --'

Everything that can fail fails before `render`, and nothing here writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator.layers.library import Library
from generator.layers.resolve import Resolved, resolve
from generator.lockfile.pins import ImagePin
from generator.output.compare import Change, changes
from generator.render.cache import Files, remembered
from generator.text.documents import parse, read
from generator.text.errors import Finding, SpecError
from generator.text.files import Repository

if TYPE_CHECKING:
    from generator.model.project import Project


def resolve_spec(root: Path, spec: str, *, text: str | None = None, library: Library | None = None) -> Resolved:
    """The resolved project of the spec file `spec` in the repository `root`, not yet validated.

    `text` stands for what the file says, and `library` for the presets that there are, before either is written.

    Raises:
        SpecError: a file is missing or is not what a merge can read.
    """
    return _resolve(root, spec, text, library)[0]


def _resolve(root: Path, spec: str, text: str | None, library: Library | None) -> tuple[Resolved, dict[str, ImagePin]]:
    """The resolved project, and the digests of the lock file that have been laid into it."""
    fix = "write it (docs/spec.md), scaffold with copier copy, or name it with -f"
    document = read(root / spec, spec, fix=fix) if text is None else parse(text, spec)
    library = library or Library(root)
    resolved = resolve(document, library, Repository(root))
    library.pins.verify()
    pins = library.pins.images
    if pins:
        # Imported here, and in plan: what runs docker is not needed where nothing is pinned.
        from generator.usecases.digests import pin_images

        pin_images(resolved.values, pins)
    return resolved, pins


def load(root: Path, spec: str) -> Resolved:
    """The resolved, valid project of the spec file `spec` in the repository `root`.

    Raises:
        SpecError: the spec or a preset is wrong.
    """
    resolved = resolve_spec(root, spec)
    _check(resolved)
    return resolved


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The files that are missing or stale, and what in the repository deserves a look."""

    changes: list[Change]
    warnings: list[Finding]


def plan(
    root: Path,
    spec: str = "services.yaml",
    *,
    force: bool = False,
    text: str | None = None,
    library: Library | None = None,
    keep_bumps: bool = True,
) -> Plan:
    """What a run would write; with `text` instead of the spec's, and the presets of `library`.

    Digests that an update bot has put into generated files are an error, unless `keep_bumps` is off.

    Raises:
        SpecError: the spec or a preset is wrong, the repository does not fit them, or a file that was written by
            hand is in the way.
    """
    resolved, pins = _resolve(root, spec, text, library)
    files = remembered((resolved.values, resolved.templates), lambda: _render(resolved))
    if resolved.problems:
        raise SpecError(*resolved.problems)
    if keep_bumps and pins:
        from generator.usecases.digests import refuse_bumped

        refuse_bumped(root, resolved.values, files, pins)
    return Plan(changes=changes(root, files, force=force), warnings=[*_policies(resolved, pins), *resolved.warnings])


def _policies(resolved: Resolved, pins: dict[str, ImagePin]) -> list[Finding]:
    """What the policies of the presets only tell. On every run: a waiver ends, and an image ages, without a change."""
    documents = (document for documents in resolved.of_service.values() for document in documents)
    if "waivers" not in resolved.spec.data and not any("policy" in document.data for document in documents):
        return []
    # Imported here: most repositories have no policy.
    from generator.checks.policy import check

    return check(resolved, pins)


def _check(resolved: Resolved) -> Project:
    # Imported here, and in _render: a project that the cache knows needs neither Pydantic nor Jinja.
    from generator.checks import rules
    from generator.checks.validate import validate

    project = validate(resolved)
    rules.check(project, resolved)
    return project


def _render(resolved: Resolved) -> Files:
    from generator.render.tree import render

    return render(_check(resolved), resolved.templates)
