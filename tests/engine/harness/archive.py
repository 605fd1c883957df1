"""Read layers and files from the archives of ``docker image save`` and ``docker container export``."""

import hashlib
import json
import tarfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

# Files that the engine adds to the file system of a container; the image does not have them.
_ENGINE_FILES = frozenset({".dockerenv", "etc/hosts", "etc/hostname", "etc/resolv.conf", "etc/mtab"})


@dataclass(frozen=True)
class Layer:
    """A layer of an image.

    Attributes:
        diff_id: The digest of the uncompressed tar of the layer.
        size: The compressed size of the layer, as pushed and pulled, in bytes.
    """

    diff_id: str
    size: int


def layers_of(archive: tarfile.TarFile, known: Collection[str]) -> list[Layer]:
    """List the layers of a saved image, lowest first, without those that have a known ``diff_id``."""
    manifest = json.load(_member(archive, "manifest.json"))[0]
    config = json.load(_member(archive, manifest["Config"]))
    pairs = zip(config["rootfs"]["diff_ids"], manifest["Layers"], strict=True)
    return [Layer(diff_id, _size(archive, path)) for diff_id, path in pairs if diff_id not in known]


def _member(archive: tarfile.TarFile, path: str) -> IO[bytes]:
    """Open a file of an archive; follow the symbolic links that older engines write."""
    info = archive.getmember(path)
    if info.issym():
        parts: list[str] = []
        for part in (PurePosixPath(path).parent / info.linkname).parts:
            parts = parts[:-1] if part == ".." else [*parts, part]
        return _member(archive, "/".join(parts))
    content = archive.extractfile(info)
    if content is None:
        raise LookupError(f"{path} is not a file of the archive")
    return content


def _size(archive: tarfile.TarFile, path: str) -> int:
    """Return the size of a layer after gzip. Layers from a containerd store are compressed already."""
    with _member(archive, path) as file:
        if file.read(2) == b"\x1f\x8b":
            return file.seek(0, 2)
        file.seek(0)
        compressor, size = zlib.compressobj(wbits=31), 0
        while chunk := file.read(1 << 20):
            size += len(compressor.compress(chunk))
        return size + len(compressor.flush())


def files_of(archive: tarfile.TarFile) -> dict[str, tuple[int, str]]:
    """Map the path of each file in an exported container to mode and SHA-256, as `Engine.files_of_image` does."""
    files: dict[str, tuple[int, str]] = {}
    for info in archive:
        if info.name in _ENGINE_FILES or info.isdir() or info.isdev():
            continue
        if info.issym():
            digest = hashlib.sha256(f"-> {info.linkname}".encode()).hexdigest()
        else:
            content = archive.extractfile(info)  # follows a hard link
            if content is None:
                continue
            digest = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
        files[f"/{info.name}"] = (info.mode & 0o7777, digest)
    return files
