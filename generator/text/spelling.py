"""One path in several spellings: in another case or another form of Unicode it is the same on some disks, not on all.

macOS and Windows open `Services/API` for `services/api`, Linux does not. Whoever names a path has to spell it as the
disk does, so that a check on one of them has the result that it has on the others.
"""

from __future__ import annotations

import re
import unicodedata

from generator.text.errors import Finding, Location
from generator.text.files import Repository
from generator.text.quote import quoted


def disk_name(path: str) -> str:
    """Return the same text for paths that are one file on a disk that ignores case, as those of macOS and Windows."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def on_disk(repository: Repository, path: str) -> str:
    """Return the path as the disk spells it, as far as it is there; the rest of the path stays as it is."""
    folder, found = ".", list[str]()
    for part in path.split("/") if path != "." else ():
        names = repository.names(folder)
        known = part in names or f"{part}/" in names
        found.append(part if known else _alike(repository, folder).get(disk_name(part), part))
        folder = "/".join(found)
    return folder


def _difference(said: str, spelled: str) -> str:
    """Say in which way two spellings of a path differ."""
    if unicodedata.normalize("NFC", said) == unicodedata.normalize("NFC", spelled):
        return f"in {_form(spelled)} of Unicode, not in {_form(said)}"
    return "in another case"


def misspelled(what: str, said: str, spelled: str, place: Location, *, key: str = "") -> Finding:
    """Make the finding about the path of `what` that is written at `place`, as the value of `key` or in a list."""
    return Finding(
        location=place,
        message=f"{what} {_shown(said)}, which is on the disk {_shown(spelled)}, {_difference(said, spelled)}",
        fix=f"write {key}{': ' if key else ''}{_shown(spelled)}",
        code="path-misspelled",
    )


def _shown(path: str) -> str:
    """Return a path as YAML; marks that most screens draw like a letter with an accent are escaped."""
    if path == unicodedata.normalize("NFC", path):
        return quoted(path)
    return re.sub(r"[^\x00-\x7f]", _escaped, f'"{path}"')


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    if not unicodedata.combining(found[0]):
        return found[0]
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _form(path: str) -> str:
    if unicodedata.is_normalized("NFC", path):
        return "the form NFC"
    return "the form NFD" if unicodedata.is_normalized("NFD", path) else "a mixed form"


def _alike(repository: Repository, folder: str) -> dict[str, str]:
    """Give the names in a folder by what they are on a disk that ignores case; of several, the first."""
    key = ("alike", folder)
    if key not in repository.remembered:
        names = (name.removesuffix("/") for name in sorted(repository.names(folder), reverse=True))
        repository.remembered[key] = {disk_name(name): name for name in names}
    alike: dict[str, str] = repository.remembered[key]
    return alike
