"""Look up images at their registry through buildx, which uses the credential helpers of the user."""

from __future__ import annotations

import json
import subprocess

from generator.text.errors import Location, SpecError

SECONDS = 60.0
"""The longest that a registry may take to answer."""


def look_up(reference: str) -> str:
    """Return the digest of an image's index, as `sha256:…`, from its registry.

    Raises:
        SpecError: there is no docker command, or the registry does not answer.
    """
    command = ["docker", "buildx", "imagetools", "inspect", "--format", "{{json .Manifest}}", reference]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except FileNotFoundError:
        raise _error(
            reference, "needs docker with buildx to be looked up", "install Docker", "docker-missing"
        ) from None
    except subprocess.TimeoutExpired:
        message = f"was not found within {SECONDS:.0f} s"
        raise _error(reference, message, "check the network", "image-lookup-failed") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["docker buildx imagetools fails"]
        message = f"cannot be looked up: {lines[-1].removeprefix('ERROR: ')}"
        raise _error(reference, message, "check the reference, and docker login", "image-lookup-failed")
    digest: str = json.loads(done.stdout)["digest"]
    return digest


def _error(reference: str, message: str, fix: str, code: str) -> SpecError:
    return SpecError.at(Location(file=reference), message, fix, code=code)
