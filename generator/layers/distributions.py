"""The distribution of an image that is older than the default one: official images begin on each with some release."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from generator.layers.layer import MISSING, InPlaces, Layer, Values
from generator.model.names import VERSION
from generator.text.errors import Finding, KeyPath, Location
from generator.text.files import dig, mapping

_BUILD: KeyPath = ("image", "distribution")
_RUNTIME: KeyPath = ("runtime_image", "distribution")
# The images that the facts are of, by runtime; and of how many parts the name of a line is, as 3.12 and 22.
_PARTS_OF_LINE = {"python": 2, "node": 1}
# What ships with a binary that was taken from one of them.
_SHIPPING = "debian"
_LONGEST = 50
# No distribution has an image of the version.
_NONE = ""


def distribution_layer(values: Values, layers: Sequence[Layer]) -> Layer | None:
    """Return a layer with the distribution that has an image of the service's version; None where the default has it.

    What a preset of a team or the service itself says of the distribution stays: `missing_images` tells of it.

    Args:
        values: What the layers fold to.
        layers: The layers of the service, lowest first.
    """
    standing = dig(values, *_BUILD)
    if (found := _distribution(values)) in (None, _NONE, standing) or _last(layers, _BUILD) is not _first(
        layers, _BUILD
    ):
        return None
    place = _last(layers, (str(values.get("runtime")),)).locate((str(values.get("runtime")),))
    said: Values = {"image": {"distribution": found}}
    if dig(values, "runtime_image", "name") == _SHIPPING and dig(values, *_RUNTIME) == standing:
        said["runtime_image"] = {"distribution": found}
    places: dict[KeyPath, Location] = {(key, "distribution"): place for key in said}
    return Layer(name="derived", values=said, origin=InPlaces(places=places), follows=True)


def missing_images(name: str, values: Values, layers: Sequence[Layer]) -> Iterator[Finding]:
    """Find a version that no distribution has an image of, or not the one that somebody has chosen.

    Args:
        name: The name of the service.
        values: What its layers fold to.
        layers: The layers, lowest first.
    """
    standing, runtime = dig(values, *_BUILD), str(values.get("runtime"))
    found = _distribution(values)
    if found == _NONE:
        place = _last(layers, (runtime,)).locate((runtime,))
        yield Finding(
            location=place,
            message=f"{name} has {runtime} {values[runtime]}, which is older than every image of {runtime} here",
            fix=f"take a newer {runtime}{_newer(values, str(values[runtime]))}, or an image of your own that has it",
            code="image-version-missing",
        )
    elif found not in (None, standing):
        yield Finding(
            location=_last(layers, _BUILD).locate(_BUILD),
            message=f"{name} has {runtime} {values.get(runtime)} on {standing}, and there is no such image",
            fix=f"take it on {found}, as image: {{distribution: {found}}}, or take a newer {runtime}",
            code="image-version-missing",
        )


def _distribution(values: Values) -> str | None:
    """Return the newest distribution, from the service's own on, that has its version.

    It is `_NONE` if none of them has it, and None if nothing is known.
    """
    runtime, image = values.get("runtime"), mapping(values, "image")
    version, images = values.get(str(runtime)), mapping(values, "versions", "images")
    known = image.get("name") == runtime and runtime in _PARTS_OF_LINE and "{distribution}" in str(image.get("tag"))
    standing = image.get("distribution")
    if not known or "digest" in image or standing not in images or not _is_version(version):
        return None
    names = [*images]
    for distribution in names[names.index(standing) :]:
        if _has(str(runtime), str(version), images[distribution]):
            return str(distribution)
    return _NONE


def _newer(values: Values, version: str) -> str:
    """Give the words that name the oldest known line which has a newer release than a version; empty without one."""
    lines, wanted = dig(values, "versions", "lines"), _parts(version)
    known = [one for one in lines if _is_version(one)] if isinstance(lines, list) else []
    above = [one for one in known if _parts(one) >= wanted[: len(_parts(one))] and _parts(one) != wanted]
    return f', as {values["runtime"]}: "{min(above, key=_parts)}"' if above else ""


def _has(runtime: str, version: str, first: Any) -> bool:
    """Say whether a release is as new as the first one of its line; an unlisted line is newer or too old."""
    if not isinstance(first, list) or not all(map(_is_version, first)) or not first:
        return True
    begins, wanted = [_parts(one) for one in first], _parts(version)
    line = _PARTS_OF_LINE[runtime]
    for one in begins:
        if one[:line] == wanted[:line]:
            # 3.12 and 22 are the newest releases of their lines.
            return len(wanted) <= line or wanted >= one[: len(wanted)]
    return wanted > max(begins)


def _is_version(said: object) -> bool:
    return isinstance(said, str) and re.fullmatch(VERSION, said) is not None and len(said) < _LONGEST


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _last(layers: Sequence[Layer], path: KeyPath) -> Layer:
    found: Layer = next(layer for layer in reversed(layers) if layer.value(path) is not MISSING)
    return found


def _first(layers: Sequence[Layer], path: KeyPath) -> Layer:
    return _last(layers[::-1], path)
