"""Ask the registry of every pinned image for its digest: what no run without a network can do.

A digest that was edited in the lock file looks like any other. The registry knows whether it has such an image under
the name of the reference. It does not know whether the tag has ever meant it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from generator.engine.registry import confirm
from generator.lockfile.pins import Pins, PinsDiffer
from generator.text.errors import Findings, SpecError


def verify_images(root: Path) -> list[str]:
    """Ask for each pinned image by its digest; return them as `NAME:TAG@sha256:…`. Nothing is written.

    Raises:
        PinsDiffer: a registry does not have one of the digests.
        SpecError: the lock file is malformed, or a registry does not answer.
    """
    pins, findings, confirmed = Pins.load(root), Findings(), list[str]()
    for reference, pin in pins.images.items():
        try:
            confirmed.append(f"{reference}@{confirm(reference, pin.digest)}")
        except SpecError as error:
            place = pins.locate_image(reference)
            findings.add(
                replace(one, location=place, message=f"{one.location} {one.message}") for one in error.findings
            )
    if any(finding.code == "digest-unknown" for finding in findings.errors):
        raise PinsDiffer(*findings.errors)
    findings.refuse()
    return confirmed
