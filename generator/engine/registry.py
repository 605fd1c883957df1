"""Look up images at their registry through buildx, which uses the credential helpers of the user."""

from __future__ import annotations

import json
import subprocess

from generator.text.digest import is_image_digest
from generator.text.errors import Location, SpecError

SECONDS = 60.0
"""The longest that a registry may take to answer."""
_MAX_BYTES = 1_000_000
_NOT_THERE = ": not found"  # the end of what buildx says of a manifest that a registry does not have
_FIND_OUT = "find out who has written the digest; then restore it from version control"


def look_up(reference: str) -> str:
    """Return the digest of an image's index, as `sha256:…`, from its registry.

    `reference` may have a digest itself: the registry is asked for this one.

    Raises:
        SpecError: there is no docker command, or the registry does not answer, or with something else than a digest.
    """
    command = ["docker", "buildx", "imagetools", "inspect", "--format", "{{json .Manifest}}", reference]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except OSError:  # it is not there, or cannot be run
        raise _error(
            reference, "needs docker with buildx to be looked up", "install Docker", "docker-missing"
        ) from None
    except subprocess.TimeoutExpired:
        message = f"was not found within {SECONDS:.0f} s"
        raise _error(reference, message, "check the network", "image-lookup-failed") from None
    except ValueError as error:  # a reference with NUL
        message = f"cannot be looked up: {error}"
        raise _error(reference, message, "correct the reference", "image-lookup-failed") from None
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["docker buildx imagetools fails"]
        message = f"cannot be looked up: {lines[-1].removeprefix('ERROR: ')}"
        raise _error(reference, message, "check the reference, and docker login", "image-lookup-failed")
    return _digest(reference, done.stdout)


def _digest(reference: str, answer: bytes) -> str:
    """Return the digest of a manifest. Raises SpecError for another answer, as `null`."""
    try:
        manifest = json.loads(answer[:_MAX_BYTES])
    except (ValueError, RecursionError):
        manifest = None
    digest = manifest.get("digest") if isinstance(manifest, dict) else None
    if not is_image_digest(digest):
        message = "cannot be looked up: docker buildx imagetools has not printed a digest"
        raise _error(reference, message, "update Docker and buildx", "image-lookup-failed")
    return digest


def confirm(reference: str, digest: str) -> str:
    """Return `digest` after the registry has said that it has an image with this digest under the name of `reference`.

    It does not say that the tag has ever meant this image: registries keep no record of that.

    Raises:
        SpecError: as `look_up` does; or with the code `digest-unknown`, the registry does not have the digest.
    """
    wanted = f"{reference}@{digest}"
    try:
        found = look_up(wanted)
    except SpecError as error:
        if not error.findings[0].message.endswith(_NOT_THERE):
            raise
        raise _error(
            wanted, "is not there: the registry has no image with this digest", _FIND_OUT, "digest-unknown"
        ) from None
    if found != digest:
        raise _error(wanted, f"is not what the registry has: it names {found}", _FIND_OUT, "digest-unknown")
    return digest


def _error(reference: str, message: str, fix: str, code: str) -> SpecError:
    return SpecError.at(Location(file=reference), message, fix, code=code)
