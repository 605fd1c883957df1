"""Entries of the lock file: read from the file, refused where they cannot be true, and given as they are written."""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Mapping
from typing import Any

from generator.lockfile.pin import FETCH_AGAIN, FOLDER, ImagePin, Pin, vendored_path
from generator.sources.source import HttpsSource, parse_file
from generator.text.digest import digest, is_image_digest
from generator.text.documents import Document
from generator.text.errors import SpecError
from generator.text.masking import has_credentials

VERSION = 1
RESTORE = "restore it from version control"
_KEYS = ("version", "presets", "images")


def refuse_other_form(document: Document) -> None:
    """Raise SpecError unless the lock file has the version, the sections and the forms that this version writes."""
    data = document.data
    if data.get("version") != VERSION or isinstance(data.get("version"), bool):
        found = f"has the version {data['version']!r}" if "version" in data else "has no version"
        message = f"{found}, and this gen-dockerfiles reads {VERSION}"
        fix = f"use the gen-dockerfiles that has written it, or {RESTORE}"
        raise SpecError.at(document.locate(("version",)), message, fix, code="lockfile-version")
    for key, value in data.items():
        if key not in _KEYS:
            message = f"{key!r} is not a section of it"
        elif key != "version" and not isinstance(value, dict):
            message = f"{key} is not a mapping"
        else:
            continue
        raise SpecError.at(document.locate((key,)), message, RESTORE, code="lockfile-malformed")


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


def preset_entry(pin: Pin) -> dict[str, str]:
    """Return the entry of a vendored file, without what is empty."""
    entry = {"file": pin.file, "commit": pin.commit, "sha256": pin.sha256}
    return {key: value for key, value in entry.items() if value}


def image_entry(pin: ImagePin) -> dict[str, str | list[str]]:
    """Return the entry of an image, without what is empty."""
    date = {"date": pin.date.isoformat()} if pin.date else {}
    return {"digest": pin.digest, **date, **({"replaced": [*pin.replaced]} if pin.replaced else {})}


def read_preset(document: Document, source: str, entry: Any) -> Pin:
    """Return the pin of a vendored file from its entry in the lock file `document`.

    Raises:
        SpecError: the entry is malformed, or contradicts the name of its source.
    """
    pin = _pin(entry)
    wrong = "is not a pin of a preset" if pin is None else _contradiction(source, pin)
    if pin is None or wrong:
        fix = f"restore the file, or remove the entry and {FETCH_AGAIN} SOURCE"
        raise SpecError.at(document.locate(("presets", source)), wrong, fix, code="lockfile-malformed")
    return pin


def read_image(document: Document, reference: str, entry: Mapping[str, Any]) -> ImagePin:
    """Return the pin of an image from its entry in the lock file `document`.

    Raises:
        SpecError: the entry has no digest, or something else in it is malformed.
    """
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
