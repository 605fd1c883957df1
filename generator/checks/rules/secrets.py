"""One build secret has one source: Compose knows each by its id alone."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.project import Project
from generator.text.errors import Finding


def ambiguous_secrets(project: Project) -> Iterator[Finding]:
    """Find secrets with one id that come from two places."""
    source: dict[str, tuple[str, str | None, str | None]] = {}
    for service in project.built():
        for secret_id, secret in service.secrets.items():
            first = source.setdefault(secret_id, (service.name, secret.variable, secret.file))
            if first[1:] != (secret.variable, secret.file):
                yield project.finding(
                    ("services", service.name, "secrets", secret_id),
                    f"{service.name} and {first[0]} take the secret {secret_id} from different places",
                    "take it from one place, or give it two ids",
                    "secret-disagrees",
                )
