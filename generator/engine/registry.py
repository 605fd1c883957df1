"""Look up images at their registry through buildx, which uses the credential helpers of the user."""

from __future__ import annotations

import json
import re
import subprocess

from generator.text.errors import Location, SpecError

SECONDS = 60.0
"""The longest that a registry may take to answer."""
_MAX_BYTES = 1_000_000


def look_up(reference: str) -> str:
    """Return the digest of an image's index, as `sha256:…`, from its registry.

    Raises:
        SpecError: there is no docker command, or the registry does not answer.
    """
    command = ["docker", "buildx", "imagetools", "inspect", "--format", "{{json .Manifest}}", reference]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except FileNotFoundError:
        raise _error(
            reference, "needs docker with buildx to be looked up", "install Docker", "docker-missing"
        ) from None
    except subprocess.TimeoutExpired:
        message = f"was not found within {SECONDS:.0f} s"
        raise _error(reference, message, "check the network", "image-lookup-failed") from None
    except (OSError, ValueError) as error:  # docker that may not be run; a reference with NUL
        message = f"docker cannot be run: {error}"
        raise _error(reference, message, "check docker and the reference", "image-lookup-failed") from None
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
    if not isinstance(digest, str) or not re.fullmatch(r"sha256:[0-9a-f]{64}", digest):
        message, fix = "docker buildx imagetools gives no digest for it", "check the reference, and update buildx"
        raise _error(reference, message, fix, "image-lookup-failed")
    return digest


def _error(reference: str, message: str, fix: str, code: str) -> SpecError:
    return SpecError.at(Location(file=reference), message, fix, code=code)
