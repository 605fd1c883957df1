"""gen-dockerfiles.lock: the vendored remote presets with commit and digest, and the digests of images."""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from generator.sources.source import GitSource, HttpsSource, Source, parse_file, parse_source
from generator.text.digest import digest, is_image_digest
from generator.text.documents import MAX_BYTES, Document, read
from generator.text.errors import Findings, Location, SpecError
from generator.text.masking import has_credentials
from generator.text.reading import read_bytes

if TYPE_CHECKING:
    from generator.sources.fetch import Fetched

LOCK = "gen-dockerfiles.lock"
FOLDER = ".gen-dockerfiles/presets"
# Enough for a branch that is some updates behind, and few enough to review.
REPLACED = 5
VERSION = 1
_KEYS = ("version", "presets", "images")
_HEAD = "# Written by gen-dockerfiles: presets vendored below .gen-dockerfiles, and digests of images. Do not edit.\n"
_RESTORE = "restore it from version control"
_FETCH_AGAIN = "fetch it again with: gen-dockerfiles presets add"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pin:
    """One vendored file: its path in the repository, its digest, and its commit if it is from git."""

    file: str
    sha256: str
    commit: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImagePin:
    """The pinned digest of an image reference.

    Attributes:
        digest: The digest in the generated files.
        date: The day on which it was last looked up at the registry, or confirmed by it where a generated file had it;
            None if the lock file has no date.
        replaced: The earlier digests, newest first. A generated file with one of them is stale, not updated by a bot.
    """

    digest: str
    date: datetime.date | None
    replaced: tuple[str, ...] = ()

    def renewed(self, digest: str, date: datetime.date) -> ImagePin:
        """Return the pin with `digest`, which may be unchanged, looked up on the day `date`."""
        before = dict.fromkeys((self.digest, *self.replaced))
        before.pop(digest, None)
        return ImagePin(digest=digest, date=date, replaced=tuple(before)[:REPLACED])


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
        document = read(root / LOCK, LOCK, fix="restore it", start=_RESTORE)
        _refuse_other_form(document)
        findings, pins, images = Findings(), dict[str, Pin](), dict[str, ImagePin]()
        for source, entry in document.data.get("presets", {}).items():
            with findings.collecting():
                pins[source] = _preset(document, source, entry)
        for reference, entry in document.data.get("images", {}).items():
            with findings.collecting():
                images[reference] = _image(document, reference, entry if isinstance(entry, dict) else {})
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
        pin, again = self.pins.get(source), f"{_FETCH_AGAIN} {preset}"
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
        presets = {source: _preset_entry(pin) for source, pin in sorted(self.pins.items())}
        images = {reference: _image_entry(pin) for reference, pin in sorted(self.images.items())}
        data = {
            "version": VERSION,
            **({"presets": presets} if presets else {}),
            **({"images": images} if images else {}),
        }
        return _HEAD + yaml.safe_dump(data, sort_keys=False, width=1000)


def _refuse_other_form(document: Document) -> None:
    """Raise SpecError unless the lock file has the version, the sections and the forms that this version writes."""
    data = document.data
    if data.get("version") != VERSION or isinstance(data.get("version"), bool):
        found = f"has the version {data['version']!r}" if "version" in data else "has no version"
        message = f"{found}, and this gen-dockerfiles reads {VERSION}"
        fix = f"use the gen-dockerfiles that has written it, or {_RESTORE}"
        raise SpecError.at(document.locate(("version",)), message, fix, code="lockfile-version")
    for key, value in data.items():
        if key not in _KEYS:
            message = f"{key!r} is not a section of it"
        elif key != "version" and not isinstance(value, dict):
            message = f"{key} is not a mapping"
        else:
            continue
        raise SpecError.at(document.locate((key,)), message, _RESTORE, code="lockfile-malformed")


def _contradiction(name: str, pin: Pin) -> str:
    """Return what cannot be true of the pin of the source `name`; empty if there is nothing.

    Only the repository of the preset can tell whether a commit and a digest that can be true are.
    """
    source = parse_file(name)
    if has_credentials(name):
        return "has a password or a token in its name, which a lock file must not keep"
    if source is None:
        return "is not the source of a preset"
    stem, suffix = posixpath.splitext(vendored_path(source))
    if pin.file not in (f"{stem}{suffix}", f"{stem}-{digest(name)[:8]}{suffix}"):
        return f"is pinned as {pin.file}, and its file is {stem}{suffix}"
    if isinstance(source, HttpsSource):
        if pin.commit:
            return "has a commit, and is not from git"
        return f"is pinned with the digest {pin.sha256}, not the one in its name" if pin.sha256 != source.sha256 else ""
    if not _is_commit(pin.commit):
        return "has no commit, and is from git" if not pin.commit else f"has a commit that is none: {pin.commit}"
    if _is_commit(source.ref) and source.ref != pin.commit:
        return f"is pinned at the commit {pin.commit}, not the one in its name"
    return ""


def _preset_entry(pin: Pin) -> dict[str, str]:
    entry = {"file": pin.file, "commit": pin.commit, "sha256": pin.sha256}
    return {key: value for key, value in entry.items() if value}


def _image_entry(pin: ImagePin) -> dict[str, str | list[str]]:
    date = {"date": pin.date.isoformat()} if pin.date else {}
    return {"digest": pin.digest, **date, **({"replaced": [*pin.replaced]} if pin.replaced else {})}


def _preset(document: Document, source: str, entry: Any) -> Pin:
    pin = _pin(entry)
    wrong = "is not a pin of a preset" if pin is None else _contradiction(source, pin)
    if pin is None or wrong:
        fix = f"restore the file, or remove the entry and {_FETCH_AGAIN} SOURCE"
        raise SpecError.at(document.locate(("presets", source)), wrong, fix, code="lockfile-malformed")
    return pin


def _image(document: Document, reference: str, entry: Mapping[str, Any]) -> ImagePin:
    path, remove = ("images", reference), "remove the entry, and run: gen-dockerfiles lock"
    if not is_image_digest(entry.get("digest")):
        raise SpecError.at(document.locate(path), "is not a pin of an image", remove, code="lockfile-malformed")
    day, replaced = entry.get("date"), entry.get("replaced", [])
    try:
        # str: YAML reads a day without quotes as a date.
        date = datetime.date.fromisoformat(str(day)) if day is not None else None
    except ValueError:
        fix = f"write a day as 2026-12-31, or {remove}"
        place = document.locate((*path, "date"))
        raise SpecError.at(place, f"{day} is not a day", fix, code="lockfile-malformed") from None
    if not isinstance(replaced, list) or not all(map(is_image_digest, replaced)):
        place, fix = document.locate((*path, "replaced")), "write each as sha256:…, or remove the list"
        raise SpecError.at(place, "is not a list of digests", fix, code="lockfile-malformed")
    return ImagePin(digest=entry["digest"], date=date, replaced=tuple(dict.fromkeys(replaced)))


def _is_commit(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", text) is not None


def vendored_path(source: Source) -> str:
    """Return the path of a source's vendored file in the repository. It does not depend on the ref.

    The file keeps its suffix, which says what kind of file it is.
    """
    if isinstance(source, GitSource):
        stem, suffix = posixpath.splitext(f"{source.url}/{source.path}")
    else:
        # An address may end in anything; the file behind it is always a preset.
        stem, suffix = re.sub(r"\.ya?ml$", "", source.url), ".yaml"
    words = re.sub(r"^\w+://(?:[\w.-]+@)?", "", stem)
    return f"{FOLDER}/{re.sub(r'[^A-Za-z0-9]+', '-', words).strip('-').lower()}{suffix}"


def _pin(entry: Any) -> Pin | None:
    if not isinstance(entry, dict):
        return None
    file, sha256, commit = entry.get("file"), entry.get("sha256"), entry.get("commit", "")
    if not isinstance(file, str) or not isinstance(sha256, str) or not isinstance(commit, str):
        return None
    if not entry.keys() <= {"file", "sha256", "commit"} or not re.fullmatch(r"[0-9a-f]{64}", sha256):
        return None
    if not re.fullmatch(rf"{re.escape(FOLDER)}/[a-z0-9-]+(\.[a-z0-9]+)?", file):
        return None
    return Pin(file=file, sha256=sha256, commit=commit)
