"""Look up images at their registry through buildx, which uses the credential helpers of the user."""

from __future__ import annotations

import json

from generator.text.digest import is_image_digest
from generator.text.errors import SHOWN, Location, SpecError
from generator.text.processes import Done, Limits, Overrun, run

LIMITS = Limits(seconds=60, output=1_000_000, memory=1_000_000_000)
"""What docker may use for one image."""
_NOT_THERE = ": not found"  # the end of what buildx says of a manifest that a registry does not have
_FIND_OUT = "find out who has written the digest; then restore it from version control"


class _NotThere(SpecError):
    """The registry does not have the manifest."""


def look_up(reference: str) -> str:
    """Return the digest of an image's index, as `sha256:…`, from its registry.

    `reference` may have a digest itself: the registry is asked for this one.

    Raises:
        SpecError: there is no docker command, or the registry does not answer, or with something else than a digest.
    """
    done = _inspect(reference)
    if done.status:
        lines = done.err.decode(errors="replace").strip().splitlines() or ["docker buildx imagetools fails"]
        kind = _NotThere if lines[-1].endswith(_NOT_THERE) else SpecError
        message = f"cannot be looked up: {lines[-1].removeprefix('ERROR: ')[:SHOWN]}"
        fix = "check the reference, and docker login"
        raise kind.at(Location(file=reference), message, fix, code="image-lookup-failed")
    return _digest(reference, done.out)


def _inspect(reference: str) -> Done:
    command = ["docker", "buildx", "imagetools", "inspect", "--format", "{{json .Manifest}}", reference]
    try:
        return run(command, LIMITS)
    except OSError:  # it is not there, or cannot be run
        raise _error(
            reference, "needs docker with buildx to be looked up", "install Docker", "docker-missing"
        ) from None
    except Overrun as error:
        message = f"cannot be looked up: docker {error}"
        raise _error(reference, message, "check the reference and the network", "image-lookup-failed") from None
    except ValueError as error:  # a reference with NUL
        message = f"cannot be looked up: {error}"
        raise _error(reference, message, "correct the reference", "image-lookup-failed") from None


def _digest(reference: str, answer: bytes) -> str:
    """Return the digest of a manifest. Raises SpecError for another answer, as `null`."""
    try:
        manifest = json.loads(answer)
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
    except _NotThere:
        raise _error(
            wanted, "is not there: the registry has no image with this digest", _FIND_OUT, "digest-unknown"
        ) from None
    if found != digest:
        raise _error(wanted, f"is not what the registry has: it names {found}", _FIND_OUT, "digest-unknown")
    return digest


def _error(reference: str, message: str, fix: str, code: str) -> SpecError:
    return SpecError.at(Location(file=reference), message, fix, code=code)
