"""An entry in a list of presets: a name, or `{preset: NAME, with: {PARAMETER: VALUE}}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from generator.layers.layer import InDocument
from generator.text.errors import Location, SpecError
from generator.text.quote import fits, quoted

_FIX = "write its name, or {preset: NAME, with: {PARAMETER: VALUE}}"


class PresetEntry(NamedTuple):
    """A preset that is asked for.

    Attributes:
        name: Its name, as it is written.
        given: The values of its parameters.
        origin: Where the entry is written.
    """

    name: str
    given: Mapping[str, Any]
    origin: InDocument

    def locate(self, parameter: str) -> Location:
        """Give the place of the value of a parameter; that of the entry where it gives none."""
        return self.origin.locate(("with", parameter) if parameter in self.given else ())

    def written(self, parameter: str) -> str | None:
        """Give the value of a parameter as its author typed it; None if it is no scalar."""
        return self.origin.written(("with", parameter))


def name_of(entry: Any) -> str | None:
    """Return the name in an entry; None if the entry is malformed."""
    name, given = (entry.get("preset"), entry.get("with", {})) if isinstance(entry, dict) else (entry, {})
    known = not isinstance(entry, dict) or entry.keys() <= {"preset", "with"}
    return name if known and isinstance(name, str) and name.isprintable() and isinstance(given, dict) else None


def entry_of(entry: Any, origin: InDocument) -> PresetEntry:
    """Read the entry that is written at `origin`.

    Raises:
        SpecError: it is neither a name nor a mapping with `preset` and `with`.
    """
    name = name_of(entry)
    if name is None:
        raise SpecError.at(
            origin.locate(()), f"{entry!r} does not name a preset", _form(entry), code="preset-entry-malformed"
        )
    return PresetEntry(name, entry.get("with", {}) if isinstance(entry, dict) else {}, origin)


def _form(entry: Any) -> str:
    """Return the fix of a malformed entry: with its own values, where the name or the parameters are recognizable."""
    if not isinstance(entry, dict):
        return _FIX
    [(name, values), *others] = entry.items() or [("", None)]
    if "preset" in entry:
        name, others = entry["preset"], []
        rest = {key: value for key, value in entry.items() if key not in ("preset", "with")}
        values = {**(entry["with"] if isinstance(entry.get("with"), dict) else {}), **rest}
    right = {"preset": name, "with": values}
    if others or name_of(right) is None or not values or not fits(form := quoted(right)):
        return _FIX
    return f"write {form}"
