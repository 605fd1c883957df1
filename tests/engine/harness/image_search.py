"""Search an image for a text that no layer may contain."""

import gzip
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from .engine import Engine


def image_contains(engine: Engine, image: str, text: str) -> bool:
    """Search a saved image for a text: in the names and contents of files, the configuration and the history."""
    with tempfile.TemporaryDirectory() as scratch:
        saved = Path(scratch) / "image.tar"
        engine.run("save", f"--output={saved}", image)
        with tarfile.open(saved) as archive:
            return any(_contains(content, text.encode()) for content in _contents(archive))


def _contents(archive: tarfile.TarFile) -> Iterator[IO[bytes]]:
    for info in archive:
        if content := archive.extractfile(info) if info.isfile() else None:
            packed = content.read(2) == b"\x1f\x8b"
            content.seek(0)
            yield cast(IO[bytes], gzip.GzipFile(fileobj=content)) if packed else content


def _contains(content: IO[bytes], text: bytes) -> bool:
    rest = b""
    while chunk := content.read(1 << 20):
        if text in rest + chunk:
            return True
        rest = chunk[-len(text) :]
    return False
