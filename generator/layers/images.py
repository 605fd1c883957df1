"""The images that a service is made from, and their references as the templates write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from generator.model.names import image_reference
from generator.text.files import dig

# Each image of a service, and the value that `{version}` in its tag stands for.
_IMAGES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("image",), ("runtime",)),
    (("runtime_image",), ("runtime",)),
    (("install", "tool"), ("install", "version")),
    (("install", "installer"), ()),
)
DOCKER_HUB = "docker.io"


class ImageUse(NamedTuple):
    """An image that a service is made from.

    Attributes:
        path: Where it is among the values of the service.
        registry: Its registry; Docker Hub where it names none.
        name: Its name without a registry.
        reference: Its reference without a digest.
        digest: The digest that the service or the lock file gives it; empty without one.
    """

    path: tuple[str, ...]
    registry: str
    name: str
    reference: str
    digest: str


def images(values: Mapping[str, Any]) -> Iterator[ImageUse]:
    """Find the images among the values of a service, valid or not; one without name and tag is left out."""
    for path, version_of in _IMAGES:
        image = dig(values, *path)
        if not isinstance(image, dict):
            continue
        name, tag = image.get("name"), image.get("tag")
        if not isinstance(name, str) or not isinstance(tag, str):
            continue
        version = dig(values, *version_of) if version_of else ""
        if version_of == ("runtime",):
            version = values.get(str(version))
        registry, distribution = image.get("registry"), image.get("distribution")
        yield ImageUse(
            path=path,
            registry=str(registry or DOCKER_HUB),
            name=name,
            reference=image_reference(
                name, tag, registry=registry, version=str(version or ""), distribution=str(distribution or "")
            ),
            digest=str(image.get("digest", "")),
        )
