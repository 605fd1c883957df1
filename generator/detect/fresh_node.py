"""Direct dependencies of a Node project that its lock file does not have."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from generator.detect.subject import Subject
from generator.text.documents import parse
from generator.text.files import dig, join, mapping

Missing = Iterator[tuple[str, str, str]]

_SECTIONS = ("dependencies", "devDependencies", "optionalDependencies")


def _wanted(subject: Subject) -> Iterator[tuple[str, str, str, str]]:
    """The manifest, its folder in the workspace, and each dependency with its range."""
    folders = [(subject.path, dig(subject.found.values, "workspace", "member", "path") or "")]
    for package in dig(subject.found.values, "workspace", "packages") or []:
        folders.append((join(subject.root, package["path"]), package["path"]))
    for folder, importer in folders:
        manifest = join(folder, "package.json")
        data = subject.repository.json(manifest) or {}
        for section in _SECTIONS:
            for name, wanted in mapping(data, section).items():
                if isinstance(wanted, str):
                    yield manifest, importer, name, wanted


def _replaced(subject: Subject) -> bool:
    """Whether overrides may have put other ranges into the lock file than the manifests have."""
    manifest = subject.repository.json(subject.above("package.json")) or {}
    workspace = subject.repository.yaml(subject.above("pnpm-workspace.yaml")) or {}
    return any(
        dig(data, *keys)
        for data, keys in (
            (manifest, ("overrides",)),
            (manifest, ("resolutions",)),
            (manifest, ("pnpm", "overrides")),
            (workspace, ("overrides",)),
        )
    )


def _by_importer(subject: Subject, importers: dict[str, Any]) -> Missing:
    """Compare with a lock file that repeats the ranges of each manifest; one without a manifest is another format."""
    ranges: dict[str, dict[str, Any]] = {}
    for manifest, importer, name, wanted in _wanted(subject):
        if importer not in ranges:
            ranges[importer] = _merged(importers.get(importer))
        if importer in importers and ranges[importer].get(name) != wanted:
            yield manifest, name, wanted


def _in_package_lock(subject: Subject, lock: str) -> Missing:
    yield from _by_importer(subject, mapping(subject.repository.json(lock), "packages"))


def _in_pnpm_lock(subject: Subject, lock: str) -> Missing:
    if _replaced(subject):
        return
    # The packages below are the long part, and repeat no range of a manifest.
    head = (subject.repository.text(lock) or "").partition("\npackages:")[0]
    importers = mapping(parse(head, lock).data if head.strip() else {}, "importers")
    known = {
        "" if path == "." else path: {
            "dependencies": {name: dig(item, "specifier") for name, item in _merged(entry).items()}
        }
        for path, entry in importers.items()
    }
    yield from _by_importer(subject, known)


def _in_bun_lock(subject: Subject, lock: str) -> Missing:
    text = subject.repository.text(lock) or ""
    found = re.search(r'^  "workspaces": (\{.*?^  \}),?$', text, re.MULTILINE | re.DOTALL)
    if found:
        workspaces = json.loads(re.sub(r",(\s*[}\]])", r"\1", found[1]))  # bun writes commas before closing brackets
        yield from _by_importer(subject, workspaces)


def _in_yarn_lock(subject: Subject, lock: str) -> Missing:
    if _replaced(subject):
        return
    text = subject.repository.text(lock) or ""
    # Yarn 1 has no entry for a package of the workspace, whatever range names it.
    packages = dig(subject.found.values, "workspace", "packages") or []
    members = {package["name"] for package in packages} if subject.manager == "yarn-classic" else set()
    for manifest, _, name, wanted in _wanted(subject):
        local = name in members or wanted.startswith(("workspace:", "link:", "file:", "portal:", "patch:", "catalog:"))
        if not local and not any(f"{name}@{protocol}{wanted}" in text for protocol in ("", "npm:", "workspace:")):
            yield manifest, name, wanted


def _merged(entry: Any) -> dict[str, Any]:
    return {name: value for section in _SECTIONS for name, value in mapping(entry, section).items()}


MISSING_NODE: dict[str, Callable[[Subject, str], Missing]] = {
    "npm": _in_package_lock,
    "pnpm": _in_pnpm_lock,
    "yarn": _in_yarn_lock,
    "yarn-classic": _in_yarn_lock,
    "bun": _in_bun_lock,
}
