"""gen-dockerfiles.lock: the vendored remote presets with commit and digest, and the digests of images."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from generator.lockfile.entries import (
    RESTORE,
    VERSION,
    image_entry,
    preset_entry,
    read_image,
    read_preset,
    refuse_other_form,
)
from generator.lockfile.pin import FETCH_AGAIN, LOCK, ImagePin, Pin, vendored_path
from generator.sources.source import Source, parse_source
from generator.text.digest import digest
from generator.text.documents import MAX_BYTES, Document, read
from generator.text.errors import EXIT_STALE, Findings, Location, SpecError
from generator.text.reading import read_bytes

if TYPE_CHECKING:
    from generator.sources.fetch import Fetched

_HEAD = "# Written by gen-dockerfiles: presets vendored below .gen-dockerfiles, and digests of images. Do not edit.\n"


class PinsDiffer(SpecError):
    """What is pinned is not what its origin has. As with a stale file, the spec need not be wrong."""

    exit_code = EXIT_STALE


class Pins:
    """The pins of a repository: vendored files by source, and images by reference."""

    def __init__(
        self,
        root: Path,
        pins: Mapping[str, Pin],
        images: Mapping[str, ImagePin] | None = None,
        texts: Mapping[str, str] | None = None,
        document: Document | None = None,
    ) -> None:
        """Keep the pins.

        Args:
            root: The repository.
            pins: The vendored files, by source.
            images: The pinned images, by reference.
            texts: Texts by source: of files about to be vendored, and of files already compared with their digest.
            document: The lock file, where it has been read from the disk.
        """
        self.root = root
        self.pins = dict(pins)
        self.images = dict(images or {})
        self.texts = dict(texts or {})
        self._document = document

    @classmethod
    def load(cls, root: Path) -> Pins:
        """Read the lock file of the repository `root`. Without a lock file there are no pins.

        Raises:
            SpecError: the lock file is malformed, of another version, or a link; or entries contradict themselves.
        """
        if (root / LOCK).is_symlink():
            fix = "replace it by the file itself, from version control"
            raise SpecError.at(Location(file=LOCK), "is a link, not the lock file", fix, code="file-is-link")
        if not (root / LOCK).exists():
            return cls(root, {})
        document = read(root / LOCK, LOCK, fix="restore it", start=RESTORE)
        refuse_other_form(document)
        findings, pins, images = Findings(), dict[str, Pin](), dict[str, ImagePin]()
        for source, entry in document.data.get("presets", {}).items():
            with findings.collecting():
                pins[source] = read_preset(document, source, entry)
        for reference, entry in document.data.get("images", {}).items():
            with findings.collecting():
                images[reference] = read_image(document, reference, entry if isinstance(entry, dict) else {})
        findings.refuse()
        return cls(root, pins, images, document=document)

    def locate_image(self, reference: str) -> Location:
        """Give the place of an image's pin in the lock file."""
        return self._document.locate(("images", reference)) if self._document else Location(file=LOCK)

    def text(self, source: str, asked_at: Location, *, by: str = "") -> str:
        """Return the vendored text of a source, compared with its digest.

        `by` is the preset that the file was fetched with; empty for a preset that was added directly.

        Raises:
            SpecError: it is not vendored, was changed, or is not a regular file.
        """
        if source in self.texts:
            return self.texts[source]
        # A template cannot be added by itself, only with its preset.
        preset = by or (source if parse_source(source) is not None else "SOURCE, its preset")
        pin, again = self.pins.get(source), f"{FETCH_AGAIN} {preset}"
        if pin is None:
            message = f"the {'file' if by else 'preset'} {source} is not vendored"
            raise SpecError.at(asked_at, message, again, code="preset-not-vendored")
        text = self._read(pin, again)
        if digest(text) != pin.sha256:
            message = f"was changed after it was vendored: {LOCK} has another digest"
            raise SpecError.at(Location(file=pin.file), message, f"restore it, or {again}", code="vendored-changed")
        self.texts[source] = text
        return text

    def _read(self, pin: Pin, again: str) -> str:
        """Read a vendored file. Raises SpecError with the fix `again` if it is not a regular file."""
        file = self.root / pin.file
        if file.resolve() != self.root.resolve() / pin.file:
            raise SpecError.at(
                Location(file=pin.file), "is a link, or behind one, not the vendored file", again, code="file-is-link"
            )
        try:
            return read_bytes(file, pin.file, limit=MAX_BYTES).decode("utf-8")
        except (OSError, UnicodeDecodeError):
            raise SpecError.at(Location(file=pin.file), "cannot be read", again, code="file-unreadable") from None

    def verify(self) -> None:
        """Compare every vendored file with its digest, used or not. Raises SpecError as `text` does."""
        for source in self.pins:
            self.text(source, Location(file=LOCK))

    def with_fetched(self, fetched: Mapping[Source, Fetched]) -> Pins:
        """Return the pins with those of the fetched files added or replaced, and the fetched texts."""
        result = self.without(map(str, fetched))
        for source, one in fetched.items():
            file = vendored_path(source)
            if any(pin.file == file and pin.sha256 != one.sha256 for pin in result.pins.values()):
                # Another ref of the same file, or a source that differs only in characters that file names leave out.
                stem, suffix = posixpath.splitext(file)
                file = f"{stem}-{digest(str(source))[:8]}{suffix}"
            result.pins[str(source)] = Pin(file=file, sha256=one.sha256, commit=one.commit)
            result.texts[str(source)] = one.text
        return result

    def without(self, sources: Iterable[str]) -> Pins:
        """Return the pins without those of `sources`."""
        removed = set(sources)
        return Pins(
            self.root,
            {name: pin for name, pin in self.pins.items() if name not in removed},
            self.images,
            {name: text for name, text in self.texts.items() if name not in removed},
        )

    def with_images(self, images: Mapping[str, ImagePin]) -> Pins:
        """Return the pins with `images` instead of the present ones."""
        return Pins(self.root, self.pins, images, self.texts)

    def dump(self) -> str:
        """Return the text of the lock file."""
        presets = {source: preset_entry(pin) for source, pin in sorted(self.pins.items())}
        images = {reference: image_entry(pin) for reference, pin in sorted(self.images.items())}
        data = {
            "version": VERSION,
            **({"presets": presets} if presets else {}),
            **({"images": images} if images else {}),
        }
        return _HEAD + yaml.safe_dump(data, sort_keys=False, width=1000)
