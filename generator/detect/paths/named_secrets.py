"""Files that the service itself has the builder sent, although they look like secrets or are the files of some."""

from __future__ import annotations

from collections.abc import Iterator

from generator.detect.detected import Piece
from generator.detect.paths.named_paths import NamedPath, named_paths
from generator.detect.service_folder import Installation
from generator.model.confidential import looks_secret
from generator.text.errors import Finding


def detect_named_secrets(installation: Installation) -> Iterator[Piece]:
    """Warn of each: the ignore file allows what an instruction reads by its name."""
    service = installation.service
    for one in _read_by_name(installation):
        # Settings files are read, and checked for tokens.
        folder, _, name = one.path.rpartition("/")
        said = f"{one.said}/" if f"{name}/" in installation.repository.names(folder or ".") else one.said
        looks = one.keys[:2] != ("install", "config") and looks_secret(said)
        path, is_file_of_one = one.path, one.path in service.secret_files
        if looks or is_file_of_one:
            what = "is the file of a secret" if is_file_of_one else "looks like a secret"
            yield Finding(
                location=service.locate(*one.keys),
                message=f"{service.name} sends {path} to the builder, which {what}",
                fix="do not name it there, and mount it under secrets; if everybody may read it, nothing is wrong",
                code="secret-sent",
                level="warn",
            )


def _read_by_name(installation: Installation) -> Iterator[NamedPath]:
    """Yield the paths that instructions read because the service or a preset names them."""
    service = installation.service
    # Detection itself takes no secret as a source, and a preset cannot know the sources of a service.
    values = {**service.merged, "sources": service.own.get("sources")}
    root = installation.context
    for one in named_paths(values, service.path, root, installation.lock_folder):
        if one.keys[0] in ("sources", "extra_sources", "ssh", "install", "steps"):
            yield one
