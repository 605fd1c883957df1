"""gen-dockerfiles.lock: which remote presets are vendored, of which commit and digest; and the digests of images."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from generator.errors import Location, SpecError
from generator.presets.document import Document, read
from generator.presets.source import GitSource, HttpsSource, Source, parse_source

LOCK = "gen-dockerfiles.lock"
FOLDER = ".gen-dockerfiles/presets"
# Enough for a branch that missed some bumps, and few enough to be read.
REPLACED = 5
_HEAD = "# Written by gen-dockerfiles: presets vendored below .gen-dockerfiles, and digests of images. Do not edit.\n"
_AGAIN = "fetch it again with: gen-dockerfiles presets add"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pin:
    """One vendored preset: its file below the repository, the commit it is of (git only), and its digest."""

    file: str
    sha256: str
    commit: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImagePin:
    """The digest of an image's reference.

    Attributes:
        digest: What the generated files name.
        date: The day on which the registry was last asked for it, or on which it was taken from a generated file;
            None where the lock file says no day.
        replaced: The digests before, newest first. A generated file that has one of them is stale and not bumped.
    """

    digest: str
    date: datetime.date | None
    replaced: tuple[str, ...] = ()

    def renewed(self, digest: str, date: datetime.date) -> ImagePin:
        """The pin once its reference has `digest`, maybe the same one, on the day `date`."""
        before = dict.fromkeys((self.digest, *self.replaced))
        before.pop(digest, None)
        return ImagePin(digest=digest, date=date, replaced=tuple(before)[:REPLACED])


class Pins:
    """What a repository has pinned: presets by source, and images by reference."""

    def __init__(self, root: Path, pins: Mapping[str, Pin], images: Mapping[str, ImagePin] | None = None) -> None:
        self.root = root
        self.pins = dict(pins)
        self.images = dict(images or {})

    @classmethod
    def load(cls, root: Path) -> Pins:
        """The pins of the repository `root`; none without a lock file. Raises SpecError for a malformed one."""
        if not (root / LOCK).exists():
            return cls(root, {})
        document = read(root / LOCK, LOCK, fix="restore it", start="restore it from version control")
        entries = document.data.get("presets", {})
        pins: dict[str, Pin] = {}
        for source, entry in entries.items() if isinstance(entries, dict) else ():
            pin = _pin(entry)
            if pin is None:
                place = document.locate(("presets", source))
                raise SpecError.at(place, "is not a pin of a preset", f"restore the file, or {_AGAIN} SOURCE")
            pins[source] = pin
        return cls(root, pins, _images(document))

    def text(self, source: str, asked_at: Location) -> str:
        """The vendored text of a source, checked against its digest.

        Raises:
            SpecError: it is not vendored, was changed, or is not a plain file.
        """
        pin = self.pins.get(source)
        if pin is None:
            raise SpecError.at(asked_at, f"the preset {source} is not vendored", f"{_AGAIN} {source}")
        file = self.root / pin.file
        if file.is_symlink() or not file.resolve().is_relative_to(self.root.resolve()):
            raise SpecError.at(Location(file=pin.file), "is a link, not the vendored preset", f"{_AGAIN} {source}")
        try:
            text = file.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            raise SpecError.at(Location(file=pin.file), "cannot be read", f"{_AGAIN} {source}") from None
        if digest(text) != pin.sha256:
            message = f"was changed after it was vendored: {LOCK} has another digest"
            raise SpecError.at(Location(file=pin.file), message, f"restore it, or {_AGAIN} {source}")
        return text

    def with_presets(self, pins: Mapping[str, Pin]) -> Pins:
        """The pins with these presets instead of those before.

        Raises:
            SpecError: two of them would have one file: a file has one version in a repository.
        """
        files: dict[str, str] = {}
        for name, pin in pins.items():
            if (other := files.setdefault(pin.file, name)) != name:
                one, two = parse_source(name), parse_source(other)
                same = isinstance(one, GitSource) and isinstance(two, GitSource) and one.at(two.ref) == two
                fix = "take them to one version: gen-dockerfiles presets update" if same else "rename one of them"
                raise SpecError.at(Location(file=pin.file), f"would have to be both {other} and {name}", fix)
        return Pins(self.root, pins, self.images)

    def with_images(self, images: Mapping[str, ImagePin]) -> Pins:
        """The pins with these images instead of those before."""
        return Pins(self.root, self.pins, images)

    def dump(self) -> str:
        """The text of the lock file."""
        presets = {source: _told_preset(pin) for source, pin in sorted(self.pins.items())}
        images = {reference: _told_image(pin) for reference, pin in sorted(self.images.items())}
        data = {"version": 1, **({"presets": presets} if presets else {}), **({"images": images} if images else {})}
        return _HEAD + yaml.safe_dump(data, sort_keys=False, width=1000)


def _told_preset(pin: Pin) -> dict[str, str]:
    told = {"file": pin.file, "commit": pin.commit, "sha256": pin.sha256}
    return {key: value for key, value in told.items() if value}


def _told_image(pin: ImagePin) -> dict[str, str | list[str]]:
    date = {"date": pin.date.isoformat()} if pin.date else {}
    return {"digest": pin.digest, **date, **({"replaced": [*pin.replaced]} if pin.replaced else {})}


def _images(document: Document) -> dict[str, ImagePin]:
    entries = document.data.get("images", {})
    return {
        reference: _image(document, reference, entry if isinstance(entry, dict) else {})
        for reference, entry in (entries.items() if isinstance(entries, dict) else ())
    }


def _image(document: Document, reference: str, entry: Mapping[str, Any]) -> ImagePin:
    path, remove = ("images", reference), "remove the entry, and run: gen-dockerfiles lock"
    if not _is_digest(entry.get("digest")):
        raise SpecError.at(document.locate(path), "is not a pin of an image", remove)
    day, replaced = entry.get("date"), entry.get("replaced", [])
    try:
        # str: YAML reads a day without quotes as a date.
        date = datetime.date.fromisoformat(str(day)) if day is not None else None
    except ValueError:
        fix = f"write a day as 2026-12-31, or {remove}"
        raise SpecError.at(document.locate((*path, "date")), f"{day} is not a day", fix) from None
    if not isinstance(replaced, list) or not all(map(_is_digest, replaced)):
        place = document.locate((*path, "replaced"))
        raise SpecError.at(place, "is not a list of digests", "write each as sha256:…, or remove the list")
    return ImagePin(digest=entry["digest"], date=date, replaced=tuple(dict.fromkeys(replaced)))


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"sha256:[0-9a-f]{64}", value) is not None


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def vendored(source: Source) -> str:
    """Where the file of a source is vendored, below the repository: one place a file, whatever its ref."""
    name = f"{source.url}/{source.path}" if isinstance(source, GitSource) else source.url
    words, dot, suffix = re.sub(r"^\w+://(?:[\w.-]+@)?", "", name).rpartition(".")
    if isinstance(source, HttpsSource) and suffix not in ("yaml", "yml"):
        words = f"{words}{dot}{suffix}"  # whatever its address looks like, it is a preset
    suffix = suffix if isinstance(source, GitSource) and suffix != "yml" else "yaml"
    return f"{FOLDER}/{re.sub(r'[^A-Za-z0-9]+', '-', words).strip('-').lower()}.{suffix}"


def _pin(entry: Any) -> Pin | None:
    if not isinstance(entry, dict):
        return None
    file, sha256, commit = entry.get("file"), entry.get("sha256"), entry.get("commit", "")
    if not isinstance(file, str) or not isinstance(sha256, str) or not isinstance(commit, str):
        return None
    if not re.fullmatch(rf"{re.escape(FOLDER)}/[a-z0-9-]+\.\w+", file):
        return None
    return Pin(file=file, sha256=sha256, commit=commit)
