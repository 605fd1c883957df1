"""Let a container reach the package indexes through a proxy of the host that has an authority of its own.

No image has the authorities of the host. Steps of builds get them from the engine that `engine.sh` starts; a container
that fetches something is started with these options.
"""

from .engine import Engine

_IN_CONTAINER = "/run/certificate-authorities.crt"


def trusting(engine: Engine) -> list[str]:
    """Return options of ``docker run`` that have Python trust the authorities of the host; none on its own engine."""
    authorities = engine.environment.get("GEN_DOCKERFILES_AUTHORITIES")
    if not authorities:
        return []
    return [f"--volume={authorities}:{_IN_CONTAINER}:ro", f"--env=SSL_CERT_FILE={_IN_CONTAINER}"]
