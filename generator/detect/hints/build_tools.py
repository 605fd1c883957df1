"""A C compiler without the headers of the C library: apt installs no recommended packages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.detect.detected import Piece
from generator.detect.service_folder import Installation
from generator.text.errors import Finding
from generator.text.files import dig, texts

# g++ and build-essential depend on the headers; gcc only recommends them.
_BRINGS = r"libc6-dev|libc-dev|build-essential|g\+\+(?:-\d+)?|libstdc\+\+-\d+-dev|python3-dev"


def detect_build_tools(installation: Installation) -> Iterator[Piece]:
    """Warn of gcc alone: it finds no stdio.h."""
    build = texts(installation.service.merged, "packages", "build")
    plain = [package.partition("=")[0] for package in build]
    index = next((index for index, name in enumerate(plain) if re.fullmatch(r"gcc(?:-\d+)?|tcc", name)), None)
    if index is None or any(re.fullmatch(_BRINGS, name) for name in plain):
        return
    own = dig(installation.service.own, "packages", "build") is not None
    yield Finding(
        location=installation.service.locate(*(("packages", "build", index) if own else ())),
        message=f"{installation.service.name} has {plain[index]} without libc6-dev: it finds no stdio.h",
        fix=f"add packages: {{build: [{', '.join([*build, 'libc6-dev'])}]}}",
        code="headers-missing",
        level="warn",
    )
