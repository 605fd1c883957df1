"""What a run says of the files in a service's folder: what is left out, and what should not ship as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.detect.detected import Piece
from generator.detect.paths.folder_entries import FolderEntries, in_context
from generator.detect.service_folder import Installation, ServiceFolder
from generator.model.names import dockerfile_name
from generator.text.errors import Finding, Location
from generator.text.files import texts
from generator.text.quote import quoted
from generator.text.tracked import size_below

CODE = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx")
"""How the names of files with code end."""

_SHOWN = 12
"""Entries of a list in a message."""
_LARGE = 50_000_000
"""Bytes in a folder, as of a data set or a model, that somebody may not want in an image."""
_LARGE_FILES = 5_000
"""Files of a folder that are counted at most: every run does."""


def told(installation: Installation, found: FolderEntries, sources: Iterable[str]) -> Iterator[Piece]:
    """Yield what a reader has to know of `found`, where `sources` are copied."""
    service, shipped = installation.service, {*sources}
    named = {path.partition("/")[0] for path in texts(service.merged, "extra_sources")} | shipped
    yield from _left_out(service, found, named)
    if found.unnameable:
        yield Finding(
            location=service.locate("path"),
            message=f"{service.name} leaves out what no instruction can name: {listed(found.unnameable)}",
            fix="rename what the image needs, without blanks and other special characters",
            code="source-unnameable",
            level="warn",
        )
    yield from _unread_ignore_file(installation)
    for name in found.application:
        if name.removesuffix("/") in shipped:
            yield from _untracked(service, found, name)
            yield from _large(installation, name)


def _left_out(service: ServiceFolder, found: FolderEntries, named: set[str]) -> Iterator[Finding]:
    """Tell of what is for development, and of what looks like a secret, but for the entries that are `named`."""
    if left := [name for name in found.left_out if name.removesuffix("/") not in named]:
        first = next((name for name in left if name.endswith("/")), left[0]).removesuffix("/")
        yield Finding(
            location=service.locate("path"),
            message=f"{service.name} leaves out what is for development: {listed(left)}",
            fix=f"name what the image needs, as extra_sources: [{first}]",
            code="sources-left-out",
            level="note",
        )
    if secret := [name for name in found.secret if name not in named]:
        yield Finding(
            location=service.locate("path"),
            message=f"{service.name} leaves out what looks like a secret: {listed(secret)}",
            fix=f"if everybody who has the image may read it, name it, as extra_sources: [{secret[0]}]",
            code="secrets-left-out",
            level="note",
        )


def _unread_ignore_file(installation: Installation) -> Iterator[Finding]:
    """Tell of a `.dockerignore`: the builder prefers the file that has the name of the Dockerfile."""
    if installation.has_beside_lock(".dockerignore"):
        name, path = installation.service.name, installation.beside_lock(".dockerignore")
        read = f"{dockerfile_name(installation.service.merged.get('dockerfile'))}.dockerignore"
        yield Finding(
            location=Location(file=path),
            message=f"the build of {name} reads {read}, and not {path}",
            fix="name what has to stay out of the image under ignore",
            code="ignore-file-unread",
            level="note",
        )


def _untracked(service: ServiceFolder, found: FolderEntries, name: str) -> Iterator[Finding]:
    """Warn of an entry that git does not have: the instruction that copies it fails in another checkout."""
    path = service.in_service(name)
    if name in found.new:
        yield Finding(
            location=Location(file=path.removesuffix("/")),
            message=f"{service.name} copies {path}, which git does not have, so that the build fails elsewhere",
            fix=f"git add {path}, or name it in .gitignore",
            code="source-untracked",
            level="warn",
        )


def _large(installation: Installation, name: str) -> Iterator[Finding]:
    """Warn of a folder without code that makes the image large."""
    service = installation.service
    path = service.in_service(name.removesuffix("/"))
    if not name.endswith("/") or name == "src/" or any(one.endswith(CODE) for one in service.repository.names(path)):
        return
    if (size := size_below(service.repository, path, _LARGE_FILES)) > _LARGE:
        ignored = quoted({"ignore": [*texts(service.merged, "ignore"), in_context(installation, path)]})[1:-1]
        yield Finding(
            location=Location(file=path),
            message=f"{service.name} ships {path}, which has {size // 1_000_000} MB",
            fix=f"nothing, if the image needs it; or leave it out with {ignored}",
            code="source-large",
            level="warn",
        )


def listed(names: list[str]) -> str:
    """Join names for a message, and count those that are too many for it."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
