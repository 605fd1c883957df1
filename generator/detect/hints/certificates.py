"""Programs that fetch over HTTPS, in an image without certificate authorities, which apt only recommends."""

from __future__ import annotations

from collections.abc import Iterator

from generator.detect.detected import Piece
from generator.detect.service_folder import Installation
from generator.text.errors import Finding
from generator.text.files import dig, texts

_FETCHING = ("curl", "git", "wget")
_AUTHORITIES = "ca-certificates"
# Images without authorities, by the packages that are added to them. Those of Python have some, and any other image
# may: https://github.com/nodejs/docker-node, https://github.com/debuerreotype/docker-debian-artifacts.
_WITHOUT = {"build": ("image", ("node", "oven/bun")), "runtime": ("runtime_image", ("debian", "node", "oven/bun"))}


def detect_certificates(installation: Installation) -> Iterator[Piece]:
    """Warn of what would not trust any server."""
    service = installation.service
    for use, (image, names) in _WITHOUT.items():
        packages = texts(service.merged, "packages", use)
        plain = [package.partition("=")[0] for package in packages]
        index = next((index for index, name in enumerate(plain) if name in _FETCHING), None)
        if index is None or _AUTHORITIES in plain or dig(service.merged, image, "name") not in names:
            continue
        own = dig(service.own, "packages", use) is not None
        yield Finding(
            location=service.locate(*(("packages", use, index) if own else ())),
            message=f"{service.name} has {plain[index]} without {_AUTHORITIES}: it trusts no server",
            fix=f"add packages: {{{use}: [{', '.join([*packages, _AUTHORITIES])}]}}",
            code="certificates-missing",
            level="warn",
        )
