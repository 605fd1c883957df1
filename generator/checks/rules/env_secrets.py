"""No secret by name in ENV: it would be in the image for everybody to read.

The patterns are BuildKit's check SecretsUsedInArgOrEnv (frontend/dockerfile/linter) and hadolint's DL3064, which
judge by the name alone, `*_FILE` included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.model.project import Project
from generator.text.errors import Finding

_SECRET = re.compile(
    r"(?:_|^)(?:apikey|auth|credentials?|key|pass|password|pword|passwd|secret|token)(?:_|$)"
    r"|api_key|client_key|password|private|secret|token|username",
    re.IGNORECASE,
)
_PUBLIC = re.compile("public", re.IGNORECASE)


def secrets_in_env(project: Project) -> Iterator[Finding]:
    """Find variables of the image whose name says that the value is a secret."""
    for service in project.built():
        own: list[tuple[tuple[str, ...], str]] = [(("env",), name) for name in service.env]
        for point, steps in service.steps.items():
            for step, said in steps.items():
                own += [(("steps", point, step, "env"), name) for name in said.env or {}]
        for place, name in own:
            if _SECRET.search(name) and not _PUBLIC.search(name):
                yield project.finding(
                    ("services", service.name, *place, name),
                    f"{service.name} would carry {name} in its image, and the name says it is a secret",
                    "set it at run time under environment, or mount it under secrets",
                    "secret-in-env",
                )
