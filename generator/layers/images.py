"""The images that a service is made from, and their references as the templates write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator.text.files import dig

Values = dict[str, Any]

# Each image of a service, and the value that `{version}` in its tag stands for (macro `reference` of parts.jinja).
_IMAGES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("image",), ("runtime",)),
    (("runtime_image",), ()),
    (("install", "tool"), ("install", "version")),
    (("install", "installer"), ()),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """An image of a service: its path among the values, its own values, and its reference without a digest."""

    path: tuple[str, ...]
    values: Values
    reference: str


def images(service: Values) -> Iterator[Use]:
    """The images that a resolved service uses, valid or not; one that is no mapping with name and tag is left out."""
    for path, version_of in _IMAGES:
        image = dig(service, *path)
        if (
            not isinstance(image, dict)
            or not isinstance(image.get("name"), str)
            or not isinstance(image.get("tag"), str)
        ):
            continue
        version = dig(service, *version_of) if version_of else ""
        if version_of == ("runtime",):
            version = service.get(str(version))
        tag = image["tag"].replace("{version}", str(version or ""))
        tag = tag.replace("{distribution}", str(image.get("distribution") or ""))
        registry = f"{image['registry']}/" if "registry" in image else ""
        yield Use(path=path, values=image, reference=f"{registry}{image['name']}:{tag}")
