"""Digests of images: laid into the values from the lock file, looked up at registries, and read back from files."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.layers.images import images
from generator.lockfile.pins import LOCK, ImagePin
from generator.text.errors import Location, Finding, SpecError

SECONDS = 60.0

# A reference with a digest, where a Dockerfile or a Compose file names an image. Update bots write these.
_PINNED = re.compile(r'^(?:FROM | *image: "?)(?P<reference>[^\s"@]+)@(?P<digest>sha256:[0-9a-f]{64})', re.MULTILINE)


def pin_images(values: dict[str, Any], pins: Mapping[str, ImagePin]) -> None:
    """Give each image of the resolved project that has no digest the one that is pinned for its reference."""
    for service in values["services"].values():
        for use in images(service):
            if "digest" not in use.values and use.reference in pins:
                use.values["digest"] = pins[use.reference].digest


def references(values: dict[str, Any], pins: Mapping[str, ImagePin]) -> list[str]:
    """The references of a project that the lock file answers for: those to which no service gives a digest itself."""
    found: dict[str, None] = {}
    for service in values["services"].values():
        for use in images(service):
            pinned = use.reference in pins and use.values.get("digest") == pins[use.reference].digest
            if "digest" not in use.values or pinned:
                found[use.reference] = None
    return sorted(found)


def bumped(
    root: Path, values: dict[str, Any], paths: Iterable[str], pins: Mapping[str, ImagePin]
) -> Iterator[tuple[Location, str, str]]:
    """Pinned images that a generated file on disk has with a digest that neither lock file nor project knows.

    One that the lock file has replaced makes the file stale, no more: the lock file was pulled without that file.
    Gives the place, the reference and the digest.
    """
    given = {(use.reference, use.values.get("digest")) for one in values["services"].values() for use in images(one)}
    for path in paths:
        try:
            text = (root / path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        for match in _PINNED.finditer(text):
            reference, found = match["reference"], match["digest"]
            pin = pins.get(reference)
            if pin is not None and found not in (pin.digest, *pin.replaced) and (reference, found) not in given:
                line = text.count("\n", 0, match.start()) + 1
                column = match.start("digest") - text.rfind("\n", 0, match.start("digest"))
                yield Location(file=path, line=line, column=column), reference, found


def refuse_bumped(root: Path, values: dict[str, Any], paths: Iterable[str], pins: Mapping[str, ImagePin]) -> None:
    """Refuse to write over digests that somebody has put into generated files, as update bots do.

    Raises:
        SpecError: for each of them, with the command that takes it into the lock file.
    """
    fix = "take it into the lock file with: gen-dockerfiles lock"
    problems = [
        Finding(location=place, message=f"has another digest of {reference} than {LOCK}", fix=fix, code="digest-bumped")
        for place, reference, _ in bumped(root, values, paths, pins)
    ]
    if problems:
        raise SpecError(*sorted(problems))


def look_up(reference: str) -> str:
    """The digest of an image's index, from its registry: through buildx, with the user's credential helpers.

    Raises:
        SpecError: there is no docker command, or the registry does not answer.
    """
    command = ["docker", "buildx", "imagetools", "inspect", "--format", "{{json .Manifest}}", reference]
    where = Location(file=reference)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except FileNotFoundError:
        raise SpecError.at(
            where, "needs docker with buildx to be looked up", "install Docker", code="docker-missing"
        ) from None
    except subprocess.TimeoutExpired:
        raise SpecError.at(
            where, f"was not found within {SECONDS:.0f} s", "check the network", code="image-lookup"
        ) from None
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["docker buildx imagetools fails"]
        message = f"cannot be looked up: {lines[-1].removeprefix('ERROR: ')}"
        raise SpecError.at(where, message, "check the reference, and docker login", code="image-lookup")
    digest: str = json.loads(done.stdout)["digest"]
    return digest
