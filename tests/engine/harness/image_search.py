"""Search streams, archives and images for texts that none may contain."""

import gzip
import re
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from .engine import Engine

LONGEST_MATCH = 1024  # in bytes: what two neighbouring blocks of a stream are searched for together


def image_contains(engine: Engine, image: str, text: str) -> bool:
    """Search a saved image for a text: in the names and contents of files, the configuration and the history."""
    return bool(matches_in_images(engine, [image], re.compile(re.escape(text.encode()))))


def matches_in_images(engine: Engine, images: list[str], pattern: re.Pattern[bytes]) -> set[str]:
    """Return what a pattern matches in saved images: in all layers, so in deleted files too, and in the metadata.

    Layers that images have in common are saved and searched once. Each layer is an archive without compression, or
    one with gzip; a match is at most LONGEST_MATCH bytes long.
    """
    with tempfile.TemporaryDirectory() as scratch:
        saved = Path(scratch) / "images.tar"
        engine.run("save", f"--output={saved}", *images)
        with tarfile.open(saved) as archive:
            return {match for content in _contents(archive) for match in matches_in(content, pattern)}


def matches_in(content: IO[bytes], pattern: re.Pattern[bytes]) -> Iterator[str]:
    """Yield what a pattern matches in a stream, block by block; a match on a border is found as well."""
    rest = b""
    while chunk := content.read(1 << 20):
        yield from (match.decode() for match in pattern.findall(rest + chunk))
        rest = chunk[-LONGEST_MATCH:]


def _contents(archive: tarfile.TarFile) -> Iterator[IO[bytes]]:
    for info in archive:
        if content := archive.extractfile(info) if info.isfile() else None:
            packed = content.read(2) == b"\x1f\x8b"
            content.seek(0)
            yield cast(IO[bytes], gzip.GzipFile(fileobj=content)) if packed else content
