"""A change whose new text and old file are beside the file, so that it takes one rename to make it or to undo it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from generator.model.artefacts import PREFIX

_MODE = 0o644
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Staged:
    """A change, and the names beside its file.

    They are beside it, not in a folder of their own: a rename stays in one file system, and a folder that cannot be
    written to is found before the first file is replaced.

    Attributes:
        path: The file.
        name: Its name in messages.
        new: The file with the new text; unused if the file is removed.
        old: The second name of the old file; there is none if there was no file.
        removes: Whether the file is removed.
    """

    path: Path
    name: str
    new: Path
    old: Path
    removes: bool

    @classmethod
    def of(cls, root: Path, path: str, *, token: str, index: int, removes: bool) -> Staged:
        """Give the names for the change `index` of the run `token`: the journal need not keep them."""
        file = root / path
        new, old = (file.parent / f"{PREFIX}{token}.{index}.{what}" for what in ("new", "old"))
        return cls(path=file, name=path, new=new, old=old, removes=removes)

    def stage(self, text: str) -> None:
        """Write the new text beside the file, and give the old file a second name. Raises OSError."""
        with os.fdopen(os.open(self.new, _NEW_FILE, 0o600), "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        exists = self.path.exists()
        self.new.chmod(self.path.stat().st_mode & 0o7777 if exists else _MODE)
        if exists:
            try:
                self.old.hardlink_to(self.path)
            except OSError:  # some file systems have no hard links
                shutil.copy2(self.path, self.old)
                sync(self.old)

    def apply(self) -> None:
        """Replace or remove the file. Raises OSError."""
        if self.removes:
            self.path.unlink(missing_ok=True)
        else:
            self.new.replace(self.path)

    def undo(self) -> None:
        """Put the file back as it was. Raises OSError."""
        if self.old.exists():
            if not (self.path.exists() and self.path.samefile(self.old)):
                self.old.replace(self.path)
        else:
            self.path.unlink(missing_ok=True)

    def where(self) -> str:
        """Name the file, and the second name of what it was."""
        return f"{self.name} (it was as {self.old.name}, beside it)" if self.old.exists() else self.name


def sync(file: Path) -> None:
    """Wait until the disk has the content of a file, which a rename alone does not make sure of. Raises OSError."""
    # Windows syncs only what is open for writing; elsewhere, a file that may not be written to has to do as well.
    descriptor = os.open(file, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
