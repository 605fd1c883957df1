"""Projects and archives that Python dependencies name by path, and what the build reads of them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from generator.detect.detected import Piece, Value
from generator.detect.managers.manager import Local
from generator.detect.managers.pyproject import is_package, project_name
from generator.detect.service_folder import Installation, is_file
from generator.text.errors import Finding
from generator.text.files import dig, is_outside, join, mapping, texts

_MANIFEST = "pyproject.toml"
# How the build reads what a project depends on, apart from installing it: it has to, or does so where it can.
REQUIRED, WANTED = "required", "wanted"


def by_path(installation: Installation, local: Local, *, runs: bool, reads: str = "") -> Local:
    """Complete a dependency by what the repository has at its path.

    Args:
        installation: The service.
        local: Where it is named, and by which path.
        runs: Whether the service runs with it, and has it installed; otherwise only development needs it.
        reads: `REQUIRED` or `WANTED`; empty where the lock file has all that it depends on.
    """
    if is_outside(local.path) or is_file(installation.repository, local.path):
        return local  # an archive is unpacked among the other packages
    if local.path == installation.service.path:
        return local._replace(is_itself=True, notes=(_itself(installation, local),))
    data = installation.repository.toml(join(local.path, _MANIFEST))
    if not reads:
        return local._replace(ships=runs)
    notes = tuple(_unread(installation, local, reads))
    base = re.sub(r"[^a-z0-9]+", "-", posixpath.basename(local.path).lower()).strip("-")
    name, has_manifest = local.name or project_name(data) or base, isinstance(dig(data, "project", "name"), str)
    return local._replace(ships=runs, name=name, has_manifest=has_manifest, notes=notes)


def _itself(installation: Installation, local: Local) -> Piece:
    """Give that the project itself is installed, which its requirements ask for; warn where nothing can build it."""
    name, manifest = installation.service.name, installation.service.in_service(_MANIFEST)
    if is_package(installation.repository.toml(manifest) or {}, ()):
        return Value(path=("package",), value=True, place=local.place)
    return Finding(
        location=local.place,
        message=f"{name} is copied to /app as it is, since {manifest} has no [build-system]: no scripts are installed",
        fix=f"add [build-system] and [project] to {manifest}, or remove the line",
        code="project-copied",
        level="warn",
    )


def _unread(installation: Installation, local: Local, reads: str) -> Iterator[Finding]:
    """Report a project whose manifest the build reads, and which has none with static dependencies."""
    manifest = join(local.path, _MANIFEST)
    project = mapping(installation.repository.toml(manifest), "project")
    if isinstance(project.get("name"), str) and "dependencies" not in texts(project, "dynamic"):
        return
    what = f"{local.path} has no {_MANIFEST} with its dependencies"
    if reads == REQUIRED:
        fix = f"give it a {_MANIFEST} with [project], name and dependencies"
        yield Finding(location=local.place, message=what, fix=fix, code="dependency-malformed")
    else:
        message = f"{what}, so that only those of {installation.service.name}'s own requirements are installed"
        fix = f"list them in {local.place.file}, or in [project] of a {manifest}"
        yield Finding(location=local.place, message=message, fix=fix, code="dependency-unread", level="warn")
