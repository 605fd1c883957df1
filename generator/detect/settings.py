"""Files beside the lock file that change what a package manager does."""

from __future__ import annotations

from generator.detect.subject import Subject
from generator.text.files import dig, texts


def find_settings(subject: Subject) -> list[str]:
    """Set `install.config` to those that exist, where the service names none; gives their names."""
    names = [name for name in texts(subject.facts.get(subject.manager), "settings") if subject.shared(name)]
    if names and not dig(subject.own, "install", "config"):
        location = subject.repository.locate(subject.above(names[0]))
        subject.found.set(("install", "config"), names, location)
    return names
